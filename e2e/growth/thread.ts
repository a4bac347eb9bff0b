import type { Random } from '../proof/random.ts';
import { hex16, pickSkewed, uuidAt, type GrowthPlan, type Population } from './plan.ts';
import { copyLine, type Table } from './tables.ts';
import { personName, sentence } from './words.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const TWO_YEARS_DAYS = 730;
const MESSAGES_PER_CASE = 12;
/** One thread in a thousand is of somebody who writes every day. */
const CHATTY_SHARE = 0.001;
const CHATTY_FACTOR = 20;

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

type Status = 'open' | 'pending' | 'snoozed' | 'resolved';

/** A busy inbox that is never quite done: of a hundred threads 12 are open, 2 the bot's, 1 snoozed, 85 resolved. */
function statusOf(random: Random): Status {
  const draw = random.next();
  if (draw < 0.12) return 'open';
  if (draw < 0.14) return 'pending';
  return draw < 0.15 ? 'snoozed' : 'resolved';
}

/** Days since the last message: what is open is recent, what is resolved is of any day of two years. */
const daysAgo = (random: Random, status: Status): number => {
  const long = -Math.log(1 - random.next());
  if (status === 'pending') return Math.min(long * 0.1, 1);
  if (status === 'resolved') return random.next() * TWO_YEARS_DAYS;
  return Math.min(long * 6, TWO_YEARS_DAYS);
};

