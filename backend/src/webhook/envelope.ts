import type { InboundEffect } from '../conversations/inbound/inbound-item.js';
import { eventTimeOf } from './event-time.js';
import { asObject, clip, idAt, type JsonObject, objectAt, objectsAt, wordAt, wordsAt } from './json-values.js';
import { contentOf, emojiOf, opensWindow, typeOf } from './message-content.js';
import { ContactBook, identityChangeOf, identityUpdateOf, recipientOf, senderOf } from './people.js';
import { errorOf, reportOf } from './status-content.js';

/** One message, status, error or other change of a body, in its place. */
export interface DeliveryItem {
  ordinal: number;
  /** `message`, `status`, `error`, `echo`, `history`, what a system message is, or the webhook field's own name. */
  kind: string;
  phoneNumberId: string | null;
  wamid: string | null;
  /** What it does; a text = it is kept, and why nothing is done. */
  effect: InboundEffect | string;
}

export interface ParsedBody {
  items: DeliveryItem[];
  /** What is wrong with the body as a whole; `isBroken` = it is no JSON at all. */
  problem: string | null;
  isBroken: boolean;
}

/** Meta sends up to 1,000 updates in a body, and a history chunk some thousands. */
const MAX_ITEMS = 10_000;
const ACCOUNT = 'whatsapp_business_account';
const LATER = 'kept for a later release';

/** Lists inside a value that hold one item for each entry, by field. */
const LISTS: ReadonlyMap<string, readonly string[]> = new Map([
  ['smb_app_state_sync', ['state_sync']],
  ['calls', ['calls', 'statuses']],
  ['user_preferences', ['user_preferences']],
  ['automatic_events', ['automatic_events']],
  ['tracking_events', ['events']],
  ['standby', ['messages', 'message_echoes', 'statuses']],
]);

/** Takes a body apart. Never throws, whatever is in it. */
export function parseBody(bytes: Uint8Array, receivedAt: Date): ParsedBody {
  let body: unknown;
  try {
    // Strips a byte order mark and replaces what is no UTF-8, as a signature over the raw bytes has vouched for it.
    body = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return { items: [], problem: 'the body is not JSON', isBroken: true };
  }
  const root = asObject(body);
  if (!root) return { items: [], problem: 'the body is not an object', isBroken: false };
  const object = wordsAt(root, 'object');
  if (object !== null && object !== ACCOUNT) {
    return { items: [], problem: `the object is "${clip(object, 64)}"`, isBroken: false };
  }
  const collector = new Collector(receivedAt);
  for (const entry of objectsAt(root, 'entry')) {
    for (const change of objectsAt(entry, 'changes')) collector.change(change);
  }
  return { items: collector.items, problem: collector.isFull ? `more than ${MAX_ITEMS} items` : null, isBroken: false };
}

class Collector {
  readonly items: DeliveryItem[] = [];
  isFull = false;
  private phoneNumberId: string | null = null;

  constructor(private readonly receivedAt: Date) {}

  /** The field decides first: `history`, `standby` and `calls` carry lists of the same names as `messages`. */
  change(change: JsonObject): void {
    const field = wordAt(change, 'field');
    if (field === null) return;
    const value = objectAt(change, 'value');
    this.phoneNumberId =
      idAt(objectAt(value, 'metadata'), 'phone_number_id') ?? idAt(objectAt(value, 'recipient'), 'phone_number_id');
    if (field === 'messages') {
      if (value) this.messages(value);
    } else if (field === 'smb_message_echoes' || field === 'message_echoes') {
      if (value) this.echoes(value, field === 'smb_message_echoes');
    } else if (field === 'history') {
      if (value) this.history(value);
    } else if (field === 'user_id_update') {
      for (const update of objectsAt(value, 'user_id_update')) {
        const time = eventTimeOf(update, this.receivedAt);
        this.add(field, null, { kind: 'identity', change: identityUpdateOf(update), time });
      }
    } else this.other(field, value);
  }

