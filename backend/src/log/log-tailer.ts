import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import { HintsService } from '../hints/hints.service.js';
import { comparePlaces, type LogPlace } from './log-cursor.js';
import { LogEpoch } from './log-epoch.js';
import { LogStreamRepository, type LogRow } from './log-stream.repository.js';
import { Signal } from './signal.js';

/** Rows that became readable, in order; the batches of a tailer follow each other without a gap. */
export interface LogBatch {
  epoch: string;
  after: LogPlace;
  rows: LogRow[];
  place: LogPlace;
}

/** The tail stands here now, with nothing to tell about what lies before it. */
export interface LogStart {
  epoch: string;
  place: LogPlace;
}

export interface LogListener {
  /** The first start, and every later one that leaves a gap (another history, the log deleted under us). */
  started?(start: LogStart): void;
  /** Called one batch at a time; a batch whose listener throws comes again. */
  batch(batch: LogBatch): Promise<void> | void;
}

const PAGE_SIZE = 500;
/** A page read right after the last one would be nearly empty: waiting a little halves the work at high rates. */
const GATHER_MS = 15;
const POLL_MS = 1_000;
const FIRST_LOOK_MS = 5;
const RETRY_MS = 500;

/**
 * Follows the log, one per instance. Woken by hints, which carry the writer's xid: while the horizon has not passed it
 * the tailer looks again after 5, 10, 20 … ms; without Redis it polls.
 */
@Injectable()
export class LogTailer implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(LogTailer.name);
  private readonly listeners: LogListener[] = [];
  private readonly hint = new Signal();
  private readonly stop = new AbortController();
  private readonly unsubscribe: () => void;
  private running: Promise<void> = Promise.resolve();
  private start: LogStart | null = null;
  /** The greatest xid that a hint named and that was not readable yet. */
  private hintedXid = 0n;
  private horizonXid = 0n;
  private lookAgainMs = FIRST_LOOK_MS;
  /** The tailer waits for the horizon to pass the hinted xid: more hints change nothing. */
  private isLookingAgain = false;
  private hasFailed = false;

  constructor(
    private readonly stream: LogStreamRepository,
    private readonly epoch: LogEpoch,
    hints: HintsService,
  ) {
    this.unsubscribe = hints.on('log', ({ xid }) => this.hinted(xid));
  }

  /** To be called before the application has started, so that nothing is missed. */
  listen(listener: LogListener): void {
    this.listeners.push(listener);
    if (this.start) listener.started?.(this.start);
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.begin();
    this.running = this.run();
  }

  /** Where the tail stands: what listeners were told last; null before the start. */
  get head(): LogStart | null {
    return this.start;
  }

  async onModuleDestroy(): Promise<void> {
    this.unsubscribe();
    this.stop.abort();
    this.hint.raise();
    await this.running;
  }

  private hinted(text: string): void {
    const xid = /^\d{1,20}$/.test(text) ? BigInt(text) : 0n;
    if (xid <= this.hintedXid) return;
    this.hintedXid = xid;
    if (!this.isLookingAgain) this.hint.raise();
  }

  private async run(): Promise<void> {
    while (!this.stop.signal.aborted) {
      try {
        this.isLookingAgain = false;
        const rows = await this.readPage(this.hintedXid);
        this.hasFailed = false;
        if (rows === PAGE_SIZE) continue;
        if (rows > 0) await delay(GATHER_MS);
        if (!this.stop.signal.aborted) await this.hint.wait(this.isLookingAgain ? this.lookAgainMs : POLL_MS);
      } catch (error) {
        if (!this.hasFailed) this.logger.error('the log cannot be read or told, trying again', error);
        this.hasFailed = true;
        if (!this.stop.signal.aborted) await delay(RETRY_MS);
      }
    }
  }

  /** Reads and tells one page; returns how many rows it had. */
  private async readPage(hintedXid: bigint): Promise<number> {
    const { start } = this;
    if (!start) throw new Error('the tailer has not begun');
    const page = await this.stream.page(start.place, PAGE_SIZE);
    if (page.epoch !== start.epoch || comparePlaces(page.floor, start.place) > 0) {
      this.logger.warn('the log has another history now: every client starts anew');
      await this.begin();
      return 0;
    }
    const last = page.rows.at(-1);
    if (last) {
      const place = { xid: last.xid, id: last.id };
      const batch = { epoch: start.epoch, after: start.place, rows: page.rows, place };
      for (const listener of this.listeners) await listener.batch(batch);
      this.start = { epoch: start.epoch, place };
    }
    this.noteHorizon(hintedXid, BigInt(page.horizonXid), BigInt(page.endXid));
    return page.rows.length;
  }

  private async begin(): Promise<void> {
    const { epoch, place } = await this.epoch.settle();
    this.start = { epoch, place };
    for (const listener of this.listeners) listener.started?.(this.start);
  }

  /** Decides whether the transaction that a hint named before this page is still to come. */
  private noteHorizon(hintedXid: bigint, horizonXid: bigint, endXid: bigint): void {
    const hasMoved = horizonXid > this.horizonXid;
    this.horizonXid = horizonXid;
    this.isLookingAgain = hintedXid >= horizonXid && hintedXid < endXid;
    this.lookAgainMs = hasMoved || !this.isLookingAgain ? FIRST_LOOK_MS : Math.min(this.lookAgainMs * 2, POLL_MS);
    // Named before this page was read and not begun even now: a hint of somebody else's server.
    if (hintedXid >= endXid && hintedXid === this.hintedXid) this.hintedXid = 0n;
  }
}
