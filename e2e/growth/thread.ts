import type { Random } from '../proof/random.ts';
import { hex16, uuidAt, type GrowthPlan, type Population } from './plan.ts';
import { copyLine, type Table } from './tables.ts';
import { MESSAGES_PER_CASE, shapeOf, type ThreadShape } from './thread-shape.ts';
import { personName, sentence } from './words.ts';

const DAY_MS = 24 * 3_600_000;

/** A message's line with the time that it is stored at: a table holds messages in the order of arrival, not by thread. */
export interface Timed {
  atMs: number;
  line: string;
}

/** What one thread adds: lines by table, messages and what the log says with their times. */
export interface ThreadRows {
  lines: Record<Exclude<Table, 'messages'>, string>;
  messages: Timed[];
}

/** As long as Meta's, and nobody else's. */
function wamidOf(random: Random): string {
  let digits = '';
  for (let part = 0; part < 12; part += 1) digits += hex16(random.below(65_536));
  return `wamid.HBgLVAgARGB${digits}AA==`;
}

function content(random: Random, body: string, isInbound: boolean): { type: string; body: string; content: string } {
  const draw = random.next();
  if (draw < 0.88) return { type: 'text', body, content: JSON.stringify({ text: { body } }) };
  const [type, mimeType] =
    draw < 0.94
      ? ['image', 'image/jpeg']
      : draw < 0.98
        ? ['audio', 'audio/ogg; codecs=opus']
        : ['document', 'application/pdf'];
  const caption = type === 'image' && isInbound ? body : '';
  const media = {
    mediaId: null,
    mimeType,
    sha256: null,
    fileName: null,
    caption,
    voice: type === 'audio',
    animated: false,
  };
  return { type, body: caption, content: JSON.stringify({ media }) };
}

/** Every row of the nth thread. */
export function threadRows(plan: GrowthPlan, people: Population, random: Random, index: number): ThreadRows {
  const thread = new Thread(shapeOf(plan, people, random), random);
  thread.addContact(index);
  thread.addMessages();
  thread.addConversation(plan.until);
  return { lines: thread.lines, messages: thread.messages };
}

/** One thread while it is written, from its first message to its last: the order of its draws is part of the seed. */
class Thread {
  readonly lines = {} as ThreadRows['lines'];
  readonly messages: Timed[] = [];
  readonly #shape: ThreadShape;
  readonly #random: Random;
  readonly #contactId: string;
  readonly #id: string;
  #inbound = 0;
  #lastInbound = -1;
  #waitingFrom: Date | null = null;
  #hasSent = false;
  /** Of the case under way: its id, and how many of the customer's messages came before it. */
  #caseId = '';
  #caseBase = 0;
  #lastId: string | null = null;

  constructor(shape: ThreadShape, random: Random) {
    this.#shape = shape;
    this.#random = random;
    this.#contactId = this.#newId(this.#timeOf(0));
    this.#id = this.#newId(this.#timeOf(0));
  }

  addContact(index: number): void {
    const random = this.#random;
    const createdAt = this.#timeOf(0);
    const phone = String(120_000_000_000 + index * 7 + random.below(7));
    const username = random.chance(0.1) ? `user.${String(index)}` : null;
    this.#put('contacts', copyLine(this.#contactId, personName(random), username, phone, createdAt, createdAt));
    this.#put('contact_identities', copyLine('wa_id', '', phone, this.#contactId, createdAt));
    this.#put(
      'contact_identities',
      copyLine('bsuid', 'growth', `US.${String(10 ** 15 + index)}`, this.#contactId, createdAt),
    );
  }

  addMessages(): void {
    const { status, ownerId, times } = this.#shape;
    const count = times.length;
    const readUpTo = status === 'resolved' || this.#random.chance(0.7) ? count : this.#random.below(count);
    let readInbound = 0;
    for (let n = 0; n < count; n += 1) {
      if (n % MESSAGES_PER_CASE === 0) this.#openCase(n);
      this.#addMessage(n);
      if (n + 1 === readUpTo) readInbound = this.#inbound;
    }
    if (readUpTo > 0 && status !== 'pending') {
      this.#put('read_cursors', copyLine(this.#id, ownerId, readUpTo, readInbound, this.#timeOf(readUpTo - 1)));
    }
    if (this.#hasSent) this.#put('outbox', copyLine(this.#id, this.#shape.channelId));
  }

  addConversation(until: Date): void {
    const { status, ownerId, isOwned, teamId, channelId, times } = this.#shape;
    const random = this.#random;
    const count = times.length;
    const lastAt = this.#timeOf(count - 1);
    const tags = random.chance(0.2) ? `{${random.pick(['order', 'delivery', 'refund', 'vip'])}}` : '{}';
    const priority = random.chance(0.05) ? random.pick(['high', 'urgent']) : null;
    this.#put(
      'conversations',
      copyLine(
        this.#id,
        channelId,
        this.#contactId,
        status,
        isOwned ? ownerId : null,
        ownerId,
        teamId,
        status === 'snoozed' ? new Date(until.getTime() + (1 + random.next() * 7) * DAY_MS) : null,
        priority,
        tags,
        2,
        count + 2,
        count,
        this.#inbound,
        this.#lastInbound + 1,
        this.#lastId,
        lastAt,
        this.#lastInbound < 0 ? null : new Date(this.#timeOf(this.#lastInbound).getTime() + DAY_MS),
        status === 'open' ? this.#waitingFrom : null,
        this.#caseId,
        this.#caseBase,
        this.#timeOf(0),
        lastAt,
      ),
    );
  }

