import { BoundedMap } from '../core/bounded-map.ts';
import type { Chance } from '../core/chance.ts';
import { asText, isJson, type Json } from '../core/json.ts';
import type { Timers } from '../core/timers.ts';
import { statusErrorOf } from '../graph/errors.ts';
import type { Accounts } from '../state/accounts.ts';
import type { Behaviour, Presence } from '../state/behaviour.ts';
import { type Customer, type Customers, shownWaId } from '../state/customers.ts';
import type { SimulatorEvents } from '../state/events.ts';
import type { SentLog, SentMessage } from '../state/sent-log.ts';
import { contactOf, valueFor } from './envelope.ts';
import type { WebhookSender } from './sender.ts';

/** A status on demand: of a message that was sent here, or of any wamid when the recipient is given too. */
export interface StatusRequest {
  wamid: string;
  status: string;
  timestamp?: string;
  errors?: unknown;
  phoneNumberId?: string;
  /** Other keys of the status object, written as they are. */
  extra?: Json;
}

export interface StatusDependencies {
  behaviour: Behaviour;
  accounts: Accounts;
  customers: Customers;
  sent: SentLog;
  webhooks: WebhookSender;
  timers: Timers;
  events: SimulatorEvents;
  chance: Chance;
}

const MAX_WAITING_CUSTOMERS = 20_000;
const MAX_WAITING_PER_CUSTOMER = 500;

/** Moves each accepted message through sent, delivered, read and played, as the customer's phone decides. */
export class Statuses {
  private readonly on: StatusDependencies;
  /** Messages that a phone holds back, by customer: not delivered (off) or not read (off, away). */
  private readonly waiting = new BoundedMap<string, Set<SentMessage>>(MAX_WAITING_CUSTOMERS);

  constructor(dependencies: StatusDependencies) {
    this.on = dependencies;
  }

  /** Starts the life of a message that was just accepted. */
  begin(message: SentMessage, failure?: { code: number; details?: string | undefined }): void {
    const { auto, sentMs } = this.on.behaviour.statuses;
    if (failure)
      this.after(sentMs, () => {
        this.fail(message, failure.code, failure.details);
      });
    else if (auto)
      this.after(sentMs, () => {
        this.emitSent(message);
      });
  }

  /** The phone was opened, put away or lost its signal. */
  setPresence(customer: Customer, presence: Presence): void {
    customer.presence = presence;
    if (presence === 'off') return;
    for (const message of this.waiting.get(customer.key) ?? []) {
      if (message.status === 'sent') this.deliver(message);
      else if (presence === 'open') this.read(message);
    }
  }

  /** Sends a status now, whatever the message's state; resolves when the business has taken it. */
  async send(request: StatusRequest): Promise<boolean> {
    const message = this.on.sent.find(request.wamid);
    const customer = message ? this.on.customers.find(message.customerKey) : undefined;
    const number = this.on.accounts.forWebhook(request.phoneNumberId ?? message?.phoneNumberId, {});
    const errors = Array.isArray(request.errors) ? request.errors.map(completeError) : undefined;
    const hasFailed = request.status === 'failed';
    const status = {
      id: request.wamid,
      status: request.status,
      timestamp: request.timestamp ?? nowSeconds(),
      ...(message && customer ? recipientOf(message, customer, hasFailed) : {}),
      ...callbackDataOf(message),
      ...((errors ?? hasFailed) ? { errors: errors ?? [statusErrorOf(131026)] } : {}),
      ...request.extra,
    };
    if (message) this.moved(message, request.status);
    const contacts = customer && !hasFailed ? [contactOf(customer, request.status !== 'sent')] : undefined;
    const value = valueFor(number, { ...(contacts ? { contacts } : {}), statuses: [status] });
    const { businessAccountId, id: phoneNumberId } = number;
    return new Promise((resolve) => {
      this.on.webhooks.enqueue({ businessAccountId, phoneNumberId, field: 'messages', value }, resolve);
    });
  }

