import { Injectable } from '@nestjs/common';
import type { AuthenticatedAgent } from '../../common/access/authenticated-agent.js';
import { Metrics } from '../../metrics/metrics.js';
import { agentRoom, LIVE_ROOM, roomsOfAgent } from '../audience.js';
import type { CursoredEvent } from '../events/event-pages.js';
import { emitEvent } from './emit-event.js';
import type { RealtimeServer, RealtimeSocket } from './socket-types.js';

/** Never the cursor of a client: whoever gets it as `after` resumes. */
const RESUME_NOW = 'resume';

/** The sockets of this instance and their rooms. Durable traffic is local: every instance tails the log itself. */
@Injectable()
export class SocketHub {
  private io: RealtimeServer | null = null;

  constructor(metrics: Metrics) {
    const help = 'Open sockets: live, or catching up with what they missed.';
    metrics.gauge('parley_sockets', help, ['state'], (gauge) => {
      const live = this.io?.sockets.adapter.rooms.get(LIVE_ROOM)?.size ?? 0;
      gauge.set({ state: 'live' }, live);
      gauge.set({ state: 'catching_up' }, (this.io?.sockets.sockets.size ?? 0) - live);
    });
  }

  attach(server: RealtimeServer): void {
    this.io = server;
  }

  /** @throws before the gateway was set up */
  get server(): RealtimeServer {
    if (!this.io) throw new Error('the socket server is not set up');
    return this.io;
  }

  get sockets(): RealtimeSocket[] {
    return this.io ? [...this.io.sockets.sockets.values()] : [];
  }

  get hasLiveSockets(): boolean {
    return (this.io?.sockets.adapter.rooms.get(LIVE_ROOM)?.size ?? 0) > 0;
  }

  socketsOf(agentId: string): RealtimeSocket[] {
    return this.sockets.filter((socket) => socket.data.agent.id === agentId);
  }

  /** From here on the socket gets every durable event that its agent may see. */
  join(socket: RealtimeSocket): void {
    socket.data.isLive = true;
    void socket.join(roomsOfAgent(socket.data.agent));
  }

  /** Nothing durable reaches the socket any more. */
  leave(socket: RealtimeSocket): void {
    socket.data.isLive = false;
    for (const room of socket.rooms) {
      if (room !== socket.id) void socket.leave(room);
    }
  }

  /** Takes the socket off the live stream and tells its client to resume. */
  demandResume(socket: RealtimeSocket, cursor: string): void {
    this.leave(socket);
    delete socket.data.resume;
    socket.emit('sync:head', { after: RESUME_NOW, cursor });
  }

  /** The agent's access changed: the rooms follow at once. */
  setAgent(socket: RealtimeSocket, agent: AuthenticatedAgent): void {
    socket.data.agent = agent;
    if (!socket.data.isLive) return;
    const rooms = new Set(roomsOfAgent(agent));
    for (const room of socket.rooms) {
      if (room !== socket.id && !rooms.has(room)) void socket.leave(room);
    }
    void socket.join([...rooms]);
  }

  /** One durable event to the live sockets of these rooms, encoded once. */
  toRooms(rooms: string[], event: CursoredEvent, except: string[] = []): void {
    emitEvent(this.server.local.to(rooms).except(except), event);
  }

  toAgent(agentId: string, event: CursoredEvent): void {
    this.toRooms([agentRoom(agentId)], event);
  }

  /** To all that are live. */
  head(after: string, cursor: string): void {
    this.io?.local.to(LIVE_ROOM).emit('sync:head', { after, cursor });
  }
}
