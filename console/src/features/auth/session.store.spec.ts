import type { Session } from '@parley/contract';
import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { useSessionStore } from './session.store.js';

const session = (accessToken: string): Session => ({
  accessToken,
  expiresIn: 600,
  agent: { id: 'a1', name: 'Ana', email: 'ana@example.com', role: 'agent', active: true, teamIds: [], createdAt: '' },
});
const answer = (status: number, body: unknown = null) =>
  new Response(status === 204 ? null : JSON.stringify(body), { status });

describe('session', () => {
  const fetchMock = vi.fn<(url: string) => Promise<Response>>();

  beforeEach(() => {
    setActivePinia(createPinia());
    localStorage.clear();
    fetchMock.mockReset();
    vi.stubGlobal('fetch', fetchMock);
    vi.useFakeTimers();
    return () => vi.useRealTimers();
  });

  it('asks nothing of the server where somebody signed out', async () => {
    localStorage.setItem('parley.signedOut', '1');
    const store = useSessionStore();
    await store.restore();
    expect(store.state).toBe('signed-out');
    expect(fetchMock).not.toHaveBeenCalled();
  });

  it('resumes the session of the cookie, and only in memory', async () => {
    fetchMock.mockResolvedValueOnce(answer(200, session('t1')));
    const store = useSessionStore();
    await store.restore();
    expect(store.isSignedIn).toBe(true);
    expect(JSON.stringify({ ...localStorage })).not.toContain('t1');
  });

  it('does not take an unreachable server for a signed-out agent', async () => {
    fetchMock.mockRejectedValueOnce(new TypeError('offline'));
    const store = useSessionStore();
    await expect(store.restore()).rejects.toThrow();
    expect(store.state).toBe('unknown');
  });

  it('renews once for any number of refused requests', async () => {
    fetchMock.mockResolvedValueOnce(answer(200, session('t1')));
    const store = useSessionStore();
    await store.signIn({ email: 'a', password: 'b' });
    fetchMock.mockResolvedValueOnce(answer(200, session('t2')));
    await expect(Promise.all([store.renew('t1'), store.renew('t1')])).resolves.toEqual(['t2', 't2']);
    await expect(store.renew('t1')).resolves.toBe('t2');
    expect(fetchMock).toHaveBeenCalledTimes(2);
  });

  it('renews by itself before the token runs out', async () => {
    fetchMock.mockResolvedValueOnce(answer(200, session('t1'))).mockResolvedValueOnce(answer(200, session('t2')));
    const store = useSessionStore();
    await store.signIn({ email: 'a', password: 'b' });
    await vi.advanceTimersByTimeAsync(450_000);
    expect(store.accessToken).toBe('t2');
  });

  it('ends when the server no longer takes it', async () => {
    fetchMock.mockResolvedValueOnce(answer(200, session('t1'))).mockResolvedValueOnce(answer(401));
    const store = useSessionStore();
    await store.signIn({ email: 'a', password: 'b' });
    await expect(store.renew('t1')).resolves.toBeNull();
    expect(store.state).toBe('ended');
  });

  it('stays signed out when an older renewal answers late', async () => {
    fetchMock.mockResolvedValueOnce(answer(200, session('t1')));
    const store = useSessionStore();
    await store.signIn({ email: 'a', password: 'b' });
    let renewed: (response: Response) => void = () => undefined;
    fetchMock.mockReturnValueOnce(new Promise((resolve) => (renewed = resolve)));
    const renewing = store.renew('t1');
    fetchMock.mockResolvedValueOnce(answer(204));
    await store.signOut();
    renewed(answer(200, session('t2')));
    await expect(renewing).resolves.toBeNull();
    expect(store.state).toBe('signed-out');
  });
});
