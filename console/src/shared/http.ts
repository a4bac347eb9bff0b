import type { ErrorCode, Problem } from '@parley/contract';
import { ApiError } from './api-error.js';

export type QueryValue = string | number | boolean | null | undefined;

export interface RequestOptions {
  query?: Record<string, QueryValue>;
  body?: unknown;
  signal?: AbortSignal;
  timeoutMs?: number;
  /** Sent without a bearer and never refreshed: sign-in and refresh themselves. */
  anonymous?: boolean;
}

/** Where requests get their bearer from, and a new one when the server refuses it. */
export interface Credentials {
  accessToken(): string | null;
  /** A fresh token, or null when the session is over. Called once for any number of refused requests. */
  refresh(refused: string | null): Promise<string | null>;
}

const DEFAULT_TIMEOUT_MS = 15_000;
const UNAUTHORIZED = 401;
const NO_CONTENT = 204;

const isProblem = (value: unknown): value is Problem =>
  typeof value === 'object' && value !== null && 'code' in value && typeof value.code === 'string';

async function readProblem(response: Response): Promise<Problem | null> {
  try {
    const body: unknown = await response.json();
    return isProblem(body) ? body : null;
  } catch {
    return null;
  }
}

const codeOfStatus = (status: number): ErrorCode => {
  if (status === UNAUTHORIZED) return 'auth.required';
  if (status === 403) return 'auth.forbidden';
  if (status === 404) return 'route.not_found';
  if (status === 429) return 'rate.limited';
  if (status >= 502 && status <= 504) return 'service.unavailable';
  return status >= 500 ? 'internal' : 'request.invalid';
};

function retryAfterMs(response: Response): number | null {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds * 1_000 : null;
}

function toUrl(path: string, query: Record<string, QueryValue> = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') search.set(name, String(value));
  }
  return `/api${path}${search.size > 0 ? `?${search}` : ''}`;
}

/** What the `*.api.ts` files need of `Http`. */
export type HttpClient = Pick<Http, 'get' | 'post' | 'send' | 'bytes'>;

/** The one way to the HTTP API: bearer, one transparent refresh, a time limit, and errors as `ApiError`. */
export class Http {
  constructor(private readonly credentials: Credentials) {}

  get<T>(path: string, options: RequestOptions = {}): Promise<T> {
    return this.request<T>('GET', path, options);
  }

  post<T = void>(path: string, body?: unknown, options: RequestOptions = {}): Promise<T> {
    return this.request<T>('POST', path, { ...options, body });
  }

  /** The other methods: PATCH, PUT, DELETE. */
  send<T = void>(
    method: 'PATCH' | 'PUT' | 'DELETE',
    path: string,
    body?: unknown,
    options: RequestOptions = {},
  ): Promise<T> {
    return this.request<T>(method, path, { ...options, body });
  }

  /** What the server keeps byte by byte. */
  async bytes(path: string): Promise<Uint8Array> {
    return new Uint8Array(await (await this.answer('GET', path, {})).arrayBuffer());
  }

  private async request<T>(method: string, path: string, options: RequestOptions): Promise<T> {
    const response = await this.answer(method, path, options);
    if (response.status === NO_CONTENT) return undefined as T;
    try {
      return (await response.json()) as T;
    } catch (error) {
      if (options.signal?.aborted) throw error;
      throw new ApiError('network', 0);
    }
  }

  private async answer(method: string, path: string, options: RequestOptions): Promise<Response> {
    const token = options.anonymous ? null : this.credentials.accessToken();
    let response = await this.fetch(method, path, options, token);
    if (response.status === UNAUTHORIZED && !options.anonymous) {
      const renewed = await this.credentials.refresh(token);
      if (renewed !== null) response = await this.fetch(method, path, options, renewed);
    }
    if (!response.ok) {
      const problem = await readProblem(response);
      const code = problem?.code ?? codeOfStatus(response.status);
      throw new ApiError(code, response.status, problem, retryAfterMs(response));
    }
    return response;
  }

  private async fetch(method: string, path: string, options: RequestOptions, token: string | null): Promise<Response> {
    const limit = AbortSignal.timeout(options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
    const headers = new Headers({ accept: 'application/json', 'x-requested-with': 'parley' });
    if (token !== null) headers.set('authorization', `Bearer ${token}`);
    // An empty body that calls itself JSON is refused by the server.
    if (options.body !== undefined) headers.set('content-type', 'application/json');
    try {
      return await fetch(toUrl(path, options.query), {
        method,
        headers,
        body: options.body === undefined ? undefined : JSON.stringify(options.body),
        signal: options.signal ? AbortSignal.any([options.signal, limit]) : limit,
        credentials: 'same-origin',
      });
    } catch (error) {
      if (options.signal?.aborted) throw error;
      throw new ApiError(limit.aborted ? 'timeout' : 'network', 0);
    }
  }
}
