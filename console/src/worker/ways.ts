/** Where the answer to a request comes from. `pass`: the worker keeps out of it. */
export type Way = 'pass' | 'page' | 'asset' | 'file';

/** What belongs to the server alone: never kept, never answered from here. */
const SERVERS = ['/api', '/socket.io', '/metrics', '/control'];
const FILES = /^\/(?:favicon\.svg|manifest\.webmanifest|icons\/[\w-]+\.png)$/;

/** Decides by the request alone. */
export function wayOf({ method, mode, url }: Pick<Request, 'method' | 'mode' | 'url'>, origin: string): Way {
  const { origin: asked, pathname } = new URL(url);
  if (method !== 'GET' || asked !== origin) return 'pass';
  if (SERVERS.some((path) => pathname === path || pathname.startsWith(`${path}/`))) return 'pass';
  if (mode === 'navigate') return 'page';
  if (pathname.startsWith('/assets/')) return 'asset';
  return FILES.test(pathname) ? 'file' : 'pass';
}
