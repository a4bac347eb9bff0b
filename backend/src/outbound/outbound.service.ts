import { Injectable } from '@nestjs/common';
import type { BotAnswer, Message, ResendMessage, SendMessage } from '@parley/contract';
import type { AuthenticatedAgent } from '../common/access/authenticated-agent.js';
import { NotFoundError } from '../common/domain.error.js';
import { ConversationAccess } from '../conversations/conversation-access.js';
import { BOT, type ConversationRow } from '../conversations/conversation.row.js';
import { UNKNOWN_RESENDABLE_AFTER_SECONDS } from '../conversations/conversations.mapper.js';
import { ConversationsReader } from '../conversations/conversations.reader.js';
import { ConversationsRepository, type LockedConversation } from '../conversations/conversations.repository.js';
import { OutboundMessagesRepository } from '../conversations/outbound-messages.repository.js';
import { OwnershipService } from '../conversations/ownership.service.js';
import { ReadReceiptsRepository } from '../conversations/read-receipts.repository.js';
import { Database, type Tx } from '../database/database.js';
import {
  canonicalRequest,
  draftOf,
  draftOfAnswer,
  isSameRequest,
  type CanonicalRequest,
  type DraftContent,
} from './outbound-draft.js';
import {
  ConversationChangedError,
  MessageIdReusedError,
  NotRetryableError,
  ReplyNotFoundError,
  WindowClosedError,
} from './outbound.errors.js';
import { OutboundRepository, type SentBefore } from './outbound.repository.js';
import type { LeaseGuard } from './leases.repository.js';
import { OutboundWaker } from './outbound.waker.js';

/** The message, and whether this very request made it. */
export interface SendResult {
  message: Message;
  isNew: boolean;
}

/** What one request wants in the thread; made under the lock because a resend reads the original there. */
interface Intent {
  draft: DraftContent;
  canonical: CanonicalRequest;
  replyToId: string | null;
  replyToWamid: string | null;
}

type Written =
  | { kind: 'new' | 'repeated'; conversationId: string; messageId: string }
  | { kind: 'changed'; conversationId: string; unseen: { conversationId: string; messageId: string }[] };

/** What the bot saw when it decided; all of it must still hold under the lock. */
export interface BotGuard {
  version: number;
  lastInboundSeq: number;
  /** The answer goes together with handing the thread to the queue. */
  handsOver: boolean;
}

const NEWS_LIMIT = 50;
/** Without `basedOn` nobody knows what the sender has seen: the end of the thread is shown. */
const NEWS_WITHOUT_BASE = 10;

/** Takes what agents send into the thread and the outbox, in one transaction; the sender does the rest. */
@Injectable()
export class OutboundService {
  constructor(
    private readonly database: Database,
    private readonly access: ConversationAccess,
    private readonly conversations: ConversationsRepository,
    private readonly thread: OutboundMessagesRepository,
    private readonly ownership: OwnershipService,
    private readonly receipts: ReadReceiptsRepository,
    private readonly reader: ConversationsReader,
    private readonly repository: OutboundRepository,
    private readonly waker: OutboundWaker,
  ) {}

  /**
   * Checks in this order: replay → access → stale → window, all under the conversation's lock.
   * @throws MessageIdReusedError, NotFoundError, ConversationChangedError, WindowClosedError, ReplyNotFoundError
   */
  async send(agent: AuthenticatedAgent, conversationId: string, request: SendMessage): Promise<SendResult> {
    return this.write(agent, conversationId, request, async (tx, { row }, isRepeat) => {
      const { replyTo } = request;
      const quoted = replyTo && !isRepeat ? await this.repository.findQuoted(tx, row.id, replyTo) : null;
      if (replyTo && !isRepeat && !quoted) throw new ReplyNotFoundError();
      return {
        draft: draftOf(request),
        canonical: canonicalRequest(request),
        replyToId: replyTo ?? null,
        replyToWamid: quoted?.wamid ?? null,
      };
    });
  }

  /**
   * A failed message, or one that stayed unknown for two minutes, goes out again as a new message of this agent.
   * @throws NotRetryableError and what `send` throws
   */
  async resend(
    agent: AuthenticatedAgent,
    conversationId: string,
    messageId: string,
    request: ResendMessage,
  ): Promise<SendResult> {
    return this.write(agent, conversationId, request, async (tx, { row, now }, isRepeat) => {
      const original = await this.repository.findSent(tx, row.id, messageId);
      if (!original) throw new NotFoundError('message');
      if (!isRepeat) assertResendable(original, now);
      return {
        draft: { type: original.type === 'interactive' ? 'interactive' : 'text', ...contentOf(original) },
        canonical: { ...original.request, resendOf: messageId },
        replyToId: original.replyToId,
        replyToWamid: original.replyToWamid,
      };
    });
  }

  /**
   * Puts an answer of the bot into the thread, in the transaction of the turn that decided it.
   * Null when a person has come in between, the customer has gone on writing, or the window is closed.
   */
  async sendAsBot(
    tx: Tx,
    { row, now }: LockedConversation,
    answer: BotAnswer,
    guard: BotGuard,
  ): Promise<{ messageId: string; conversation: ConversationRow } | null> {
    const isStillTheBots = row.status === 'pending' && row.version === guard.version;
    if (!isStillTheBots || row.lastInboundSeq !== guard.lastInboundSeq) return null;
    if (row.windowExpiresAt === null || row.windowExpiresAt <= now) return null;
    await this.repository.makeDue(tx, row, 'bot');
    const leaseGuard: LeaseGuard = { caseId: row.caseId, handsOver: guard.handsOver };
    const appended = await this.thread.append(
      tx,
      row,
      { sender: BOT, ...draftOfAnswer(answer), guard: { ...leaseGuard }, status: 'queued' },
      now,
    );
    this.database.afterCommit(tx, () => this.waker.wake(row.channelId));
    return appended;
  }

