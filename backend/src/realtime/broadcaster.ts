import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { comparePlaces, encodeCursor, type LogPlace } from '../log/log-cursor.js';
import { LogTailer, type LogBatch, type LogStart } from '../log/log-tailer.js';
import { Metrics } from '../metrics/metrics.js';
import { LIVE_ROOM, roomsOfPlace } from './audience.js';
import { fold, planDeliveries, type ConversationDelivery, type Delivery } from './events/deliveries.js';
import { Hydrator } from './events/hydrator.js';
import { SlowSockets } from './sockets/slow-sockets.js';
import { SocketHub } from './sockets/socket-hub.js';
import type { RealtimeSocket } from './sockets/socket-types.js';

/** The contract promises one at least every 10 s. */
const HEAD_EVERY_MS = 8_000;

/** The tail position: everything up to here was emitted to the live sockets of this instance. */
export interface Tail extends LogStart {
  cursor: string;
}

/** The only place that turns the log into pushes: in log order, to this instance's own sockets. */
@Injectable()
export class Broadcaster implements OnApplicationBootstrap, OnModuleDestroy {
  private current: Tail | null = null;
  private timer: NodeJS.Timeout | null = null;
  private readonly waiting = new Set<{ place: LogPlace; resolve: () => void }>();

  constructor(
    tailer: LogTailer,
    private readonly hydrator: Hydrator,
    private readonly hub: SocketHub,
    private readonly slow: SlowSockets,
    private readonly metrics: Metrics,
  ) {
    tailer.listen({ started: (start) => this.restart(start), batch: (batch) => this.tell(batch) });
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.repeatHead(), HEAD_EVERY_MS);
  }

  onModuleDestroy(): void {
    if (this.timer) clearInterval(this.timer);
  }

  /** Null before the log's tail is known. Whoever joins the rooms in the same tick misses nothing and gets nothing twice. */
  get tail(): Tail | null {
    return this.current;
  }

  /** Resolves once the tail is at or past `place`, or has another history, or after `timeoutMs`. */
  async reach(place: LogPlace, timeoutMs: number): Promise<void> {
    if (this.current && comparePlaces(this.current.place, place) >= 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => done(), timeoutMs);
      const waiter = { place, resolve: () => done() };
      const done = () => {
        clearTimeout(timer);
        this.waiting.delete(waiter);
        resolve();
      };
      this.waiting.add(waiter);
    });
  }

  private async tell({ epoch, rows, place }: LogBatch): Promise<void> {
    const folded = fold(rows);
    const deliveries = this.hub.hasLiveSockets
      ? planDeliveries(epoch, folded, await this.hydrator.hydrate(folded.map(({ row }) => row)))
      : [];
    // From here to the head there is no await: a socket joins either before all of this or after it.
    const after = this.current?.cursor ?? '';
    this.current = { epoch, place, cursor: encodeCursor({ epoch, ...place }) };
    this.slow.shed(this.current.cursor);
    const moved = new Set<RealtimeSocket>();
    for (const delivery of deliveries) this.deliver(delivery, moved);
    this.hub.head(after, this.current.cursor);
    for (const socket of moved) this.hub.demandResume(socket, this.current.cursor);
    this.metrics.eventsEmitted(rows);
    this.wakeWaiting();
  }

  private deliver(delivery: Delivery, moved: Set<RealtimeSocket>): void {
    switch (delivery.to) {
      case 'viewers':
        return this.toViewers(delivery);
      case 'agent':
        return this.hub.toAgent(delivery.agentId, { ...delivery.event, cursor: delivery.cursor });
      case 'everyone':
        return this.hub.toRooms([LIVE_ROOM], { ...delivery.event, cursor: delivery.cursor });
      case 'access':
        // Resuming from before this batch, the client learns what came into sight and what was lost.
        for (const socket of this.hub.socketsOf(delivery.agentId)) {
          if (!socket.data.isLive) continue;
          this.hub.leave(socket);
          moved.add(socket);
        }
    }
  }

  private toViewers({ conversationId, event, place, former, cursor }: ConversationDelivery): void {
    const rooms = place ? roomsOfPlace(place) : [];
    if (event && place) this.hub.toRooms(rooms, { ...event, cursor });
    if (former.length === 0) return;
    const before = [...new Set(former.flatMap(roomsOfPlace))];
    this.hub.toRooms(before, { type: 'conversation:hidden', payload: { id: conversationId }, cursor }, rooms);
  }

  /** What lies between the old tail and the new one cannot be told: every client resumes, and starts anew if it must. */
  private restart({ epoch, place }: LogStart): void {
    this.current = { epoch, place, cursor: encodeCursor({ epoch, ...place }) };
    for (const socket of this.hub.sockets) {
      if (socket.data.isLive) this.hub.demandResume(socket, this.current.cursor);
    }
    this.wakeWaiting();
  }

  private repeatHead(): void {
    if (this.current) this.hub.head(this.current.cursor, this.current.cursor);
  }

  private wakeWaiting(): void {
    for (const waiter of this.waiting) {
      if (this.current && comparePlaces(this.current.place, waiter.place) >= 0) waiter.resolve();
    }
  }
}
