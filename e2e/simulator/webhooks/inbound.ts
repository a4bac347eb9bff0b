import { RequestError } from '../core/http.ts';
import { createWamid, userIdOfPhone } from '../core/ids.ts';
import { asJson, asJsonList, asText, isJson, withoutEmpty, type Json } from '../core/json.ts';
import type { Accounts } from '../state/accounts.ts';
import type { BlockList } from '../state/block-list.ts';
import type { Customer, Customers } from '../state/customers.ts';
import type { SimulatorEvents } from '../state/events.ts';
import type { MediaStore } from '../state/media-store.ts';
import type { SentLog } from '../state/sent-log.ts';
import { contactOf, valueFor } from './envelope.ts';
import { completeMedia } from './inbound-media.ts';
import type { WebhookSender } from './sender.ts';

export interface InboundDependencies {
  accounts: Accounts;
  customers: Customers;
  blocks: BlockList;
  media: MediaStore;
  sent: SentLog;
  webhooks: WebhookSender;
  events: SimulatorEvents;
}

export interface InboundResult {
  wamids: string[];
  /** Resolves once the business answered 200 (true), or never will be asked (false). */
  delivered: Promise<boolean>;
}

/** Types that tell of something other than a message the customer wrote: they open no window (the safe reading). */
const OPENS_NO_WINDOW = new Set(['reaction', 'system', 'unsupported', 'unknown', 'edit', 'revoke']);

/** Turns a piece of a webhook `value` into a whole one, as Meta would have written it, and delivers it. */
export class Inbound {
  private readonly on: InboundDependencies;

  constructor(dependencies: InboundDependencies) {
    this.on = dependencies;
  }

  /**
   * Takes `{ contacts?, messages?, statuses?, errors?, … }` plus `phone_number_id?` and `field?`; adds metadata, missing
   * ids, timestamps, user ids and contacts. A key given as null stays out, for the shapes that lack it.
   */
  receive(fragment: Json): InboundResult {
    const { phone_number_id: phoneNumberId, field, metadata, messaging_product: _, ...content } = fragment;
    const number = this.on.accounts.forWebhook(asText(phoneNumberId), asJson(metadata));
    const contacts = asJsonList(content['contacts']).map((contact) => this.completeContact(contact));
    const messages: Json[] = [];
    const written = asJsonList(content['messages']);
    for (const given of written) {
      // Whoever the number has blocked writes into the void.
      if (!this.isBlocked(given, contacts, number.id)) messages.push(this.completeMessage(given, contacts, number.id));
    }
    if (written.length > 0 && messages.length === 0) return { wamids: [], delivered: Promise.resolve(false) };
    const value = valueFor(number, {
      ...(contacts.length > 0 && content['contacts'] !== null ? { contacts } : {}),
      ...(messages.length > 0 ? { messages } : {}),
      ...withoutEmpty({ ...content, contacts: undefined, messages: undefined }),
    });
    if (Object.keys(value).length === 2)
      throw new RequestError(400, 'Nothing to deliver: give messages, statuses or errors.');
    const wamids = messages.map((message) => asText(message['id']) ?? '');
    const update = {
      businessAccountId: number.businessAccountId,
      phoneNumberId: number.id,
      field: asText(field) ?? 'messages',
      value,
    };
    const delivered = new Promise<boolean>((resolve) => {
      this.on.webhooks.enqueue(update, (isDelivered) => {
        if (isDelivered) for (const wamid of wamids) this.on.events.emit('inboundTaken', wamid);
        resolve(isDelivered);
      });
    });
    return { wamids, delivered };
  }

  private completeContact(given: Json): Json {
    const waId = asText(given['wa_id']);
    const userId = given['user_id'] === null ? undefined : (asText(given['user_id']) ?? (waId && userIdOfPhone(waId)));
    const profile = asJson(given['profile']);
    this.on.customers.learn({
      waId,
      userId,
      parentUserId: asText(given['parent_user_id']),
      name: asText(profile['name']),
      username: asText(profile['username']),
    });
    const { profile: _profile, wa_id: _waId, user_id: _userId, ...rest } = given;
    return withoutEmpty({
      profile: isJson(given['profile']) ? profile : undefined,
      wa_id: waId,
      user_id: userId,
      ...rest,
    });
  }

  private completeMessage(given: Json, contacts: Json[], phoneNumberId: string): Json {
    const type = asText(given['type']) ?? (isJson(given['text']) ? 'text' : 'unknown');
    const contact = contactFor(given, contacts);
    const from = given['from'] === null ? undefined : (asText(given['from']) ?? asText(contact['wa_id']));
    const userId =
      given['from_user_id'] === null
        ? undefined
        : (asText(given['from_user_id']) ?? asText(contact['user_id']) ?? (from && userIdOfPhone(from)));
    const customer = this.on.customers.learn({ waId: from, userId });
    const id = asText(given['id']) ?? createWamid('inbound', customer.key);
    const timestamp = asText(given['timestamp']) ?? String(Math.floor(Date.now() / 1_000));
    const { context, id: _id, from: _from, from_user_id: _user, timestamp: _at, type: _type, ...content } = given;
    const message = withoutEmpty({
      context,
      from,
      from_user_id: userId,
      id,
      timestamp,
      type,
      ...completeMedia(content, type, this.on.media),
    });
    this.remember(customer, phoneNumberId, message, type);
    if (type !== 'system' && contacts.every((known) => !isSame(known, from, userId))) {
      contacts.push(contactOf(customer, true));
    }
    return message;
  }

  private isBlocked(message: Json, contacts: readonly Json[], phoneNumberId: string): boolean {
    const contact = contactFor(message, contacts);
    const address = asText(message['from']) ?? asText(contact['wa_id']) ?? asText(message['from_user_id']);
    const customer = address === undefined ? undefined : this.on.customers.findByAddress(address);
    return customer !== undefined && this.on.blocks.has(phoneNumberId, customer);
  }

  private remember(customer: Customer, phoneNumberId: string, message: Json, type: string): void {
    this.on.sent.addInbound(asText(message['id']) ?? '', customer.key);
    if (!OPENS_NO_WINDOW.has(type)) {
      const openedAt = Number(message['timestamp']);
      const known = customer.windowOpenedAt.get(phoneNumberId) ?? 0;
      if (openedAt > known) customer.windowOpenedAt.set(phoneNumberId, openedAt);
    }
    this.on.events.emit('inbound', customer, phoneNumberId, message);
  }
}

/** The contact that a message belongs to: by id, or the only one there is when the message names nobody. */
function contactFor(message: Json, contacts: readonly Json[]): Json {
  const from = asText(message['from']);
  const userId = asText(message['from_user_id']);
  const found = contacts.find((contact) => isSame(contact, from, userId));
  if (found) return found;
  return from === undefined && userId === undefined ? asJson(contacts[0]) : {};
}

function isSame(contact: Json, waId: string | undefined, userId: string | undefined): boolean {
  return (waId !== undefined && contact['wa_id'] === waId) || (userId !== undefined && contact['user_id'] === userId);
}