  /** There may be something to send for this number. */
  wake(channelId: string): void {
    this.waker.wake(channelId);
  }

  private async write(
    agent: AuthenticatedAgent,
    conversationId: string,
    request: Pick<SendMessage, 'clientMessageId' | 'basedOn'>,
    intentOf: (tx: Tx, locked: LockedConversation, isRepeat: boolean) => Promise<Intent>,
  ): Promise<SendResult> {
    const written = await this.database.transaction(async (tx): Promise<Written> => {
      const locked = await this.conversations.lock(tx, conversationId);
      if (!locked) throw new NotFoundError('conversation');
      const { row, now } = locked;
      const known = await this.repository.findByClientId(tx, row.id, request.clientMessageId);
      if (known && known.senderId === agent.id) {
        const { canonical } = await intentOf(tx, locked, true);
        if (!isSameRequest(known.request, canonical)) throw new MessageIdReusedError();
        return { kind: 'repeated', conversationId: row.id, messageId: known.id };
      }
      if (!this.access.isVisible(agent, row)) throw new NotFoundError('conversation');
      if (known) throw new MessageIdReusedError();
      const unseen = await this.unseen(tx, agent, locked, request.basedOn ?? null);
      if (unseen) return { kind: 'changed', conversationId: row.id, unseen };
      if (row.windowExpiresAt === null || row.windowExpiresAt <= now) throw new WindowClosedError(row.windowExpiresAt);
      const intent = await intentOf(tx, locked, false);
      return { kind: 'new', ...(await this.append(tx, agent, locked, request.clientMessageId, intent)) };
    });
    if (written.kind === 'changed') throw await this.changedError(written);
    const messages = await this.reader.messages([written]);
    const message = messages.get(written.messageId);
    if (!message) throw new NotFoundError('message');
    return { message, isNew: written.kind === 'new' };
  }

  /** Null when the agent has seen all there is to see. */
  private async unseen(
    tx: Tx,
    agent: AuthenticatedAgent,
    { row }: LockedConversation,
    basedOn: number | null,
  ): Promise<{ conversationId: string; messageId: string }[] | null> {
    if (basedOn !== null) {
      const unseen = await this.repository.unseenBy(tx, agent.id, row.id, basedOn, NEWS_LIMIT);
      return unseen.length > 0 ? unseen : null;
    }
    const isColleagues = row.assigneeId !== null && row.assigneeId !== agent.id;
    return isColleagues ? this.repository.unseenBy(tx, agent.id, row.id, 0, NEWS_WITHOUT_BASE) : null;
  }

  private async append(
    tx: Tx,
    agent: AuthenticatedAgent,
    locked: LockedConversation,
    clientMessageId: string,
    intent: Intent,
  ): Promise<{ conversationId: string; messageId: string }> {
    // The outbox row before any message of the thread: the lease takes them in this order too.
    await this.repository.makeDue(tx, locked.row, 'agent');
    const row = await this.ownership.takeForReply(tx, locked, agent);
    const { messageId } = await this.thread.append(
      tx,
      row,
      {
        sender: { type: 'agent', id: agent.id },
        ...intent.draft,
        replyToId: intent.replyToId,
        replyToWamid: intent.replyToWamid,
        clientMessageId,
        clientRequest: intent.canonical,
        status: 'queued',
      },
      locked.now,
    );
    await this.receipts.requestReceipt(tx, row);
    this.database.afterCommit(tx, () => this.waker.wake(row.channelId));
    return { conversationId: row.id, messageId };
  }

  private async changedError(written: Extract<Written, { kind: 'changed' }>): Promise<ConversationChangedError> {
    const [conversations, messages] = await Promise.all([
      this.reader.conversations([written.conversationId]),
      this.reader.messages(written.unseen),
    ]);
    const conversation = conversations.get(written.conversationId);
    if (!conversation) throw new NotFoundError('conversation');
    return new ConversationChangedError(
      conversation,
      [...messages.values()].sort((left, right) => left.seq - right.seq),
    );
  }
}

function assertResendable(original: SentBefore, now: Date): void {
  if (original.senderType !== 'agent') throw new NotRetryableError('Only what an agent wrote can be sent again.');
  if (original.status === 'failed') {
    if (original.error?.retryable === false) {
      throw new NotRetryableError('Sending the same message again cannot help.');
    }
    return;
  }
  if (original.status !== 'unknown') throw new NotRetryableError('This message is on its way or has arrived.');
  const resendableAtMs = (original.unknownAt?.getTime() ?? 0) + UNKNOWN_RESENDABLE_AFTER_SECONDS * 1_000;
  if (now.getTime() < resendableAtMs) {
    throw new NotRetryableError('It may still turn out that WhatsApp took this message.');
  }
}

const contentOf = ({ body, content }: SentBefore): Pick<DraftContent, 'body' | 'content'> => ({ body, content });
