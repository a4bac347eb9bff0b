import type { AddPushDevice, PushDevice, PushSetup, PushTest } from '@parley/contract';
import type { HttpClient } from '../../../shared/http.js';

/** What is asked of the server about pushes. */
export const pushApi = (http: HttpClient) => ({
  setup: (): Promise<PushSetup> => http.get('/push'),
  add: (subscription: AddPushDevice): Promise<PushDevice> => http.send('PUT', '/push/devices', subscription),
  remove: (id: string): Promise<void> => http.send('DELETE', `/push/devices/${id}`),
  test: (id: string): Promise<PushTest> => http.post(`/push/devices/${id}/test`),
});
