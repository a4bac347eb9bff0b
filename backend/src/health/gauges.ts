import { Injectable } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import { Database } from '../database/database.js';
import { HintsService } from '../hints/hints.service.js';
import { LogHorizonRepository } from '../log/log-horizon.repository.js';
import { LogTailer } from '../log/log-tailer.js';
import { Metrics } from '../metrics/metrics.js';
import { BacklogRepository } from './backlog.repository.js';
import { makeGauges } from './make-gauges.js';

/** Several scrapers, or a nervous one, cost one round of questions in this time. */
const FRESH_FOR_MS = 4_000;
/** A scrape is answered by then, whatever the database does. */
const ASKED_WITHIN_MS = 2_000;
const MAX_HOLDER_CHARS = 80;

/** What only the database, or another part of this process, knows: asked when somebody scrapes, and not too often. */
@Injectable()
export class Gauges {
  private asking: Promise<void> | null = null;
  private askedAtMs = -Infinity;
  private readonly gauges;

  constructor(
    private readonly backlog: BacklogRepository,
    private readonly database: Database,
    private readonly horizon: LogHorizonRepository,
    private readonly tailer: LogTailer,
    hints: HintsService,
    metrics: Metrics,
  ) {
    metrics.gauge(
      'parley_redis_up',
      '1 while Redis answers; without it everything works, a second slower.',
      [],
      (gauge) => gauge.set(hints.isConnected ? 1 : 0),
    );
    metrics.gauge('parley_database_pool_connections', 'Connections of the pool.', ['state'], (gauge) => {
      const { total, idle } = database.poolState;
      gauge.set({ state: 'idle' }, idle);
      gauge.set({ state: 'busy' }, total - idle);
    });
    metrics.gauge('parley_database_pool_waiting', 'Who waits for a connection of the pool.', [], (gauge) =>
      gauge.set(database.poolState.waiting),
    );
    this.gauges = makeGauges(metrics);
  }

  /** Asks anew if the answers are old. While the database is away its gauges are missing and `parley_database_up` is 0. */
  async refresh(): Promise<void> {
    if (performance.now() - this.askedAtMs < FRESH_FOR_MS) return;
    this.asking ??= this.ask().finally(() => (this.asking = null));
    const late = new AbortController();
    const isLate = await Promise.race([
      this.asking.then(() => false),
      delay(ASKED_WITHIN_MS, true, { signal: late.signal, ref: false }),
    ]);
    if (isLate) this.forget();
    else late.abort();
  }

  private async ask(): Promise<void> {
    try {
      await this.set();
      this.gauges.up.set(1);
      this.askedAtMs = performance.now();
    } catch {
      this.forget();
    }
  }

  private forget(): void {
    // A gauge without labels goes back to 0 by itself, which would look like good news.
    const { horizonAge, tailerLag, queue, lastDelivery, ...labelled } = this.gauges;
    for (const gauge of Object.values(labelled)) gauge.reset();
    for (const gauge of [horizonAge, tailerLag, queue, lastDelivery]) gauge.set(Number.NaN);
    this.gauges.up.set(0);
  }

  /** One question after the other: a scrape takes one connection of the pool at a time. */
  private async set(): Promise<void> {
    const { gauges, backlog } = this;
    const deliveries = await backlog.deliveries();
    for (const { kind: state, count, oldestSeconds } of deliveries) {
      gauges.deliveries.set({ state }, count);
      gauges.deliveriesOldest.set({ state }, oldestSeconds ?? 0);
    }
    for (const { kind: outcome, count } of await backlog.items()) gauges.items.set({ outcome }, count);
    for (const { kind: state, count, oldestSeconds } of await backlog.outbox()) {
      gauges.outbox.set({ state }, count);
      gauges.outboxOldest.set({ state }, oldestSeconds ?? 0);
    }
    await this.setPeople();
    await this.setLog();
    gauges.lastDelivery.set((await backlog.sinceLastDelivery()) ?? Number.NaN);
  }

  private async setPeople(): Promise<void> {
    const { gauges, backlog } = this;
    const numbers = await backlog.numbers();
    gauges.numberState.reset();
    gauges.numberPace.reset();
    for (const { id: channel, name, state, paceRate } of numbers) {
      for (const known of ['ok', 'stopped', 'disconnected'] as const) {
        gauges.numberState.set({ channel, name, state: known }, state === known ? 1 : 0);
      }
      gauges.numberPace.set({ channel, name }, paceRate);
    }
    const conversations = await backlog.conversations();
    gauges.conversations.reset();
    for (const { status, owned, count } of conversations) {
      gauges.conversations.set({ status, owned: String(owned) }, count);
    }
    gauges.queue.set(conversations.find(({ status, owned }) => status === 'open' && !owned)?.count ?? 0);
    for (const { kind: where, oldestSeconds } of await backlog.waiting()) {
      gauges.waitingOldest.set({ where }, oldestSeconds ?? 0);
    }
  }

  private async setLog(): Promise<void> {
    const { gauges, backlog } = this;
    const { ageMs, holder } = await this.horizon.horizon();
    gauges.horizonAge.set(ageMs / 1_000);
    gauges.horizonHolder.reset();
    // Not its process id: each would be a new time series.
    const who = holder?.replace(/^pid \d+ /, '').slice(0, MAX_HOLDER_CHARS);
    if (who !== undefined) gauges.horizonHolder.set({ holder: who }, ageMs / 1_000);
    const consumers = await backlog.consumers();
    for (const gauge of [gauges.consumerEnabled, gauges.consumerBehind, gauges.consumerLag]) gauge.reset();
    for (const { name: consumer, enabled, behind, oldestSeconds } of consumers) {
      gauges.consumerEnabled.set({ consumer }, enabled ? 1 : 0);
      gauges.consumerBehind.set({ consumer }, behind);
      gauges.consumerLag.set({ consumer }, Math.max(0, oldestSeconds ?? 0));
    }
    const { head } = this.tailer;
    gauges.tailerLag.set(head ? await backlog.lagBehind(head.place) : Number.NaN);
  }
}