  clear(): void {
    this.waiting.clear();
  }

  private emitSent(message: SentMessage): void {
    this.emit(message, 'sent', { pricing: message.pricing });
    const customer = this.on.customers.find(message.customerKey);
    if (!customer || customer.blocks || message.type === 'reaction') return; // a reaction only ever gets `sent`
    const { sentMs, deliveredMs } = this.on.behaviour.statuses;
    this.hold(message);
    this.after(deliveredMs - sentMs, () => {
      if (this.presenceOf(message) !== 'off' && message.status === 'sent') this.deliver(message);
    });
  }

  private deliver(message: SentMessage): void {
    this.emit(message, 'delivered', { pricing: message.pricing });
    if (this.presenceOf(message) === 'open') this.readLater(message);
  }

  private readLater(message: SentMessage): void {
    const { deliveredMs, readMs } = this.on.behaviour.statuses;
    this.after(readMs - deliveredMs, () => {
      if (this.presenceOf(message) === 'open' && message.status === 'delivered') this.read(message);
    });
  }

  private read(message: SentMessage): void {
    this.release(message);
    this.emit(message, 'read', {});
    const { readMs, playedMs } = this.on.behaviour.statuses;
    const audio = message.body['audio'];
    if (isJson(audio) && audio['voice'] === true) {
      this.after(playedMs - readMs, () => {
        this.emit(message, 'played', {});
      });
    }
  }

  private fail(message: SentMessage, code: number, details: string | undefined): void {
    this.emit(message, 'failed', { errors: [statusErrorOf(code, details)] });
  }

  private emit(message: SentMessage, status: string, extra: Json): void {
    if (this.on.behaviour.statuses.drop.includes(status)) this.moved(message, status);
    else void this.send({ wamid: message.wamid, status, extra });
  }

  private moved(message: SentMessage, status: string): void {
    message.status = status;
    this.on.events.emit('status', message, status);
  }

  private presenceOf(message: SentMessage): Presence {
    return this.on.customers.find(message.customerKey)?.presence ?? this.on.behaviour.statuses.presence;
  }

  private hold(message: SentMessage): void {
    const held = this.waiting.get(message.customerKey) ?? new Set<SentMessage>();
    this.waiting.set(message.customerKey, held.add(message));
    const oldest = held.values().next();
    if (held.size > MAX_WAITING_PER_CUSTOMER && oldest.done !== true) held.delete(oldest.value);
  }

  private release(message: SentMessage): void {
    const held = this.waiting.get(message.customerKey);
    held?.delete(message);
    if (held?.size === 0) this.waiting.delete(message.customerKey);
  }

  private after(delayMs: number, task: () => void): void {
    const { jitter } = this.on.behaviour.statuses;
    this.on.timers.after(Math.max(0, delayMs) * (1 - jitter + this.on.chance() * 2 * jitter), task);
  }
}

/** Who a status is about: the phone only if it was addressed or is known, the user id always but on `failed`. */
function recipientOf(message: SentMessage, customer: Customer, hasFailed: boolean): Json {
  const showsPhone = (message.toPhone ? customer.waId : shownWaId(customer)) !== undefined;
  const showsUserId = customer.userId !== undefined && !(hasFailed && message.toPhone);
  return {
    ...(showsPhone ? { recipient_id: customer.waId } : {}),
    ...(showsUserId ? { recipient_user_id: customer.userId } : {}),
  };
}

function callbackDataOf(message: SentMessage | undefined): Json {
  const data = asText(message?.body['biz_opaque_callback_data']);
  return data === undefined ? {} : { biz_opaque_callback_data: data };
}

/** An error given by code alone gets Meta's texts; anything fuller is written as it is. */
function completeError(error: unknown): unknown {
  const code = isJson(error) && Object.keys(error).length === 1 ? error['code'] : error;
  return typeof code === 'number' ? statusErrorOf(code) : error;
}

function nowSeconds(): string {
  return String(Math.floor(Date.now() / 1_000));
}