function lengthOf(plan: GrowthPlan, random: Random): number {
  const mean = (plan.messagesEach - 1) / (1 + CHATTY_SHARE * (CHATTY_FACTOR - 1));
  const factor = random.chance(CHATTY_SHARE) ? CHATTY_FACTOR : 1;
  return 1 + Math.round(-Math.log(1 - random.next()) * mean * factor);
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
  const status = statusOf(random);
  const count = lengthOf(plan, random);
  const lastAt = plan.until.getTime() - daysAgo(random, status) * DAY_MS;
  const owner = pickSkewed(random, people.agents);
  const isOwned = status === 'snoozed' || (status === 'open' && random.chance(0.6));
  const teamId = random.chance(0.6) ? null : pickSkewed(random, people.teamIds);
  const channelId = pickSkewed(random, people.channelIds);
  const hasBot = random.chance(0.3);

  // Times backwards from the last message: minutes inside a case, weeks between cases.
  const times = new Float64Array(count);
  for (let at = lastAt, n = count - 1; n >= 0; n -= 1) {
    times[n] = Math.floor(at);
    const isBreak = n % MESSAGES_PER_CASE === 0;
    at -= -Math.log(1 - random.next()) * (isBreak ? 15 * DAY_MS : 20 * MINUTE_MS) + 1_000;
  }
  const timeOf = (n: number): number => times[n] ?? lastAt;
  const createdAt = new Date(timeOf(0));

  const contactId = uuidAt(random, timeOf(0));
  const id = uuidAt(random, timeOf(0));
  const phone = String(120_000_000_000 + index * 7 + random.below(7));
  const lines = {} as ThreadRows['lines'];
  const put = (table: keyof ThreadRows['lines'], line: string): void => {
    lines[table] = (lines[table] ?? '') + line;
  };
  const username = random.chance(0.1) ? `user.${String(index)}` : null;
  put('contacts', copyLine(contactId, personName(random), username, phone, createdAt, createdAt));
  put('contact_identities', copyLine('wa_id', '', phone, contactId, createdAt));
  put('contact_identities', copyLine('bsuid', 'growth', `US.${String(10 ** 15 + index)}`, contactId, createdAt));

  const messages: Timed[] = [];
  let inbound = 0;
  let lastInbound = -1;
  let caseBase = 0;
  let waitingFrom: number | null = null;
  let hasSent = false;
  let caseId = '';
  let previousId: string | null = null;
  let lastId = '';
  const readUpTo = status === 'resolved' || random.chance(0.7) ? count : random.below(count);
  let readInbound = 0;
  for (let n = 0; n < count; n += 1) {
    const at = new Date(timeOf(n));
    if (n % MESSAGES_PER_CASE === 0) {
      const isLast = n + MESSAGES_PER_CASE >= count;
      const endsAt = new Date(timeOf(Math.min(n + MESSAGES_PER_CASE, count) - 1));
      const isClosed = !isLast || status === 'resolved';
      caseId = uuidAt(random, at.getTime());
      caseBase = inbound;
      const number = 1 + n / MESSAGES_PER_CASE;
      put(
        'cases',
        copyLine(id, caseId, number, at, 'contact', endsAt, isClosed ? endsAt : null, isClosed ? owner.id : null),
      );
      put('timeline_entries', copyLine(id, uuidAt(random, at.getTime()), n, 'opened', 'contact', contactId, at));
      if (isOwned || isClosed)
        put('timeline_entries', copyLine(id, uuidAt(random, at.getTime()), n + 1, 'claimed', 'agent', owner.id, at));
      if (isClosed) {
        const afterSeq = Math.min(n + MESSAGES_PER_CASE, count);
        put(
          'timeline_entries',
          copyLine(id, uuidAt(random, endsAt.getTime()), afterSeq, 'resolved', 'agent', owner.id, endsAt),
        );
      }
    }
    const isInbound = n % MESSAGES_PER_CASE === 0 || random.chance(0.5);
    const sender = isInbound
      ? 'contact'
      : status === 'pending' || (hasBot && n % MESSAGES_PER_CASE === 1)
        ? 'bot'
        : 'agent';
    const messageId = uuidAt(random, at.getTime());
    const wamid = wamidOf(random);
    if (isInbound) {
      inbound += 1;
      lastInbound = n;
      waitingFrom ??= at.getTime();
    } else if (sender === 'agent') waitingFrom = null;
    const part = content(random, sentence(random), isInbound);
    const quoted = n > 0 && random.chance(0.03) ? previousId : null;
    const step = (ms: number): Date | null => (isInbound ? null : new Date(at.getTime() + ms));
    const isRead = !isInbound && random.chance(0.8);
    const reached = isInbound ? 'received' : isRead ? 'read' : 'delivered';
    const readAt = isRead ? step(90_000) : null;
    messages.push({
      atMs: at.getTime(),
      line: copyLine(
        id,
        messageId,
        channelId,
        caseId,
        n + 1,
        isInbound ? 'inbound' : 'outbound',
        sender,
        isInbound ? contactId : sender === 'agent' ? owner.id : null,
        part.type,
        part.body,
        part.content,
        quoted,
        wamid,
        sender === 'agent' ? uuidAt(random, at.getTime()) : null,
        reached,
        at,
        Math.floor(at.getTime() / 1_000),
        inbound,
        step(300),
        step(900),
        step(2_500),
        readAt,
        at,
      ),
    });
    put('message_keys', copyLine(channelId, wamid, id, messageId));
    if (!isInbound) {
      hasSent = true;
      put('message_statuses', copyLine(channelId, wamid, id, messageId, 1, step(300), step(900), step(2_500), readAt));
      if (random.chance(0.02))
        put('message_reactions', copyLine(id, messageId, 'contact', contactId, random.pick(['👍', '❤️', '🙏']), at));
    }
    if (n + 1 === readUpTo) readInbound = inbound;
    previousId = messageId;
    lastId = messageId;
  }
  if (readUpTo > 0 && status !== 'pending') {
    put('read_cursors', copyLine(id, owner.id, readUpTo, readInbound, new Date(timeOf(readUpTo - 1))));
  }
  if (hasSent) put('outbox', copyLine(id, channelId));
  const tags = random.chance(0.2) ? `{${random.pick(['order', 'delivery', 'refund', 'vip'])}}` : '{}';
  const priority = random.chance(0.05) ? random.pick(['high', 'urgent']) : null;
  put(
    'conversations',
    copyLine(
      id,
      channelId,
      contactId,
      status,
      isOwned ? owner.id : null,
      owner.id,
      teamId,
      status === 'snoozed' ? new Date(plan.until.getTime() + (1 + random.next() * 7) * DAY_MS) : null,
      priority,
      tags,
      2,
      count + 2,
      count,
      inbound,
      lastInbound + 1,
      lastId,
      new Date(lastAt),
      lastInbound < 0 ? null : new Date(timeOf(lastInbound) + DAY_MS),
      status === 'open' && waitingFrom !== null ? new Date(waitingFrom) : null,
      caseId,
      caseBase,
      createdAt,
      new Date(lastAt),
    ),
  );
  return { lines, messages };
}
