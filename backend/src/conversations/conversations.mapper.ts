import type {
  Conversation,
  ConversationStatus,
  LastMessage,
  Message,
  MessageError,
  MessageStatus,
  MessageType,
  Person,
  Priority,
  Quote,
  SenderType,
  TimelineEntry,
  TimelineKind,
} from '@parley/contract';

/** Seconds after which a person may send an `unknown` message again: by then Meta's statuses would have told. */
export const UNKNOWN_RESENDABLE_AFTER_SECONDS = 120;
const PREVIEW_MAX_CHARS = 240;

/** How a person of any kind stands in a joined row. */
export interface SenderColumns {
  type: SenderType;
  id: string | null;
  agentName: string | null;
  contactName: string | null;
  contactUsername: string | null;
  contactPhone: string | null;
}

interface ContactColumns {
  name: string | null;
  username: string | null;
  phone: string | null;
}

/** A conversation with everything that the contract shows of it, in one row. */
export interface ConversationView {
  id: string;
  version: number;
  rev: number;
  kind: 'direct' | 'group';
  status: ConversationStatus;
  assigneeId: string | null;
  assigneeName: string | null;
  teamId: string | null;
  teamName: string | null;
  contactId: string | null;
  contactName: string | null;
  contactUsername: string | null;
  contactPhone: string | null;
  channelId: string;
  channelName: string;
  lastSeq: number;
  inboundCount: number;
  windowExpiresAt: Date | null;
  waitingSince: Date | null;
  snoozedUntil: Date | null;
  lastActivityAt: Date;
  tags: string[];
  priority: Priority | null;
  createdAt: Date;
  last: {
    id: string;
    seq: number;
    direction: 'inbound' | 'outbound';
    type: MessageType;
    body: string;
    status: MessageStatus;
    eventAt: string;
    sender: SenderColumns;
  } | null;
}

/** What only the asking agent's HTTP answers carry. */
export interface ReadState {
  unreadCount: number;
  readSeq: number;
}

/** A message with the names, reactions and quote that the contract shows, in one row. */
export interface MessageView {
  id: string;
  conversationId: string;
  seq: number;
  rev: number;
  direction: 'inbound' | 'outbound';
  sender: SenderColumns;
  type: MessageType;
  content: Pick<Message, 'text' | 'media' | 'interactive'>;
  rawType: string | null;
  forwarded: boolean;
  reactions: { emoji: string; at: string; sender: SenderColumns }[] | null;
  status: MessageStatus;
  error: MessageError | null;
  replyToId: string | null;
  replyToWamid: string | null;
  quote: { id: string; wamid: string | null; type: MessageType; body: string; sender: SenderColumns } | null;
  wamid: string | null;
  clientMessageId: string | null;
  eventAt: Date;
  eventSecond: number;
  sentAt: Date | null;
  deliveredAt: Date | null;
  readAt: Date | null;
  playedAt: Date | null;
  unknownAt: Date | null;
}

/** A timeline line with names. */
export interface TimelineView {
  id: string;
  conversationId: string;
  afterSeq: number;
  kind: TimelineKind;
  actor: SenderColumns;
  targetId: string | null;
  targetName: string | null;
  until: Date | null;
  createdAt: Date;
}

/** A number as people read it; `null` stays `null` (a customer may be known by a username alone). */
export const shownPhone = (phone: string | null): string | null => (phone ? `+${phone.replace(/\D/g, '')}` : null);

/** The best name there is: the profile's, else the username, else the number. */
export const shownContactName = (contact: ContactColumns): string =>
  contact.name?.trim() || contact.username || shownPhone(contact.phone) || 'Unknown';

/** A conversation as every screen may get it; `read` is added only to what one agent asked for. */
export function toConversation(view: ConversationView, read?: ReadState): Conversation {
  return {
    id: view.id,
    version: view.version,
    rev: view.rev,
    kind: view.kind,
    status: view.status,
    handler: view.status === 'pending' ? 'bot' : view.assigneeId ? 'agent' : 'queue',
    assignee: toPerson(view.assigneeId, view.assigneeName),
    team: toPerson(view.teamId, view.teamName),
    contact: toContact(view),
    channel: { id: view.channelId, name: view.channelName },
    ...(read && { unreadCount: read.unreadCount, readSeq: read.readSeq }),
    lastSeq: view.lastSeq,
    inboundCount: view.inboundCount,
    lastMessage: view.last ? toLastMessage(view.last) : null,
    windowExpiresAt: toTime(view.windowExpiresAt),
    waitingSince: toTime(view.waitingSince),
    snoozedUntil: toTime(view.snoozedUntil),
    lastActivityAt: view.lastActivityAt.toISOString(),
    tags: view.tags,
    priority: view.priority,
    createdAt: view.createdAt.toISOString(),
  };
}

