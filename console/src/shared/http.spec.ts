import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from './api-error.js';
import { Http } from './http.js';

const json = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } });

const problem = (status: number, code: string, extra: object = {}) =>
  json(status, { type: 'about:blank', title: code, status, code, ...extra });

describe('http', () => {
  const fetchMock = vi.fn<typeof fetch>();
  let token: string | null;
  let refresh: (refused: string | null) => Promise<string | null>;
  const http = () => new Http({ accessToken: () => token, refresh: (refused) => refresh(refused) });
  const sent = (call: number): RequestInit => fetchMock.mock.calls[call]?.[1] ?? {};
  const header = (call: number, name: string) => new Headers(sent(call).headers).get(name);

  beforeEach(() => {
    fetchMock.mockReset();
    vi.stubGlobal('fetch', fetchMock);
    token = 'old';
    refresh = () => Promise.resolve(null);
  });

  it('names a body JSON only when there is one', async () => {
    fetchMock.mockImplementation(async () => json(200, {}));
    await http().post('/conversations/1/claim');
    await http().post('/conversations/1/release', { expectedVersion: 3 });
    expect(header(0, 'content-type')).toBeNull();
    expect(sent(0).body).toBeUndefined();
    expect(header(1, 'content-type')).toBe('application/json');
    expect(sent(1).body).toBe('{"expectedVersion":3}');
  });

  it('leaves empty query values out', async () => {
    fetchMock.mockImplementation(async () => json(200, {}));
    await http().get('/conversations', { query: { q: '', cursor: undefined, status: 'open', limit: 50 } });
    expect(fetchMock.mock.calls[0]?.[0]).toBe('/api/conversations?status=open&limit=50');
  });

  it('renews a refused token once and repeats the request with the new one', async () => {
    fetchMock.mockResolvedValueOnce(problem(401, 'auth.required')).mockResolvedValueOnce(json(200, { ok: 1 }));
    refresh = vi.fn((refused) => Promise.resolve(refused === 'old' ? 'new' : null));
    await expect(http().get('/agents/me')).resolves.toEqual({ ok: 1 });
    expect(header(1, 'authorization')).toBe('Bearer new');
    expect(refresh).toHaveBeenCalledTimes(1);
  });

  it('reports the refusal when the session is over', async () => {
    fetchMock.mockResolvedValue(problem(401, 'auth.required'));
    await expect(http().get('/agents/me')).rejects.toMatchObject({ code: 'auth.required', status: 401 });
    expect(fetchMock).toHaveBeenCalledTimes(1);
  });

  it('never renews for signing in', async () => {
    fetchMock.mockResolvedValue(problem(401, 'auth.invalid'));
    refresh = vi.fn(() => Promise.resolve('new'));
    const login = http().post('/auth/login', {}, { anonymous: true });
    await expect(login).rejects.toMatchObject({ code: 'auth.invalid' });
    expect(refresh).not.toHaveBeenCalled();
    expect(header(0, 'authorization')).toBeNull();
  });

  it('keeps what a problem document says beside its code', async () => {
    fetchMock.mockResolvedValue(problem(409, 'conversation.already_claimed', { assignee: { id: '1', name: 'Ana' } }));
    const error: unknown = await http()
      .post('/conversations/1/claim')
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ApiError);
    expect((error as ApiError).problem?.assignee).toEqual({ id: '1', name: 'Ana' });
    expect((error as ApiError).isAmbiguous).toBe(false);
  });

  it('finds a code for an answer that is no problem document', async () => {
    fetchMock.mockResolvedValue(new Response('<html>', { status: 502, headers: { 'retry-after': '3' } }));
    const error = await http()
      .get('/x')
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'service.unavailable', status: 502, retryAfterMs: 3_000, isAmbiguous: true });
  });

  it('tells an unreachable server from one that does not answer in time', async () => {
    fetchMock.mockRejectedValueOnce(new TypeError('Failed to fetch'));
    await expect(http().get('/x')).rejects.toMatchObject({ code: 'network', isAmbiguous: true });
    fetchMock.mockImplementationOnce(
      (_url, init) =>
        new Promise((_resolve, reject) => {
          init?.signal?.addEventListener('abort', () => reject(new DOMException('late', 'TimeoutError')));
        }),
    );
    await expect(http().get('/x', { timeoutMs: 1 })).rejects.toMatchObject({ code: 'timeout', isAmbiguous: true });
  });

  it('does not call an abort by the caller a failure of the server', async () => {
    const abort = new AbortController();
    abort.abort();
    fetchMock.mockRejectedValueOnce(new DOMException('aborted', 'AbortError'));
    await expect(http().get('/x', { signal: abort.signal })).rejects.toBeInstanceOf(DOMException);
  });
});
