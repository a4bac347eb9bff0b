import {
  type Conversation,
  type LastMessage,
  type Media,
  type MediaDescription,
  type Message,
  type MessageError,
  type Person,
  type Quote,
  shownContactName,
  shownPhone,
  type TimelineEntry,
} from '@parley/contract';
import { meaningOf } from '../channels/meta-errors.js';
import type {
  ConversationView,
  FileColumns,
  MessageView,
  ReadState,
  SenderColumns,
  StoredContent,
  TimelineView,
} from './conversation-views.js';
import { toCall } from './inbound/call-facts.js';
import { canGetThrough, resendableAt } from './resending.js';

const PREVIEW_MAX_CHARS = 240;
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

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
    channel: {
      id: view.channelId,
      name: view.channelName,
      ...(view.channelColour && { colour: view.channelColour }),
    },
    ...(view.blockedAt && { blockedAt: view.blockedAt.toISOString() }),
    ...(read && { unreadCount: read.unreadCount, readSeq: read.readSeq, readRewinds: read.readRewinds }),
    lastSeq: view.lastSeq,
    inboundCount: view.inboundCount,
    lastMessage: view.last ? toLastMessage(view.last) : null,
    ...(view.lastCall && { lastCall: toCall(view.lastCall) }),
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
    ...toContent(view.content),
    ...(view.content.referral && view.adPicture && { referral: { ...view.content.referral, picture: view.adPicture } }),
    ...(view.content.media && { media: toMedia(view.content.media, view.file) }),
    ...(view.rawType !== null && { rawType: view.rawType }),
    ...(view.forwarded && { forwarded: true }),
    ...(view.origin && { origin: view.origin }),
    reactions: (view.reactions ?? []).map((reaction) => ({
      emoji: reaction.emoji,
      sender: toSender(reaction.sender.type === 'system' ? { ...reaction.sender, id: null } : reaction.sender),
      createdAt: new Date(reaction.at).toISOString(),
    })),
    status: view.status,
    error: view.error && toError(view.error, view),
    replyTo: toQuote(view),
    wamid: view.wamid,
    clientMessageId: view.clientMessageId,
    createdAt: view.eventAt.toISOString(),
    sentAt: toTime(view.sentAt),
    deliveredAt: toTime(view.deliveredAt),
    readAt: toTime(view.readAt),
    playedAt: toTime(view.playedAt),
    resendableAt: toTime(resendableAt(view)),
    ...(view.editedAt && { editedAt: view.editedAt.toISOString() }),
    ...(view.revokedAt && { revokedAt: view.revokedAt.toISOString() }),
    ...(view.undoableUntil && { undoableUntil: view.undoableUntil.toISOString() }),
    ...(view.campaign !== null && { campaign: view.campaign }),
  };
}

/** What was sent again is not sent once more: its copy is. */
function toError(
  { code, title, detail, retryable }: MessageError,
  { isResent, isMarketingStopped }: Pick<MessageView, 'isResent' | 'isMarketingStopped'>,
): MessageError {
  const canHelp = !isResent && canGetThrough({ code, retryable }, isMarketingStopped === true);
  return { code, title, detail, retryable: canHelp, reason: meaningOf(code).reason };
}

/** By name: whatever else a row came to hold is nobody's to see. */
function toContent(content: StoredContent): StoredContent {
  return {
    ...(content.text && { text: content.text }),
    ...(content.location && { location: content.location }),
    ...(content.contacts && { contacts: content.contacts }),
    ...(content.reaction && { reaction: content.reaction }),
    ...(content.interactive && { interactive: content.interactive }),
    ...(content.template && { template: content.template }),
    ...(content.order && { order: content.order }),
    ...(content.form && { form: content.form }),
    ...(content.referral && { referral: content.referral }),
    ...(content.product && { product: content.product }),
    ...(content.withheld && { withheld: content.withheld }),
    ...(content.callPermission && { callPermission: content.callPermission }),
    ...(content.frequentlyForwarded && { frequentlyForwarded: true }),
  };
}

/** Meta's description with what we hold of the file; without a row of its own there is nothing to fetch. */
function toMedia(described: MediaDescription, file: FileColumns | null): Media {
  const state = file === null || file.state === 'deleting' ? 'failed' : file.state;
  return {
    ...described,
    mimeType: file?.mimeType ?? described.mimeType,
    id: file?.id ?? null,
    state,
    failure: file?.failure ?? null,
    size: file?.size ?? null,
    width: file?.width ?? null,
    height: file?.height ?? null,
    durationMs: file?.durationMs ?? null,
    waveform: file?.waveform ?? null,
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
    ...(view.call && { call: toCall(view.call), rev: view.rev }),
    createdAt: view.createdAt.toISOString(),
  };
}

const toTime = (time: Date | null): string | null => time?.toISOString() ?? null;

const toPerson = (id: string | null, name: string | null): Person | null =>
  id ? { id, name: name ?? 'Unknown' } : null;

/** A group has no contact: it is shown under its own id. Its name is empty, as nobody told one: readers word that. */
function toContact(view: ConversationView): Conversation['contact'] {
  if (view.contactId === null) return { id: view.id, name: '', phone: null, username: null };
  const { contactName: name, contactUsername: username, contactPhone: phone, contactBsuid: bsuid } = view;
  return {
    id: view.contactId,
    name: shownContactName({ name, username, phone, bsuid }),
    phone: shownPhone(phone),
    username,
    ...(bsuid !== null && { bsuid }),
  };
}

function toSender(sender: SenderColumns): Message['sender'] {
  const name = {
    contact: () =>
      shownContactName({
        name: sender.contactName ?? null,
        username: sender.contactUsername ?? null,
        phone: sender.contactPhone ?? null,
        bsuid: sender.contactBsuid ?? null,
      }),
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
    ...(last.revokedAt !== null && { revoked: true }),
    ...(last.revokedAt === null && last.callPermission && { callPermission: last.callPermission }),
    createdAt: new Date(last.eventAt).toISOString(),
  };
}

function toQuote(view: MessageView): Quote | null {
  const { quote } = view;
  if (quote) {
    const { id, wamid, type, callPermission } = quote;
    return {
      messageId: id,
      wamid,
      sender: toSender(quote.sender),
      type,
      preview: toPreview(quote.body),
      ...(callPermission && { callPermission }),
    };
  }
  if (view.replyToWamid === null) return null;
  return { messageId: null, wamid: view.replyToWamid, sender: null, type: null, preview: null };
}

/** The beginning of a body on one line, never cut through what a reader takes for one character: a family, a flag. */
export function toPreview(body: string): string {
  const line = body.replace(/\s+/g, ' ').trim();
  const characters = [...line];
  if (characters.length <= PREVIEW_MAX_CHARS) return line;
  const cut = characters.slice(0, PREVIEW_MAX_CHARS - 1).join('');
  const whole = graphemes.segment(line).containing(cut.length);
  // One that is itself longer than a preview has to be cut.
  const end = whole === undefined || whole.index === 0 ? cut.length : whole.index;
  return `${line.slice(0, end)}…`;
}