/** One bubble. `createdAt` is the event's own time: the thread is ordered by it. */
export function toMessage(view: MessageView): Message {
  return {
    id: view.id,
    conversationId: view.conversationId,
    seq: view.seq,
    rev: view.rev,
    direction: view.direction,
    sender: toSender(view.sender),
    type: view.type,
    ...(view.content.text && { text: view.content.text }),
    ...(view.content.media && { media: view.content.media }),
    ...(view.content.interactive && { interactive: view.content.interactive }),
    ...(view.rawType !== null && { rawType: view.rawType }),
    ...(view.forwarded && { forwarded: true }),
    reactions: (view.reactions ?? []).map((reaction) => ({
      emoji: reaction.emoji,
      sender: toSender(reaction.sender),
      createdAt: new Date(reaction.at).toISOString(),
    })),
    status: view.status,
    error: view.error,
    replyTo: toQuote(view),
    wamid: view.wamid,
    clientMessageId: view.clientMessageId,
    createdAt: view.eventAt.toISOString(),
    sentAt: toTime(view.sentAt),
    deliveredAt: toTime(view.deliveredAt),
    readAt: toTime(view.readAt),
    playedAt: toTime(view.playedAt),
    resendableAt:
      view.status === 'unknown' && view.unknownAt
        ? new Date(view.unknownAt.getTime() + UNKNOWN_RESENDABLE_AFTER_SECONDS * 1_000).toISOString()
        : null,
  };
}

/** One small line of the thread. */
export function toTimelineEntry(view: TimelineView): TimelineEntry {
  return {
    id: view.id,
    conversationId: view.conversationId,
    afterSeq: view.afterSeq,
    kind: view.kind,
    actor: toSender(view.actor),
    target: toPerson(view.targetId, view.targetName),
    until: toTime(view.until),
    createdAt: view.createdAt.toISOString(),
  };
}

const toTime = (time: Date | null): string | null => time?.toISOString() ?? null;

const toPerson = (id: string | null, name: string | null): Person | null =>
  id ? { id, name: name ?? 'Unknown' } : null;

/** A group has no contact: it is shown under its own id until groups get a face of their own. */
function toContact(view: ConversationView): Conversation['contact'] {
  if (view.contactId === null) return { id: view.id, name: 'Group', phone: null, username: null };
  const contact = { name: view.contactName, username: view.contactUsername, phone: view.contactPhone };
  return {
    id: view.contactId,
    name: shownContactName(contact),
    phone: shownPhone(view.contactPhone),
    username: view.contactUsername,
  };
}

function toSender(sender: SenderColumns): Message['sender'] {
  const name = {
    contact: () =>
      shownContactName({ name: sender.contactName, username: sender.contactUsername, phone: sender.contactPhone }),
    agent: () => sender.agentName ?? 'Unknown',
    bot: () => 'Bot',
    system: () => 'System',
  }[sender.type]();
  return { type: sender.type, id: sender.id, name };
}

function toLastMessage(last: NonNullable<ConversationView['last']>): LastMessage {
  return {
    id: last.id,
    seq: last.seq,
    direction: last.direction,
    sender: toSender(last.sender),
    type: last.type,
    preview: toPreview(last.body),
    status: last.status,
    createdAt: new Date(last.eventAt).toISOString(),
  };
}

function toQuote(view: MessageView): Quote | null {
  const { quote } = view;
  if (quote) {
    const { id, wamid, type } = quote;
    return { messageId: id, wamid, sender: toSender(quote.sender), type, preview: toPreview(quote.body) };
  }
  if (view.replyToWamid === null) return null;
  return { messageId: null, wamid: view.replyToWamid, sender: null, type: null, preview: null };
}

/** The beginning of a body on one line, never cut through a character. */
function toPreview(body: string): string {
  const line = body.replace(/\s+/g, ' ').trim();
  const characters = [...line];
  return characters.length <= PREVIEW_MAX_CHARS ? line : `${characters.slice(0, PREVIEW_MAX_CHARS - 1).join('')}…`;
}