  /** With the lines of the timeline that begin and end it. */
  #openCase(n: number): void {
    const { status, ownerId, isOwned, times } = this.#shape;
    const at = this.#timeOf(n);
    const endSeq = Math.min(n + MESSAGES_PER_CASE, times.length);
    const endsAt = this.#timeOf(endSeq - 1);
    const isClosed = endSeq < times.length || status === 'resolved';
    this.#caseId = this.#newId(at);
    this.#caseBase = this.#inbound;
    const number = 1 + n / MESSAGES_PER_CASE;
    const end = isClosed ? endsAt : null;
    this.#put('cases', copyLine(this.#id, this.#caseId, number, at, 'contact', endsAt, end, isClosed ? ownerId : null));
    this.#note(n, 'opened', 'contact', this.#contactId, at);
    if (isOwned || isClosed) this.#note(n + 1, 'claimed', 'agent', ownerId, at);
    if (isClosed) this.#note(endSeq, 'resolved', 'agent', ownerId, endsAt);
  }

  #addMessage(n: number): void {
    const { status, ownerId, channelId, hasBot } = this.#shape;
    const random = this.#random;
    const at = this.#timeOf(n);
    const isInbound = n % MESSAGES_PER_CASE === 0 || random.chance(0.5);
    const isBots = status === 'pending' || (hasBot && n % MESSAGES_PER_CASE === 1);
    const sender = isInbound ? 'contact' : isBots ? 'bot' : 'agent';
    const messageId = this.#newId(at);
    const wamid = wamidOf(random);
    if (isInbound) {
      this.#inbound += 1;
      this.#lastInbound = n;
      this.#waitingFrom ??= at;
    } else if (sender === 'agent') this.#waitingFrom = null;
    const part = content(random, sentence(random), isInbound);
    const quoted = n > 0 && random.chance(0.03) ? this.#lastId : null;
    const step = (ms: number): Date | null => (isInbound ? null : new Date(at.getTime() + ms));
    const isRead = !isInbound && random.chance(0.8);
    const [acceptedAt, sentAt, deliveredAt, readAt] = [step(300), step(900), step(2_500), isRead ? step(90_000) : null];
    const line = copyLine(
      this.#id,
      messageId,
      channelId,
      this.#caseId,
      n + 1,
      isInbound ? 'inbound' : 'outbound',
      sender,
      isInbound ? this.#contactId : sender === 'agent' ? ownerId : null,
      part.type,
      part.body,
      part.content,
      quoted,
      wamid,
      sender === 'agent' ? this.#newId(at) : null,
      isInbound ? 'received' : isRead ? 'read' : 'delivered',
      at,
      Math.floor(at.getTime() / 1_000),
      this.#inbound,
      acceptedAt,
      sentAt,
      deliveredAt,
      readAt,
      at,
    );
    this.messages.push({ atMs: at.getTime(), line });
    this.#put('message_keys', copyLine(channelId, wamid, this.#id, messageId));
    this.#lastId = messageId;
    if (isInbound) return;
    this.#hasSent = true;
    this.#put(
      'message_statuses',
      copyLine(channelId, wamid, this.#id, messageId, 1, acceptedAt, sentAt, deliveredAt, readAt),
    );
    if (random.chance(0.02)) {
      this.#put(
        'message_reactions',
        copyLine(this.#id, messageId, 'contact', this.#contactId, random.pick(['👍', '❤️', '🙏']), at),
      );
    }
  }

  #note(afterSeq: number, kind: string, actorType: string, actorId: string, at: Date): void {
    this.#put('timeline_entries', copyLine(this.#id, this.#newId(at), afterSeq, kind, actorType, actorId, at));
  }

  #put(table: keyof ThreadRows['lines'], line: string): void {
    this.lines[table] = (this.lines[table] ?? '') + line;
  }

  #newId(at: Date): string {
    return uuidAt(this.#random, at.getTime());
  }

  #timeOf(n: number): Date {
    return new Date(this.#shape.times[n] ?? Number.NaN);
  }
}
