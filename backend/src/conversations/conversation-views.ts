import type {
  CallPermission,
  ChannelColour,
  ConversationStatus,
  FileFailure,
  FileState,
  InboundContent,
  MediaDescription,
  Message,
  MessageError,
  MessageOrigin,
  MessageStatus,
  MessageType,
  Priority,
  Referral,
  SenderType,
  TimelineKind,
} from '@parley/contract';
import type { StoredCall } from './inbound/call-facts.js';

/** How a person of any kind stands in a row: with what is known of their kind. */
export interface SenderColumns {
  type: SenderType;
  id: string | null;
  agentName?: string | null;
  contactName?: string | null;
  contactUsername?: string | null;
  contactPhone?: string | null;
  contactBsuid?: string | null;
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
  /** Only where neither number nor username is known. */
  contactBsuid: string | null;
  channelId: string;
  channelName: string;
  channelColour?: ChannelColour | null;
  lastSeq: number;
  inboundCount: number;
  windowExpiresAt: Date | null;
  waitingSince: Date | null;
  snoozedUntil: Date | null;
  blockedAt: Date | null;
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
    revokedAt: string | null;
    callPermission?: CallPermission | null;
    sender: SenderColumns;
  } | null;
  /** While it is newer than `last`. */
  lastCall: StoredCall | null;
}

/** What only the asking agent's HTTP answers carry. */
export interface ReadState {
  unreadCount: number;
  readSeq: number;
  readRewinds: number;
}

/** The parts of a message that are stored as they are shown. */
export type StoredContent = Pick<
  Message,
  'text' | 'location' | 'contacts' | 'reaction' | 'interactive' | 'template' | keyof InboundContent
>;

/** A message with the names, reactions and quote that the contract shows, in one row. */
export interface MessageView {
  id: string;
  conversationId: string;
  seq: number;
  rev: number;
  direction: 'inbound' | 'outbound';
  sender: SenderColumns;
  type: MessageType;
  content: StoredContent & { media?: MediaDescription };
  file: FileColumns | null;
  /** The picture of the advertisement that brought the customer, while it is there or may soon be. */
  adPicture: Referral['picture'] | null;
  rawType: string | null;
  forwarded: boolean;
  origin: MessageOrigin | null;
  reactions: { emoji: string; at: string; sender: SenderColumns }[] | null;
  status: MessageStatus;
  error: MessageError | null;
  replyToId: string | null;
  replyToWamid: string | null;
  quote: {
    id: string;
    wamid: string | null;
    type: MessageType;
    body: string;
    callPermission?: CallPermission | null;
    sender: SenderColumns;
  } | null;
  wamid: string | null;
  clientMessageId: string | null;
  eventAt: Date;
  eventSecond: number;
  sentAt: Date | null;
  deliveredAt: Date | null;
  readAt: Date | null;
  playedAt: Date | null;
  failedAt: Date | null;
  unknownAt: Date | null;
  /** It was sent again as another message. */
  isResent: boolean;
  /** Whether its customer wants no marketing by now; asked of what failed alone. */
  isMarketingStopped: boolean | null;
  editedAt: Date | null;
  revokedAt: Date | null;
  /** While it may still be taken back. */
  undoableUntil: Date | null;
  /** What it was sent for. */
  campaign: string | null;
}

/** What is known of a message's file. */
export interface FileColumns {
  id: string;
  state: FileState | 'deleting';
  failure: FileFailure | null;
  mimeType: string | null;
  size: number | null;
  width: number | null;
  height: number | null;
  durationMs: number | null;
  waveform: number[] | null;
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
  call: StoredCall | null;
  rev: number;
  createdAt: Date;
}
