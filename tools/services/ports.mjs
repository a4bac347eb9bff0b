// Ports of this machine.
import { createServer } from 'node:net';

const FAMILIES = ['127.0.0.1', '::1', '0.0.0.0', '::'];
const HIGHEST_PORT = 65_535;

/** Listens for a moment; returns the port, or null when it is taken. */
function tryListen(port, host) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => {
      if (error.code === 'EADDRINUSE') resolve(null);
      else if (error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT') resolve(port);
      else reject(error);
    });
    server.listen({ port, host, ipv6Only: host.includes(':') }, () => {
      const taken = server.address().port;
      server.close(() => resolve(taken));
    });
  });
}

/** A port of the loopback interface that nobody uses now. */
export function freePort() {
  return tryListen(0, '127.0.0.1');
}

/** Whether nobody listens on a port, on any of this machine's addresses. */
export async function isPortFree(port) {
  for (const host of FAMILIES) if ((await tryListen(port, host)) === null) return false;
  return true;
}

/** The first free port from `first` on. */
export async function nextFreePort(first) {
  for (let port = first; port <= HIGHEST_PORT; port++) if (await isPortFree(port)) return port;
  throw new Error(`no free port from ${first} on`);
}
