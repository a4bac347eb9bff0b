import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

const MS_PER_SECOND = 1_000;
const FAST_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const LAG_BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3_600];

/** What became of a send, as a label: bounded by the table of Meta's codes. */
export interface SendLabels {
  outcome: 'accepted' | 'refused' | 'not_connected' | 'not_started' | 'withdrawn' | 'ambiguous';
  /** Meta's code of a refusal, `other` where the table does not know it, empty for the rest. */
  code: string;
}

/**
 * Everything that this instance counts as it happens, in one registry per application. What only the database knows is
 * asked at the scrape (health/gauges.ts). Labels are few and bounded: never an id of a person, a thread or a message.
 */
@Injectable()
export class Metrics {
  readonly registry = new Registry();
  private readonly registers = [this.registry];

  private readonly deliveries = new Counter({
    name: 'parley_deliveries_total',
    help: 'Deliveries of Meta by what was answered: the status, or gone where the sender left first.',
    labelNames: ['answer'],
    registers: this.registers,
  });
  private readonly deliveriesAnswered = new Map<number, Counter.Internal>();
  private readonly deliveryAnswer = new Histogram({
    name: 'parley_delivery_answer_seconds',
    help: 'From the first byte of a delivery to the end of its answer.',
    buckets: FAST_BUCKETS,
    registers: this.registers,
  });
  private readonly deliveryLag = new Histogram({
    name: 'parley_delivery_lag_seconds',
    help: 'From the moment that a delivery was stored to the commit of all that it caused.',
    buckets: LAG_BUCKETS,
    registers: this.registers,
  });
  private readonly items = new Counter({
    name: 'parley_delivery_items_total',
    help: 'Items of finished deliveries by outcome.',
    labelNames: ['outcome'],
    registers: this.registers,
  });
  private readonly sends = new Counter({
    name: 'parley_sends_total',
    help: 'Calls to Meta that send a message, by outcome and by the code of a refusal.',
    labelNames: ['outcome', 'code'],
    registers: this.registers,
  });
  private readonly sendTime = new Histogram({
    name: 'parley_send_seconds',
    help: 'How long such a call took.',
    buckets: LAG_BUCKETS,
    registers: this.registers,
  });
  private readonly unknown = new Counter({
    name: 'parley_messages_unknown_total',
    help: 'Messages of which nobody could say whether Meta took them.',
    registers: this.registers,
  });
  private readonly emitted = new Histogram({
    name: 'parley_event_to_emit_seconds',
    help: 'From the beginning of the transaction that wrote an event to its emission to the sockets of this instance.',
    buckets: LAG_BUCKETS,
    registers: this.registers,
  });
  private readonly resumes = new Counter({
    name: 'parley_socket_resumes_total',
    help: 'Clients that asked for what they missed: fresh (they held nothing), caught_up, reset (they start anew), failed.',
    labelNames: ['result'],
    registers: this.registers,
  });
  private readonly slowCut = new Counter({
    name: 'parley_slow_sockets_cut_total',
    help: 'Connections closed because their client read too slowly.',
    registers: this.registers,
  });
  private readonly http = new Histogram({
    name: 'parley_http_request_seconds',
    help: 'Requests of the API by route template and class of status.',
    labelNames: ['method', 'route', 'status'],
    buckets: FAST_BUCKETS,
    registers: this.registers,
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  /** A gauge whose values somebody sets, or that reads them at each scrape. */
  gauge<Label extends string = never>(
    name: `parley_${string}`,
    help: string,
    labelNames: readonly Label[] = [],
    read?: (gauge: Gauge<Label>) => void,
  ): Gauge<Label> {
    const collect = function (this: Gauge<Label>) {
      read?.(this);
    };
    return new Gauge({ name, help, labelNames, registers: this.registers, ...(read ? { collect } : {}) });
  }

  /** Called for every delivery: some microseconds, no more. Status 0 = the sender left before an answer. */
  delivery(status: number, durationMs: number): void {
    let answered = this.deliveriesAnswered.get(status);
    if (!answered) {
      answered = this.deliveries.labels(status === 0 ? 'gone' : String(status));
      this.deliveriesAnswered.set(status, answered);
    }
    answered.inc();
    this.deliveryAnswer.observe(durationMs / MS_PER_SECOND);
  }

  /** A delivery has come to its end; the clocks of server and database may differ by a little. */
  deliveryEnded(receivedAt: Date, outcomes: readonly string[]): void {
    this.deliveryLag.observe(secondsSince(receivedAt));
    for (const outcome of outcomes) this.items.inc({ outcome });
  }

  send(labels: SendLabels, durationMs: number): void {
    this.sends.inc({ ...labels });
    this.sendTime.observe(durationMs / MS_PER_SECOND);
  }

  messagesUnknown(count: number): void {
    if (count > 0) this.unknown.inc(count);
  }

  /** Events that were just told to the sockets of this instance. */
  eventsEmitted(events: readonly { createdAt: Date }[]): void {
    for (const { createdAt } of events) this.emitted.observe(secondsSince(createdAt));
  }

  resume(result: 'fresh' | 'caught_up' | 'reset' | 'failed'): void {
    this.resumes.inc({ result });
  }

  slowSocketCut(): void {
    this.slowCut.inc();
  }

  /** `route` is the template (`/api/conversations/:id`), never an address with ids in it. */
  request(method: string, route: string, status: number, durationMs: number): void {
    this.http.observe({ method, route, status: `${Math.floor(status / 100)}xx` }, durationMs / MS_PER_SECOND);
  }
}

const secondsSince = (moment: Date): number => Math.max(0, (Date.now() - moment.getTime()) / MS_PER_SECOND);
