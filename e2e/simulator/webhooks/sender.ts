import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { encodeWire, sign1, sign256 } from '../core/wire.ts';
import type { Chance } from '../core/chance.ts';
import type { Timers } from '../core/timers.ts';
import type { Behaviour } from '../state/behaviour.ts';
import { DeliveryLog, type Delivery } from './delivery-log.ts';
import { envelopeFor, type Update } from './envelope.ts';
import type { Subscriptions } from './subscriptions.ts';

export interface SenderDependencies {
  behaviour: Behaviour;
  subscriptions: Subscriptions;
  timers: Timers;
  appSecret: string;
  chance: Chance;
}

type Settle = (delivered: boolean) => void;
interface Waiting {
  update: Update;
  url: string;
  settle: Settle | undefined;
}

const MAX_PENDING = 200_000;
/** How long an unfull batch waits for more. */
const BATCH_LINGER_MS = 20;
/** Meta retries for up to seven days, each time later (webhooks, create an endpoint). */
const RETRY_HORIZON_MS = 7 * 24 * 3_600_000;
const FIRST_RETRY_MS = 5_000;
const MAX_RETRY_MS = 15 * 60_000;
const VERIFY_AGAIN_MS = 500;

/** Delivers webhooks as Meta does: signed, several at a time, at least once, every answer but 200 tried again. */
export class WebhookSender {
  readonly log = new DeliveryLog();
  private readonly behaviour: Behaviour;
  private readonly subscriptions: Subscriptions;
  private readonly timers: Timers;
  private readonly appSecret: string;
  private readonly chance: Chance;
  private readonly agents = {
    'http:': new HttpAgent({ keepAlive: true }),
    'https:': new HttpsAgent({ keepAlive: true }),
  };
  /** Deliveries to callbacks that have not passed the handshake, by URL. */
  private readonly unverified = new Map<string, Delivery[]>();
  private readonly settles = new Map<Delivery, Settle[]>();
  private batch: Waiting[] = [];
  private ready: Delivery[] = [];
  private inFlight = 0;
  /** Moves with each reset: what was under way before it must not come back. */
  private generation = 0;

  constructor({ behaviour, subscriptions, timers, appSecret, chance }: SenderDependencies) {
    this.behaviour = behaviour;
    this.subscriptions = subscriptions;
    this.timers = timers;
    this.appSecret = appSecret;
    this.chance = chance;
  }

  /** How many updates the business has not taken yet. */
  pending(): number {
    return this.settles.size + this.batch.length;
  }

  /** Hands an update over for delivery; `settle` hears whether the business took it in the end. */
  enqueue(update: Update, settle?: Settle): void {
    const url = this.subscriptions.callbackUrl(update.businessAccountId, update.phoneNumberId);
    if (url === undefined || this.pending() >= MAX_PENDING) {
      settle?.(false);
      return;
    }
    this.batch.push({ update, url, settle });
    if (this.batch.length >= this.behaviour.webhooks.batch) this.flush();
    else if (this.batch.length === 1)
      this.timers.after(BATCH_LINGER_MS, () => {
        this.flush();
      });
  }

  /** Forgets everything that is under way; what is in flight is not repeated. */
  reset(): void {
    this.generation += 1;
    for (const settles of this.settles.values()) for (const settle of settles) settle(false);
    for (const { settle } of this.batch) settle?.(false);
    this.settles.clear();
    this.unverified.clear();
    this.batch = [];
    this.ready = [];
    this.log.clear();
  }

  close(): void {
    this.reset();
    this.agents['http:'].destroy();
    this.agents['https:'].destroy();
  }

  private flush(): void {
    const batches = new Map<string, Waiting[]>();
    for (const waiting of this.batch) {
      const group = batches.get(waiting.url);
      if (group) group.push(waiting);
      else batches.set(waiting.url, [waiting]);
    }
    this.batch = [];
    for (const [url, waiting] of batches) {
      const updates = waiting.map(({ update }) => update);
      const delivery = this.log.add(url, Buffer.from(encodeWire(envelopeFor(updates)), 'ascii'), updates.length);
      this.settles.set(
        delivery,
        waiting.flatMap(({ settle }) => settle ?? []),
      );
      this.schedule(delivery, this.behaviour.webhooks.delayMs + this.reorderDelayMs());
    }
  }

  private reorderDelayMs(): number {
    return this.chance() < this.behaviour.webhooks.reorder ? 50 + this.chance() * 350 : 0;
  }

