import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { Database, type Tx } from '../database/database.js';
import type { LogPlace } from './log-cursor.js';
import { LogConsumersRepository } from './log-consumers.repository.js';
import { LogStreamRepository, type LogRow } from './log-stream.repository.js';
import { LogTailer } from './log-tailer.js';
import { Signal } from './signal.js';

/** Inserts the consumer's work rows, unique per event; no network in it. It may run again for the same events. */
export type LogHandler = (tx: Tx, events: LogRow[]) => Promise<void>;

const PAGE_SIZE = 500;
const POLL_MS = 2_000;
const FIRST_RETRY_MS = 500;
const MAX_RETRY_MS = 30_000;
const DISABLED_POLL_MS = 10_000;

/**
 * Lets a module follow the log with a position of its own: the position and what the handler writes are one
 * transaction per page, so each event has its effect once, whatever dies when, on however many instances.
 */
@Injectable()
export class LogConsumer implements OnModuleDestroy {
  private readonly logger = new Logger(LogConsumer.name);
  private readonly followers = new Set<{ signal: Signal; done: Promise<void> }>();
  private isStopping = false;

  constructor(
    private readonly database: Database,
    private readonly tailer: LogTailer,
    private readonly stream: LogStreamRepository,
    private readonly consumers: LogConsumersRepository,
  ) {
    const wake = () => {
      for (const { signal } of this.followers) signal.raise();
    };
    tailer.listen({ batch: wake, started: wake });
  }

  /** Follows from the consumer's position; a new name starts at the head. Goes on until the application stops. */
  follow(name: string, handler: LogHandler): void {
    const signal = new Signal();
    this.followers.add({ signal, done: this.run(name, handler, signal) });
  }

  async onModuleDestroy(): Promise<void> {
    this.isStopping = true;
    for (const { signal } of this.followers) signal.raise();
    await Promise.all([...this.followers].map(({ done }) => done));
  }

  private async run(name: string, handler: LogHandler, signal: Signal): Promise<void> {
    let retryMs = FIRST_RETRY_MS;
    while (!this.isStopping) {
      let pauseMs: number;
      try {
        pauseMs = await this.catchUp(name, handler);
        retryMs = FIRST_RETRY_MS;
      } catch (error) {
        this.logger.error(`consumer ${name} failed, trying again in ${retryMs} ms`, error);
        pauseMs = retryMs;
        retryMs = Math.min(retryMs * 2, MAX_RETRY_MS);
      }
      if (!this.isStopping) await signal.wait(pauseMs);
    }
  }

  /** Handles page after page up to the tail; returns how long to wait for more. */
  private async catchUp(name: string, handler: LogHandler): Promise<number> {
    if (!this.tailer.head) return POLL_MS;
    let place = await this.consumers.place(name, async () => (await this.stream.head()).place);
    if (!place) return DISABLED_POLL_MS;
    while (place && !this.isStopping) place = await this.handlePage(name, handler, place);
    return POLL_MS;
  }

  /** Returns where to go on at once; null when there is no more to read or another instance is at work here. */
  private async handlePage(name: string, handler: LogHandler, place: LogPlace): Promise<LogPlace | null> {
    const { rows } = await this.stream.page(place, PAGE_SIZE);
    const last = rows.at(-1);
    if (!last) return null;
    const end = { xid: last.xid, id: last.id };
    const isDone = await this.database.transaction(async (tx) => {
      if (!(await this.consumers.lock(tx, name, place))) return false;
      await handler(tx, rows);
      await this.consumers.advance(tx, name, end);
      return true;
    });
    return isDone && rows.length === PAGE_SIZE ? end : null;
  }
}
