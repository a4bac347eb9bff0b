import { newId } from '../common/ids.js';
import { type DemoLine, demoTeams, type DemoThread } from './demo-day.js';

/** Where the demo's day lands. */
export interface DemoPlace {
  channelId: string;
  portfolioId: string;
  now: Date;
  /** Ids by first name. */
  agents: ReadonlyMap<string, string>;
}

const MINUTE_MS = 60_000;
const WINDOW_MS = 24 * 60 * MINUTE_MS;

/** The rows of one thread, column by column as their tables have them; pure, so that the repository only inserts. */
export function rowsOf(thread: DemoThread, place: DemoPlace) {
  const contactId = newId();
  const conversationId = newId();
  const caseId = newId();
  const at = (line: DemoLine, step = 0): Date => timeOf(line, place, step);
  const inbound = thread.lines.filter((line) => line.by === 'customer');
  const [first] = thread.lines;
  const last = thread.lines.at(-1);
  const lastInbound = inbound.at(-1);
  if (!first || !last || !lastInbound) throw new Error('a demo thread starts with its customer');
  const ownerId = thread.owner ? (place.agents.get(thread.owner) ?? null) : null;
  const isOwned = thread.status === 'open' || thread.status === 'snoozed';

  const ids = thread.lines.map(() => newId());
  const messages = messagesOf(thread, place, { contactId, conversationId, caseId, ids });

  return {
    contact: {
      id: contactId,
      name: thread.customer.name,
      username: thread.customer.username ?? null,
      phone: thread.customer.waId ?? null,
    },
    identities: [
      ...(thread.customer.userId ? [{ kind: 'bsuid', scope: place.portfolioId, value: thread.customer.userId }] : []),
      ...(thread.customer.waId ? [{ kind: 'wa_id', scope: '', value: thread.customer.waId }] : []),
    ].map((identity) => ({ ...identity, contact_id: contactId })),
    conversation: {
      id: conversationId,
      channel_id: place.channelId,
      contact_id: contactId,
      status: thread.status,
      assignee_id: isOwned ? ownerId : null,
      last_assignee_id: ownerId,
      team_id: demoTeams.find(({ name }) => name === thread.team)?.id ?? null,
      snoozed_until: thread.status === 'snoozed' ? new Date(place.now.getTime() + WINDOW_MS) : null,
      priority: thread.priority ?? null,
      tags: thread.tags ?? [],
      last_seq: messages.length,
      inbound_count: inbound.length,
      last_inbound_seq: thread.lines.lastIndexOf(lastInbound) + 1,
      last_message_id: ids.at(-1),
      last_activity_at: at(last),
      window_expires_at: new Date(at(lastInbound).getTime() + WINDOW_MS),
      waiting_since: waitingSince(thread, at),
      case_id: caseId,
      created_at: at(first),
    },
    case: {
      conversation_id: conversationId,
      id: caseId,
      number: 1,
      opened_at: at(first),
      opened_by: 'contact',
      resolved_at: thread.status === 'resolved' ? at(last) : null,
      resolved_by_id: thread.status === 'resolved' ? ownerId : null,
    },
    messages,
    keys: messages.flatMap(({ id, wamid }) =>
      wamid === null ? [] : [{ channel_id: place.channelId, wamid, conversation_id: conversationId, message_id: id }],
    ),
    reactions: thread.lines.flatMap((line, index) =>
      line.reaction === undefined
        ? []
        : [
            {
              conversation_id: conversationId,
              message_id: ids[index],
              actor_type: 'contact',
              actor_id: contactId,
              emoji: line.reaction,
              event_at: at(line, MINUTE_MS),
            },
          ],
    ),
    readCursors: readCursorsOf(thread, messages, place),
    timeline: timelineOf(thread, conversationId, ownerId, at, place.now),
  };
}

/** The rows of the teams, and of who is in them. */
export const teamRowsOf = (agents: DemoPlace['agents']) => ({
  teams: demoTeams.map(({ id, name }) => ({ id, name })),
  members: demoTeams.flatMap(({ id, members }) =>
    members.flatMap((name) => {
      const agentId = agents.get(name);
      return agentId ? [{ team_id: id, agent_id: agentId }] : [];
    }),
  ),
});

interface ThreadIds {
  contactId: string;
  conversationId: string;
  caseId: string;
  /** Of the messages, in the order of the lines. */
  ids: readonly string[];
}

/** `stepMs` keeps apart what is of the same minute. */
const timeOf = ({ minutesAgo }: DemoLine, { now }: DemoPlace, stepMs: number): Date =>
  new Date(now.getTime() - minutesAgo * MINUTE_MS + stepMs);