  private schedule(delivery: Delivery, delayMs: number): void {
    if (delayMs > 0)
      this.timers.after(delayMs, () => {
        this.makeReady(delivery);
      });
    else this.makeReady(delivery);
  }

  private makeReady(delivery: Delivery): void {
    this.ready.push(delivery);
    this.pump();
  }

  private pump(): void {
    while (this.inFlight < Math.max(1, this.behaviour.webhooks.concurrency)) {
      const delivery = this.ready.shift();
      if (!delivery) return;
      if (this.subscriptions.isVerified(delivery.url)) void this.attempt(delivery);
      else this.holdBack(delivery);
    }
  }

  /** Meta calls the callback once before it sends anything; until it has answered, its deliveries wait. */
  private holdBack(delivery: Delivery): void {
    const waiting = this.unverified.get(delivery.url);
    if (waiting) {
      waiting.push(delivery);
      return;
    }
    this.unverified.set(delivery.url, [delivery]);
    void this.verify(delivery.url);
  }

  /** Asks the callback for its challenge, again and again: it may not be up yet. */
  private async verify(url: string): Promise<void> {
    const { generation } = this;
    const isVerified = await this.subscriptions.verify(url);
    if (generation !== this.generation) return;
    if (!isVerified) {
      this.timers.after(VERIFY_AGAIN_MS, () => void this.verify(url));
      return;
    }
    this.ready = [...(this.unverified.get(url) ?? []), ...this.ready];
    this.unverified.delete(url);
    this.pump();
  }

  private async attempt(delivery: Delivery): Promise<void> {
    const { generation } = this;
    this.inFlight += 1;
    const startedAt = performance.now();
    const outcome = await this.post(delivery);
    this.inFlight -= 1;
    if (generation === this.generation) {
      delivery.attempts.push({
        at: new Date().toISOString(),
        ...outcome,
        tookMs: Math.round(performance.now() - startedAt),
      });
      if (outcome.status === 200) this.taken(delivery);
      else this.retry(delivery);
    }
    this.pump();
  }

  private taken(delivery: Delivery): void {
    const isFirst = delivery.state === 'pending';
    this.log.finish(delivery, 'delivered');
    this.settle(delivery, true);
    if (isFirst && this.chance() < this.behaviour.webhooks.duplicate) {
      this.schedule(delivery, this.chance() * 200);
    }
  }

  private retry(delivery: Delivery): void {
    if (delivery.state !== 'pending') return; // a deliberate duplicate that was refused: Meta's first try had its 200
    const retry = delivery.attempts.length;
    const delayMs = retry === 1 ? 0 : Math.min(FIRST_RETRY_MS * 2 ** (retry - 2), MAX_RETRY_MS);
    delivery.waitedMs += delayMs;
    if (delivery.waitedMs > RETRY_HORIZON_MS) {
      this.log.finish(delivery, 'given_up');
      this.settle(delivery, false);
      return;
    }
    const speed = Math.max(0.001, this.behaviour.webhooks.retrySpeed);
    this.schedule(delivery, (delayMs / speed) * (0.8 + this.chance() * 0.4));
  }

  private settle(delivery: Delivery, delivered: boolean): void {
    for (const settle of this.settles.get(delivery) ?? []) settle(delivered);
    this.settles.delete(delivery);
  }

  private post(delivery: Delivery): Promise<{ status?: number; error?: string }> {
    return new Promise((resolve) => {
      const url = new URL(delivery.url);
      const isSecure = url.protocol === 'https:';
      const request = (isSecure ? httpsRequest : httpRequest)(
        url,
        {
          method: 'POST',
          agent: this.agents[isSecure ? 'https:' : 'http:'],
          timeout: this.behaviour.webhooks.timeoutMs,
          headers: {
            accept: '*/*',
            'content-type': 'application/json',
            'content-length': delivery.body.length,
            'user-agent': 'facebookexternalua',
            'x-hub-signature': sign1(delivery.body, this.appSecret),
            'x-hub-signature-256': sign256(delivery.body, this.appSecret),
          },
        },
        (response) => {
          response.resume();
          response.on('end', () => {
            resolve({ status: response.statusCode ?? 0 });
          });
          response.on('error', (error) => {
            resolve({ error: error.message });
          });
        },
      );
      request.on('timeout', () => {
        request.destroy(new Error('timeout'));
      });
      request.on('error', (error) => {
        resolve({ error: error.message });
      });
      request.end(delivery.body);
    });
  }
}