  private messages(value: JsonObject): void {
    const book = new ContactBook(value);
    for (const message of objectsAt(value, 'messages')) this.message(message, book);
    for (const status of objectsAt(value, 'statuses')) this.status(status);
    for (const error of objectsAt(value, 'errors')) {
      const { code, title, detail } = errorOf(error);
      this.add('error', null, { kind: 'notice', code, title: title ?? 'An error without a title', detail });
    }
  }

  private message(message: JsonObject, book: ContactBook): void {
    const wamid = idAt(message, 'id');
    const type = typeOf(message);
    const time = eventTimeOf(message, this.receivedAt);
    if (type === 'system') {
      const change = identityChangeOf(message);
      this.add('system', wamid, change ? { kind: 'identity', change, time } : 'a notice about the customer’s identity');
    } else if (type === 'edit' || type === 'revoke') this.add(type, wamid, LATER);
    else if (wamid === null) this.add('message', null, 'it has no id, so nobody could tell it from its repetition');
    else if (type === 'reaction') {
      const targetWamid = idAt(objectAt(message, 'reaction'), 'message_id');
      const actor = senderOf(message, book);
      const emoji = emojiOf(message);
      this.add(
        'message',
        wamid,
        targetWamid === null ? 'a reaction to nothing' : { kind: 'reaction', actor, targetWamid, emoji, time },
      );
    } else {
      const content = contentOf(message);
      this.add('message', wamid, {
        kind: 'message',
        sender: senderOf(message, book),
        groupId: idAt(message, 'group_id'),
        time,
        message: content,
        opensWindow: opensWindow(content),
      });
    }
  }

  private status(status: JsonObject): void {
    const type = wordAt(status, 'type');
    if (type !== null && type !== 'message') {
      this.add(type, idAt(status, 'id'), LATER);
      return;
    }
    const report = reportOf(status, this.receivedAt);
    this.add('status', report?.wamid ?? null, report ? { kind: 'status', report } : 'it names no message or no status');
  }

  private echoes(value: JsonObject, byPerson: boolean): void {
    const book = new ContactBook(value);
    for (const echo of objectsAt(value, 'message_echoes')) {
      const wamid = idAt(echo, 'id');
      if (['edit', 'revoke', 'reaction', 'system'].includes(typeOf(echo))) this.add('echo', wamid, LATER);
      else if (wamid === null) this.add('echo', null, 'it has no id, so nobody could tell it from its repetition');
      else {
        this.add('echo', wamid, {
          kind: 'echo',
          recipient: recipientOf(echo, book),
          groupId: idAt(echo, 'group_id'),
          time: eventTimeOf(echo, this.receivedAt),
          message: contentOf(echo),
          byPerson,
        });
      }
    }
  }

  private history(value: JsonObject): void {
    for (const chunk of objectsAt(value, 'history')) {
      for (const thread of objectsAt(chunk, 'threads')) {
        for (const message of objectsAt(thread, 'messages')) this.add('history', idAt(message, 'id'), LATER);
      }
      for (const error of objectsAt(chunk, 'errors')) {
        this.add('history', null, `declined: ${errorOf(error).title ?? 'no reason given'}`);
      }
    }
    for (const message of objectsAt(value, 'messages')) this.add('history', idAt(message, 'id'), LATER);
  }

  private other(field: string, value: JsonObject | null): void {
    const lists = field.startsWith('group_') ? ['groups'] : (LISTS.get(field) ?? []);
    const entries = lists.flatMap((list) => objectsAt(value, list));
    const reason = field === 'standby' ? 'another sender has this conversation: read only' : LATER;
    for (const entry of entries) this.add(field, idAt(entry, 'id'), reason);
    if (entries.length === 0) this.add(field, null, reason);
  }

  private add(kind: string, wamid: string | null, effect: InboundEffect | string): void {
    if (this.items.length >= MAX_ITEMS) this.isFull = true;
    else this.items.push({ ordinal: this.items.length, kind, phoneNumberId: this.phoneNumberId, wamid, effect });
  }
}
