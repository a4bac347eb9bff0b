import type { Login, Session, SignInOptions } from '@parley/contract';
import type { HttpClient } from '../../shared/http.js';

/** The routes of signing in; none of them sends or renews a bearer. */
export const authApi = (http: HttpClient) => ({
  options: (): Promise<SignInOptions> => http.get('/auth/options', { anonymous: true }),
  login: (login: Login): Promise<Session> => http.post('/auth/login', login, { anonymous: true }),
  refresh: (): Promise<Session> => http.post('/auth/refresh', undefined, { anonymous: true }),
  logout: (): Promise<void> => http.post('/auth/logout', undefined, { anonymous: true }),
});
