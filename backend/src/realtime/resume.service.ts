import { Injectable } from '@nestjs/common';
import { DomainError } from '../common/domain.error.js';
import { comparePlaces, decodeCursor, type LogPlace } from '../log/log-cursor.js';
import { Metrics } from '../metrics/metrics.js';
import { Broadcaster, type Tail } from './broadcaster.js';
import { EventPages } from './events/event-pages.js';
import { emitEvent } from './sockets/emit-event.js';
import { SlowSockets } from './sockets/slow-sockets.js';
import { SocketHub } from './sockets/socket-hub.js';
import type { RealtimeSocket } from './sockets/socket-types.js';

const PAGE_SIZE = 300;
const REACH_TIMEOUT_MS = 5_000;

/** Called in the very tick in which the socket joined its rooms. */
export type ResumeAnswer = (answer: { cursor: string; reset: boolean }) => void;

/** Brings a client from its cursor to the tail, page by page, and lets it join there. */
@Injectable()
export class ResumeService {
  constructor(
    private readonly broadcaster: Broadcaster,
    private readonly pages: EventPages,
    private readonly hub: SocketHub,
    private readonly slow: SlowSockets,
    private readonly metrics: Metrics,
  ) {}

  /**
   * Emits what the agent may see after `cursor`, in order, then joins and answers without an await in between.
   * @throws DomainError service.unavailable when the tail cannot be reached, or a later resume took this one's place
   */
  async resume(socket: RealtimeSocket, text: string | null, answer: ResumeAnswer): Promise<void> {
    try {
      await this.catchUp(socket, text, answer);
    } catch (error) {
      this.metrics.resume('failed');
      throw error;
    }
  }

  private async catchUp(socket: RealtimeSocket, text: string | null, answer: ResumeAnswer): Promise<void> {
    const run = Symbol('resume');
    this.hub.leave(socket);
    socket.data.resume = run;
    const isCurrent = () => socket.connected && socket.data.resume === run;
    if (text === null) return this.join(socket, this.tail(), false, answer, 'fresh');
    const cursor = decodeCursor(text);
    let at: LogPlace | null = cursor;
    while (isCurrent()) {
      const tail = this.tail();
      if (!at || cursor?.epoch !== tail.epoch) return this.join(socket, tail, true, answer);
      const order = comparePlaces(at, tail.place);
      if (order === 0) return this.join(socket, tail, false, answer);
      const page = await this.pages.read({
        viewer: socket.data.agent,
        after: { epoch: tail.epoch, ...at },
        limit: PAGE_SIZE,
        until: tail.place,
        isFolded: true,
      });
      if (!isCurrent()) break;
      if (page.reset) return this.join(socket, this.tail(), true, answer);
      for (const event of page.events) emitEvent(socket, event);
      if (order > 0) await this.reach(at);
      else at = page.end ?? tail.place;
      if (!(await this.slow.drained(socket))) break;
    }
    throw unavailable();
  }

  /** The client was further than this instance: another one answered it before. */
  private async reach(place: LogPlace): Promise<void> {
    await this.broadcaster.reach(place, REACH_TIMEOUT_MS);
    if (comparePlaces(this.tail().place, place) < 0) throw unavailable();
  }

  private join(
    socket: RealtimeSocket,
    tail: Tail,
    reset: boolean,
    answer: ResumeAnswer,
    result: 'fresh' | 'caught_up' | 'reset' = reset ? 'reset' : 'caught_up',
  ): void {
    delete socket.data.resume;
    socket.data.slowSinceMs = null;
    this.hub.join(socket);
    this.metrics.resume(result);
    answer({ cursor: tail.cursor, reset });
  }

  private tail(): Tail {
    const { tail } = this.broadcaster;
    if (!tail) throw unavailable();
    return tail;
  }
}

const unavailable = () => new DomainError('service.unavailable', 503, 'The log cannot be read right now.');
