import { clip } from '../../common/storable.js';
import type { EventTime, InboundEffect, PersonClaim } from '../../conversations/inbound/inbound-item.js';
import type { StandingChange } from '../../channels/standing/standing-change.js';
import type { TemplateChange } from '../../templates/template-change.js';
import { type AmendmentType, amendmentOf, reactionOf } from './about-content.js';
import { callOf, callStatusOf } from './call-content.js';
import { eventTimeOf } from './event-time.js';
import { asObject, idAt, type JsonObject, objectAt, objectsAt, waIdAt, wordAt, wordsAt } from './json-values.js';
import { contentOf, opensWindow, typeOf } from './message-content.js';
import {
  ContactBook,
  identityChangeOf,
  identityUpdateOf,
  preferenceOf,
  recipientOf,
  securityChangeOf,
  senderOf,
} from './people.js';
import { bookEntryOf, chunkOf, type Recall, recalledOf } from './history-content.js';
import { errorOf, reportOf } from './status-content.js';
import { standingChangeOf } from './standing-news.js';
import { templateChangeOf } from './template-news.js';

/** One message, status, error or other change of a body, in its place. */
export interface DeliveryItem {
  ordinal: number;
  /** `message`, `status`, `error`, `echo`, `history`, what a system message is, or the webhook field's own name. */
  kind: string;
  phoneNumberId: string | null;
  wamid: string | null;
  /** What it does; a text = it is kept, and why nothing is done. */
  effect: InboundEffect | TemplateChange | StandingChange | string;
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
const NO_ID = 'it has no id, so nobody could tell it from its repetition';

const tellsProgress = (effect: DeliveryItem['effect']): boolean =>
  typeof effect !== 'string' && (effect.kind === 'history' || effect.kind === 'import');

/** Lists inside a value that hold one item for each entry, by field. */
const LISTS: ReadonlyMap<string, readonly string[]> = new Map([
  ['automatic_events', ['automatic_events']],
  ['tracking_events', ['events']],
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
    for (const change of objectsAt(entry, 'changes')) collector.change(change, entry);
  }
  return { items: collector.items, problem: collector.isFull ? `more than ${MAX_ITEMS} items` : null, isBroken: false };
}

class Collector {
  readonly items: DeliveryItem[] = [];
  isFull = false;
  private phoneNumberId: string | null = null;

  constructor(private readonly receivedAt: Date) {}

