import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether a page may open a socket or use the sign-in cookie: only one that this server itself delivered. Programs send
 * no origin; they have no one else's credentials to borrow.
 */
export function isAllowedOrigin(headers: IncomingHttpHeaders, publicUrl: string | null): boolean {
  const { origin, host } = headers;
  if (origin === undefined) return true;
  if (!URL.canParse(origin)) return false;
  if (publicUrl !== null && origin === new URL(publicUrl).origin) return true;
  return new URL(origin).host === host;
}
