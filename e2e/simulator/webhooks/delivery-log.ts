import { BoundedMap } from '../core/bounded-map.ts';

export interface Attempt {
  at: string;
  /** The business's answer; absent when there was none. */
  status?: number;
  error?: string;
  tookMs: number;
}

/** One POST to a business, with every try of it. */
export interface Delivery {
  id: number;
  at: string;
  url: string;
  updates: number;
  body: Buffer;
  state: 'pending' | 'delivered' | 'given_up';
  attempts: Attempt[];
  /** The back-off so far, as Meta's clock would count it. */
  waitedMs: number;
}

const MAX_DELIVERIES = 2_000;
/** Bodies above this are not kept once the delivery is over. */
const MAX_KEPT_BODY_BYTES = 16 * 1024;

/** The last deliveries, for `GET /control/webhooks`. */
export class DeliveryLog {
  private readonly deliveries = new BoundedMap<number, Delivery>(MAX_DELIVERIES);
  private nextId = 1;
  private counts = { delivered: 0, given_up: 0 };

  add(url: string, body: Buffer, updates: number): Delivery {
    const delivery: Delivery = {
      id: this.nextId++,
      at: new Date().toISOString(),
      url,
      updates,
      body,
      state: 'pending',
      attempts: [],
      waitedMs: 0,
    };
    this.deliveries.set(delivery.id, delivery);
    return delivery;
  }

  finish(delivery: Delivery, state: 'delivered' | 'given_up'): void {
    if (delivery.state === 'pending') this.counts[state] += delivery.updates;
    delivery.state = state;
  }

  /** How many updates the business took, and how many were given up. */
  totals(): { delivered: number; given_up: number } {
    return { ...this.counts };
  }

  /** The deliveries, oldest first, each with its body as text unless that is large. */
  all(): (Omit<Delivery, 'body' | 'waitedMs'> & { bytes: number; body?: string })[] {
    return [...this.deliveries.values()].map(({ body, waitedMs: _, ...delivery }) => ({
      ...delivery,
      bytes: body.length,
      ...(body.length <= MAX_KEPT_BODY_BYTES ? { body: body.toString('ascii') } : {}),
    }));
  }

  clear(): void {
    this.deliveries.clear();
    this.counts = { delivered: 0, given_up: 0 };
  }
}