  /** The field decides first: `history`, `standby` and `calls` carry lists of the same names as `messages`. */
  change(change: JsonObject, entry: JsonObject): void {
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
    } else if (field === 'standby') {
      this.standby(value ?? {});
    } else if (field === 'smb_app_state_sync' && objectsAt(value, 'state_sync').length > 0) {
      for (const entry of objectsAt(value, 'state_sync')) this.add(field, null, bookEntryOf(entry));
    } else if (field === 'calls') {
      this.calls(value);
    } else if (field === 'user_preferences' && objectsAt(value, field).length > 0) {
      const book = new ContactBook(value ?? {});
      for (const entry of objectsAt(value, field)) {
        this.add(field, null, preferenceOf(entry, book, eventTimeOf(entry, this.receivedAt)));
      }
    } else if (field === 'user_id_update') {
      for (const update of objectsAt(value, 'user_id_update')) {
        const time = eventTimeOf(update, this.receivedAt);
        this.add(field, null, { kind: 'identity', change: identityUpdateOf(update), time });
      }
    } else {
      const news =
        templateChangeOf(field, entry, value, this.receivedAt) ??
        standingChangeOf(field, entry, value, this.receivedAt);
      if (news === null) this.other(field, value);
      else this.add(field, null, news);
    }
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
      const security = securityChangeOf(message, book, time);
      this.add('system', wamid, change ? { kind: 'identity', change, time } : (security ?? 'a notice of the system'));
    } else if (type === 'edit' || type === 'revoke') this.amendment(type, message, time);
    else if (wamid === null) this.add('message', null, NO_ID);
    else if (type === 'reaction') this.reaction('message', message, senderOf(message, book));
    else {
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

  private reaction(kind: string, message: JsonObject, actor: PersonClaim | null): void {
    const time = eventTimeOf(message, this.receivedAt);
    this.add(kind, idAt(message, 'id'), reactionOf(message, actor, time));
  }

  private amendment(type: AmendmentType, message: JsonObject, time: EventTime): void {
    const wamid = idAt(message, 'id');
    this.add(type, wamid, wamid === null ? NO_ID : amendmentOf(type, message, time));
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

  /** Both lists speak of calls by Meta's id of them; the statuses are those of calls that the business makes. */
  private calls(value: JsonObject | null): void {
    const book = new ContactBook(value ?? {});
    const before = this.items.length;
    for (const call of objectsAt(value, 'calls')) this.call(call, callOf(call, book, this.receivedAt));
    for (const status of objectsAt(value, 'statuses')) this.call(status, callStatusOf(status, book, this.receivedAt));
    if (this.items.length === before) this.add('calls', null, LATER);
  }

  private call(said: JsonObject, effect: ReturnType<typeof callOf>): void {
    const id = idAt(said, 'id');
    this.add('calls', id, id === null ? NO_ID : effect);
  }

  private echoes(value: JsonObject, byPerson: boolean): void {
    const book = new ContactBook(value);
    for (const echo of objectsAt(value, 'message_echoes')) {
      const wamid = idAt(echo, 'id');
      const type = typeOf(echo);
      if (type === 'edit' || type === 'revoke') this.amendment(type, echo, eventTimeOf(echo, this.receivedAt));
      else if (type === 'system') this.add('echo', wamid, LATER);
      else if (wamid === null) this.add('echo', null, NO_ID);
      else if (type === 'reaction') this.reaction('echo', echo, null);
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
    const ownNumber = waIdAt(objectAt(value, 'metadata'), 'display_phone_number');
    const shared = { book: new ContactBook(value), ownNumber, at: this.receivedAt };
    for (const part of objectsAt(value, 'history')) {
      const chunk = chunkOf(part);
      const before = this.items.length;
      for (const thread of objectsAt(part, 'threads')) {
        const threadOf = waIdAt(thread, 'id');
        for (const message of objectsAt(thread, 'messages')) this.recalled(message, { ...shared, chunk, threadOf });
      }
      for (const error of objectsAt(part, 'errors')) {
        const { code, title, detail } = errorOf(error);
        const declined = { code, reason: detail ?? title ?? 'no reason given' };
        this.add('history', null, { kind: 'import', chunk, declined });
      }
      // How far it has come is said by messages and by this alone: reactions and edits are about messages elsewhere.
      if (!this.items.slice(before).some(({ effect }) => tellsProgress(effect))) {
        this.add('history', null, { kind: 'import', chunk, declined: null });
      }
    }
    for (const message of objectsAt(value, 'messages')) {
      this.recalled(message, { ...shared, chunk: null, threadOf: null });
    }
  }

  private recalled(message: JsonObject, on: Recall): void {
    const wamid = idAt(message, 'id');
    this.add('history', wamid, wamid === null ? NO_ID : typeOf(message) === 'system' ? LATER : recalledOf(message, on));
  }

  /** What another system's customers say and hear: shown as it is, under the field's own name, and never answered. */
  private standby(value: JsonObject): void {
    const before = this.items.length;
    this.messages(value);
    this.echoes(value, false);
    for (const [index, item] of this.items.entries()) {
      if (index < before) continue;
      item.kind = 'standby';
      const { effect } = item;
      if (typeof effect !== 'string' && effect.kind === 'message') item.effect = { ...effect, isStandby: true };
    }
    if (this.items.length === before) this.add('standby', null, LATER);
  }

  private other(field: string, value: JsonObject | null): void {
    const lists = field.startsWith('group_') ? ['groups'] : (LISTS.get(field) ?? []);
    const entries = lists.flatMap((list) => objectsAt(value, list));
    for (const entry of entries) this.add(field, idAt(entry, 'id'), LATER);
    if (entries.length === 0) this.add(field, null, LATER);
  }

  private add(kind: string, wamid: string | null, effect: DeliveryItem['effect']): void {
    if (this.items.length >= MAX_ITEMS) this.isFull = true;
    else this.items.push({ ordinal: this.items.length, kind, phoneNumberId: this.phoneNumberId, wamid, effect });
  }
}
