import proxyAddr from '@fastify/proxy-addr';
import type { IncomingMessage } from 'node:http';
import { v7 } from 'uuid';

/** What a proxy may call a request; anything else could break a line of the log. */
const USABLE_ID = /^[\w.-]{8,64}$/;

/** Names each request: as a trusted proxy does (`X-Request-Id`), else anew. What a client claims is not believed. */
export function requestIds(trustProxy: string | null): (request: IncomingMessage) => string {
  const isTrusted = proxyAddr.compile(trustProxy === null ? [] : trustProxy.split(',').map((proxy) => proxy.trim()));
  return ({ headers, socket }) => {
    const given = headers['x-request-id'];
    const isUsable = typeof given === 'string' && USABLE_ID.test(given);
    return isUsable && isTrusted(socket.remoteAddress ?? '', 0) ? given : v7();
  };
}
