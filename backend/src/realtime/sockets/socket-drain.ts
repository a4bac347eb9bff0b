import { Injectable } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import { SocketHub } from './socket-hub.js';
import { closeNow } from './socket-pressure.js';

/** At a stop the clients are sent away one by one, so that they do not all knock at the next instance at once. */
const DRAIN_PER_SOCKET_MS = 10;
const DRAIN_MAX_MS = 8_000;
/** A client that does not read does not say goodbye either: nobody waits longer for it. */
const GOODBYE_MS = 200;

/** Empties this instance of sockets; until it is its turn, each goes on getting its events. */
@Injectable()
export class SocketDrain {
  constructor(private readonly hub: SocketHub) {}

  /** Sends every client to another instance, spread by chance over up to eight seconds. */
  async drain(): Promise<void> {
    const { sockets } = this.hub;
    const spreadMs = Math.min(sockets.length * DRAIN_PER_SOCKET_MS, DRAIN_MAX_MS);
    await Promise.all(
      sockets.map(async (socket) => {
        await delay(Math.random() * spreadMs);
        // Not `disconnect`, after which a client would stay away.
        socket.conn.close();
      }),
    );
    if (this.hub.sockets.length > 0) await delay(GOODBYE_MS);
    for (const socket of this.hub.sockets) closeNow(socket);
  }
}
