import type { RealtimeSocket } from './socket-types.js';

/** Bytes that wait for this client: in engine.io's buffer of packets and in the WebSocket's own. */
export function pendingBytes(socket: RealtimeSocket): number {
  // Neither library has a public way to ask; a changed name shows as 0 and in the test of slow clients.
  const packets: unknown = Reflect.get(socket.conn, 'writeBuffer');
  const onWire: unknown = fromWire(socket, 'bufferedAmount');
  let bytes = typeof onWire === 'number' ? onWire : 0;
  if (Array.isArray(packets)) for (const packet of packets) bytes += sizeOf(packet);
  return bytes;
}

function sizeOf(packet: unknown): number {
  const data: unknown = typeof packet === 'object' && packet !== null ? Reflect.get(packet, 'data') : null;
  return typeof data === 'string' || Buffer.isBuffer(data) ? data.length : 0;
}

/**
 * Ends the connection at once, throwing away what waits for the client. Unlike `disconnect` it lets the client come
 * back by itself, and resume.
 */
export function closeNow(socket: RealtimeSocket): void {
  socket.conn.close(true);
  const terminate = fromWire(socket, 'terminate');
  // A peer that does not read does not answer a closing handshake either.
  if (typeof terminate === 'function') Reflect.apply(terminate, Reflect.get(socket.conn.transport, 'socket'), []);
}

function fromWire(socket: RealtimeSocket, name: string): unknown {
  const wire: unknown = Reflect.get(socket.conn.transport, 'socket');
  return typeof wire === 'object' && wire !== null ? Reflect.get(wire, name) : undefined;
}
