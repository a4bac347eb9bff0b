import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { FileUploads } from './file-uploads.js';
import { filesOf } from '../graph/graph-body.js';
import { GraphClient } from '../graph/graph.client.js';
import { LeasesService, type LeasedSend } from './leases.service.js';
import { OutboundWaker } from './outbound.waker.js';
import { ResultsService } from '../results/results.service.js';
import type { SendResultItem } from '../results/send-result.js';
import type { SendOutcome } from '../graph/send-outcome.js';

/** Conversations leased in one round: their heads go out side by side. */
const LEASE_BATCH = 64;
/** Calls in flight on this instance, all numbers together. */
const MAX_IN_FLIGHT = 256;
/** Waiting for a few tokens at once is cheaper than a transaction for each. */
const SHORTEST_WAIT_MS = 25;
const RETRY_AFTER_ERROR_MS = 1_000;

/** One number's loop: running, and whether somebody asked again meanwhile. */
interface Loop {
  isAskedAgain: boolean;
  done: Promise<void>;
}

/**
 * Sends what is due, number by number. It leases a batch, starts its calls and leases the next without waiting for
 * them; outcomes are written together as they come in. State is only in PostgreSQL: any instance may die at any point.
 */
@Injectable()
export class Sender implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(Sender.name);
  private readonly loops = new Map<string, Loop>();
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly calls = new Set<Promise<void>>();
  private isStopping = false;

  constructor(
    private readonly leases: LeasesService,
    private readonly graph: GraphClient,
    private readonly uploads: FileUploads,
    private readonly results: ResultsService,
    private readonly waker: OutboundWaker,
    private readonly metrics: Metrics,
  ) {}

  onApplicationBootstrap(): void {
    this.waker.listen((channelId) => this.kick(channelId));
    this.results.onFreed((channelId) => this.kick(channelId));
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.stop();
  }

  /** Leases nothing more, lets the calls in flight end and writes what came of them. */
  async stop(): Promise<void> {
    this.isStopping = true;
    for (const timer of this.timers.values()) clearTimeout(timer);
    await Promise.all([...this.loops.values()].map((loop) => loop.done));
    await Promise.all(this.calls);
    await this.results.flush();
  }

  /** Something may be due for this number. Returns at once. */
  kick(channelId: string): void {
    if (this.isStopping) return;
    const running = this.loops.get(channelId);
    if (running) {
      running.isAskedAgain = true;
      return;
    }
    const loop: Loop = { isAskedAgain: false, done: Promise.resolve() };
    this.loops.set(channelId, loop);
    loop.done = this.run(channelId, loop)
      .catch((error: unknown) => {
        this.logger.warn(`sending for number ${channelId} pauses: ${String(error)}`);
        this.kickIn(channelId, RETRY_AFTER_ERROR_MS);
      })
      .finally(() => {
        this.loops.delete(channelId);
        if (loop.isAskedAgain) this.kick(channelId);
      });
  }

  private async run(channelId: string, loop: Loop): Promise<void> {
    for (;;) {
      loop.isAskedAgain = false;
      if (this.isStopping) return;
      while (this.calls.size >= MAX_IN_FLIGHT) await Promise.race(this.calls);
      const round = await this.leases.lease(channelId, Math.min(LEASE_BATCH, MAX_IN_FLIGHT - this.calls.size));
      for (const send of round.sends) this.start(send);
      if (round.nextTokenMs !== null) this.kickIn(channelId, Math.max(round.nextTokenMs, SHORTEST_WAIT_MS));
      else if (round.hasMore) continue;
      return;
    }
  }

  private start(send: LeasedSend): void {
    const startedAtMs = performance.now();
    const { conversationId, messageId } = send.message;
    const call = traced({ conversationId, messageId }, () => this.deliver(send))
      .catch((error: unknown): SendOutcome => {
        this.logger.error(`the send of message ${messageId} ended in an error of our own`, error);
        return { kind: 'ambiguous', detail: String(error), httpStatus: null };
      })
      .then((outcome) => {
        this.metrics.send(labelsOf(outcome), performance.now() - startedAtMs);
        this.noteFailure(send, outcome);
        this.results.add(resultOf(send, outcome));
      })
      .finally(() => this.calls.delete(call));
    this.calls.add(call);
  }

  /** What Meta said of it stands with the message; its words may name the customer. */
  private noteFailure({ message: { conversationId, messageId, attempt } }: LeasedSend, outcome: SendOutcome): void {
    if (outcome.kind === 'accepted' || outcome.kind === 'not_started') return;
    const code = outcome.kind === 'refused' ? `, Meta's code ${outcome.code}` : '';
    traced({ conversationId, messageId }, () =>
      this.logger.warn(`message ${messageId} was not accepted: ${outcome.kind}${code} (attempt ${attempt})`),
    );
  }

  private async deliver(send: LeasedSend): Promise<SendOutcome> {
    const { number, message, mayWrite } = send;
    const graphIds = new Map<string, string>();
    for (const fileId of filesOf(message)) {
      const graphId = await this.uploads.graphId(send, fileId);
      if (typeof graphId !== 'string') return graphId;
      graphIds.set(fileId, graphId);
    }
    return this.graph.send(number, message, mayWrite, graphIds);
  }

  private kickIn(channelId: string, delayMs: number): void {
    if (this.isStopping) return;
    clearTimeout(this.timers.get(channelId));
    const timer = setTimeout(() => {
      this.timers.delete(channelId);
      this.kick(channelId);
    }, delayMs);
    this.timers.set(channelId, timer);
  }
}

function labelsOf(outcome: SendOutcome) {
  if (outcome.kind !== 'refused') return { outcome: outcome.kind, code: '' };
  return { outcome: outcome.kind, code: isKnownCode(outcome.code) ? String(outcome.code) : 'other' };
}

function resultOf({ channelId, leaseId, number, sender, message }: LeasedSend, outcome: SendOutcome): SendResultItem {
  const { conversationId, messageId, attempt } = message;
  return { channelId, leaseId, tokenSealed: number.tokenSealed, sender, conversationId, messageId, attempt, outcome };
}
import { isKnownCode } from '../../channels/meta-errors.js';
import { Metrics } from '../../metrics/metrics.js';
import { traced } from '../../common/trace.js';