function messagesOf(thread: DemoThread, place: DemoPlace, { contactId, conversationId, caseId, ids }: ThreadIds) {
  let inboundNumber = 0;
  return thread.lines.map((line, index) => {
    const isInbound = line.by === 'customer';
    if (isInbound) inboundNumber += 1;
    const status = isInbound ? 'received' : (line.status ?? 'read');
    const eventAt = timeOf(line, place, index);
    const reached = (step: string[]) => (step.includes(status) ? eventAt : null);
    const quoted = line.quotes === undefined ? null : (ids[line.quotes] ?? null);
    const id = ids[index] ?? newId();
    return {
      conversation_id: conversationId,
      id,
      channel_id: place.channelId,
      case_id: caseId,
      seq: index + 1,
      direction: isInbound ? 'inbound' : 'outbound',
      sender_type: isInbound ? 'contact' : line.by === 'bot' ? 'bot' : 'agent',
      sender_id: isInbound ? contactId : (place.agents.get(line.by) ?? null),
      type: line.media?.type ?? (line.buttons ? 'interactive' : 'text'),
      body: line.text,
      content: contentOf(line),
      reply_to_id: quoted,
      reply_to_wamid: quoted === null ? null : wamidOf(quoted),
      wamid: status === 'failed' || status === 'unknown' ? null : wamidOf(id),
      status,
      error: line.error ? { ...line.error, retryable: false } : null,
      event_at: eventAt,
      event_second: Math.floor(eventAt.getTime() / 1_000),
      inbound_number: inboundNumber,
      sent_at: reached(['sent', 'delivered', 'read']),
      delivered_at: reached(['delivered', 'read']),
      read_at: reached(['read']),
      failed_at: reached(['failed']),
      unknown_at: reached(['unknown']),
      created_at: eventAt,
    };
  });
}

const wamidOf = (id: string): string => `wamid.demo.${id}`;

function contentOf(line: DemoLine): object {
  if (line.media) {
    const { mimeType, fileName, voice } = line.media;
    const caption = line.media.type === 'image' ? line.text : null;
    return { media: { mediaId: null, mimeType, sha256: null, fileName, caption, voice, animated: false } };
  }
  if (!line.buttons) return { text: { body: line.text } };
  const interactive = { kind: 'buttons', id: null, title: null, description: null, buttons: line.buttons };
  return { text: { body: line.text }, interactive };
}

/** The whole team has read up to the last line of a person of ours; what came after is new to everybody. */
function readCursorsOf(
  thread: DemoThread,
  messages: readonly { conversation_id: string; inbound_number: number }[],
  place: DemoPlace,
) {
  const answered = thread.lines.findLastIndex((line) => line.by !== 'customer' && line.by !== 'bot');
  const read = thread.status === 'resolved' ? messages.length - 1 : answered;
  const message = messages[read];
  if (!message) return [];
  return [...place.agents.values()].map((agentId) => ({
    conversation_id: message.conversation_id,
    agent_id: agentId,
    seq: read + 1,
    inbound_number: message.inbound_number,
    updated_at: place.now,
  }));
}

/** Since the oldest customer's line that no person answered, unless nobody is expected to. */
function waitingSince(thread: DemoThread, at: (line: DemoLine) => Date): Date | null {
  if (thread.status !== 'open') return null;
  const lastAnswer = thread.lines.findLastIndex((line) => line.by !== 'customer' && line.by !== 'bot');
  const waiting = thread.lines.slice(lastAnswer + 1).find((line) => line.by === 'customer');
  return waiting ? at(waiting) : null;
}

function timelineOf(
  thread: DemoThread,
  conversationId: string,
  ownerId: string | null,
  at: (line: DemoLine) => Date,
  now: Date,
) {
  const entry = (
    kind: string,
    afterSeq: number,
    created: Date,
    actor: 'agent' | 'contact' | 'bot',
    until: Date | null = null,
  ) => ({
    conversation_id: conversationId,
    id: newId(),
    after_seq: afterSeq,
    kind,
    actor_type: actor,
    actor_id: actor === 'agent' ? ownerId : null,
    until,
    created_at: created,
  });
  const [first] = thread.lines;
  const last = thread.lines.at(-1);
  const answer = thread.lines.findIndex((line) => line.by !== 'customer' && line.by !== 'bot');
  const answered = thread.lines[answer];
  const lastOfBot = thread.lines.findLastIndex((line) => line.by === 'bot');
  const handedOver = thread.status === 'pending' ? undefined : thread.lines[lastOfBot];
  return [
    ...(first ? [entry('opened', 0, at(first), 'contact')] : []),
    ...(handedOver ? [entry('bot_handed_over', lastOfBot + 1, at(handedOver), 'bot')] : []),
    ...(answered ? [entry('claimed', answer, at(answered), 'agent')] : []),
    ...(last && thread.status === 'resolved' ? [entry('resolved', thread.lines.length, at(last), 'agent')] : []),
    ...(last && thread.status === 'snoozed'
      ? [entry('snoozed', thread.lines.length, at(last), 'agent', new Date(now.getTime() + WINDOW_MS))]
      : []),
  ];
}

export type DemoRows = ReturnType<typeof rowsOf>;
