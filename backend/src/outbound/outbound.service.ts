import { Injectable } from '@nestjs/common';
import type { BotAnswer, ForwardMessage, Message, ResendMessage, SendMessage } from '@parley/contract';
import type { AuthenticatedAgent } from '../common/access/authenticated-agent.js';
import { NotFoundError } from '../common/domain.error.js';
import { OpeningsService } from '../channels/openings/openings.service.js';
import { ChannelStandingService } from '../channels/standing/channel-standing.service.js';
import { ConversationAccess } from '../conversations/conversation-access.js';
import { CustomerBlockedError } from '../conversations/conversation.errors.js';
import { BOT, type ConversationRow } from '../conversations/conversation.row.js';
import { ConversationsReader } from '../conversations/conversations.reader.js';
import {
  ConversationsRepository,
  placeOf,
  type LockedConversation,
} from '../conversations/conversations.repository.js';
import { DraftsService } from '../conversations/drafts/drafts.service.js';
import { OutboundMessagesRepository } from '../conversations/outbound-messages.repository.js';
import { OwnershipService } from '../conversations/ownership/ownership.service.js';
import { ReadReceiptsRepository } from '../conversations/reading/read-receipts.repository.js';
import { Database, type Tx } from '../database/database.js';
import { LogRepository } from '../log/log.repository.js';
import { SendableFiles } from '../media/sendable-files.js';
import { Forwarding, type ForwardSource } from './forwarding.js';
import {
  canonicalRequest,
  draftOf,
  draftOfAnswer,
  isSameRequest,
  wantedFile,
  type CanonicalRequest,
  type DraftContent,
} from './outbound-draft.js';
import {
  MessageIdReusedError,
  NumberRestrictedError,
  ReplyNotFoundError,
  WindowClosedError,
} from './outbound.errors.js';
import { OutboundRepository, type SentBefore } from './outbound.repository.js';
import type { LeaseGuard } from './leases.repository.js';
import { OutboundWaker } from './outbound.waker.js';
import { RecipientsService } from './recipients.service.js';
import { assertResendable } from './resend-check.js';
import { TemplateDraftsService } from './template-drafts.service.js';
import { type UnseenMessage, UnseenService } from './unseen.service.js';

/** The message, and whether this very request made it. */
export interface SendResult {
  message: Message;
  isNew: boolean;
}

/** What one request wants in the thread; made under the lock because a resend reads the original there. */
interface Intent {
  /** Null where only the request is compared. */
  draft: DraftContent | null;
  canonical: CanonicalRequest;
  replyToId: string | null;
  replyToWamid: string | null;
}

type Written =
  | { kind: 'new' | 'repeated'; conversationId: string; messageId: string }
  | { kind: 'changed'; conversationId: string; unseen: UnseenMessage[] };

/** What the bot saw when it decided; all of it must still hold under the lock. */
export interface BotGuard {
  version: number;
  lastInboundSeq: number;
  /** The answer goes together with handing the thread to the queue. */
  handsOver: boolean;
}

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
    private readonly drafts: DraftsService,
    private readonly files: SendableFiles,
    private readonly templates: TemplateDraftsService,
    private readonly recipients: RecipientsService,
    private readonly unseen: UnseenService,
    private readonly log: LogRepository,
    private readonly standing: ChannelStandingService,
    private readonly openings: OpeningsService,
    private readonly forwarding: Forwarding,
  ) {}

  /**
   * Checks in this order: replay → access → blocked → stale → window → restrictions and limits of the number, all under the conversation's lock.
   * @throws MessageIdReusedError, NotFoundError, ConversationChangedError, WindowClosedError, ReplyNotFoundError,
   * TemplateUnavailableError, TemplateInvalidError, PhoneNeededError, WrongCountryError, MarketingStoppedError,
   * NumberRestrictedError, OpeningsUsedUpError, CustomerBlockedError
   */
  async send(agent: AuthenticatedAgent, conversationId: string, request: SendMessage): Promise<SendResult> {
    return this.write(agent, conversationId, request, async (tx, locked, isRepeat) => {
      const { replyTo = null } = request;
      const quoted = replyTo && !isRepeat ? await this.repository.findQuoted(tx, locked.row.id, replyTo) : null;
      if (replyTo && !isRepeat && !quoted) throw new ReplyNotFoundError();
      return {
        draft: isRepeat ? null : await this.draft(tx, agent, locked, request),
        canonical: canonicalRequest(request),
        replyToId: replyTo,
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
      const again = isRepeat ? null : await this.templates.again(tx, row, original, now);
      if (!isRepeat) await this.settle(tx, row, original, now);
      return {
        draft: again ?? { type: original.type, ...contentOf(original) },
        canonical: { ...original.request, resendOf: messageId },
        replyToId: original.replyToId,
        replyToWamid: original.replyToWamid,
      };
    });
  }

  /**
   * What a message says goes to another conversation as a new message of this agent, by the rules of a reply there.
   * @throws NotForwardableError, NotFoundError for a message that this agent may not see, and what `send` throws
   */
  async forward(agent: AuthenticatedAgent, source: ForwardSource, request: ForwardMessage): Promise<SendResult> {
    return this.write(agent, request.to, request, async (tx, _locked, isRepeat) => ({
      draft: isRepeat ? null : await this.forwarding.draft(tx, agent, source),
      canonical: { forward: { ...source } },
      replyToId: null,
      replyToWamid: null,
    }));
  }

  /** What the request says, with the files that it names. */
  private async draft(
    tx: Tx,
    agent: AuthenticatedAgent,
    { row, now }: LockedConversation,
    request: SendMessage,
  ): Promise<DraftContent> {
    if (request.type === 'template') return this.templates.draft(tx, agent, row, request.template, now);
    const wanted = wantedFile(request);
    const file = wanted && (await this.files.take(tx, agent, wanted.fileId, wanted.kinds));
    if (request.type === 'reaction') {
      if (!(await this.repository.findReactable(tx, row.id, request.reaction.messageId)))
        throw new ReplyNotFoundError();
    }
    return draftOf(request, file);
  }

  /** Under the conversation's lock: of several who send the same message again one does. */
  private async settle(tx: Tx, row: ConversationRow, { id }: SentBefore, now: Date): Promise<void> {
    await this.repository.settleResent(tx, row.id, id, now);
    await this.log.append(tx, [{ ...placeOf(row), type: 'message.updated', conversationId: row.id, messageId: id }]);
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
    if (row.windowExpiresAt === null || row.windowExpiresAt <= now || row.blockedAt) return null;
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
    request: Pick<SendMessage, 'clientMessageId' | 'basedOn'> & {
      type?: SendMessage['type'];
      undoSeconds?: number | undefined;
    },
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
      if (row.blockedAt) throw new CustomerBlockedError();
      const isReaction = request.type === 'reaction';
      const unseen = isReaction ? null : await this.unseen.find(tx, agent, row, request.basedOn ?? null);
      if (unseen) return { kind: 'changed', conversationId: row.id, unseen };
      const isClosed = row.windowExpiresAt === null || row.windowExpiresAt <= now;
      const mayOutlast = request.type === 'template' || request.type === undefined;
      if (isClosed && !mayOutlast) throw new WindowClosedError(row.windowExpiresAt);
      const { draft, ...intent } = await intentOf(tx, locked, false);
      if (!draft) throw new TypeError('a new message without content');
      if (isClosed && draft.type !== 'template') throw new WindowClosedError(row.windowExpiresAt);
      await this.recipients.assertMayGet(tx, row.id, draft);
      // Meta would refuse it with a code that stops the whole number, replies included.
      const bar = isClosed ? await this.standing.barToOpenings(tx, row.channelId, now) : null;
      if (bar) throw new NumberRestrictedError(bar);
      const { channelId, contactId } = row;
      const opening = isClosed && contactId !== null ? { channelId, contactId } : null;
      if (opening) await this.openings.admit(tx, opening);
      const appended = await this.append(tx, agent, locked, request, { ...intent, draft });
      if (opening) await this.openings.note(tx, { ...opening, ...appended });
      return { kind: 'new', ...appended };
    });
    if (written.kind === 'changed') throw await this.unseen.refusal(written.conversationId, written.unseen);
    const messages = await this.reader.messages([written]);
    const message = messages.get(written.messageId);
    if (!message) throw new NotFoundError('message');
    return { message, isNew: written.kind === 'new' };
  }

  private async append(
    tx: Tx,
    agent: AuthenticatedAgent,
    locked: LockedConversation,
    { clientMessageId, undoSeconds = 0 }: { clientMessageId: string; undoSeconds?: number | undefined },
    intent: Intent & { draft: DraftContent },
  ): Promise<{ conversationId: string; messageId: string }> {
    const heldUntil = undoSeconds > 0 ? new Date(locked.now.getTime() + undoSeconds * 1_000) : null;
    // The outbox row before any message of the thread: the lease takes them in this order too.
    await this.repository.makeDue(tx, locked.row, 'agent', heldUntil);
    const reaction = intent.draft.content.reaction ?? null;
    // A reaction is no reply: the thread stays whose it is.
    const row = reaction ? locked.row : await this.ownership.takeForReply(tx, locked, agent);
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
        heldUntil,
        status: 'queued',
        isQuiet: reaction !== null,
      },
      locked.now,
    );
    if (reaction) {
      await this.showReaction(tx, agent, locked, messageId, reaction);
    } else {
      await this.receipts.requestReceipt(tx, row);
      await this.drafts.clearSent(tx, row, agent.id, intent.draft.body);
    }
    this.database.afterCommit(tx, () => this.waker.wake(row.channelId, undoSeconds * 1_000));
    return { conversationId: row.id, messageId };
  }

  /** At once, on every screen; it vanishes should Meta refuse it. */
  private async showReaction(
    tx: Tx,
    agent: AuthenticatedAgent,
    { row, now }: LockedConversation,
    carrierId: string,
    { messageId, emoji }: NonNullable<Message['reaction']>,
  ): Promise<void> {
    await this.repository.react(tx, {
      conversationId: row.id,
      messageId,
      agentId: agent.id,
      emoji,
      carrierId,
      at: now,
    });
    await this.log.append(tx, [{ ...placeOf(row), type: 'message.updated', conversationId: row.id, messageId }]);
  }
}

const contentOf = ({ body, content, mediaId }: SentBefore): Omit<DraftContent, 'type'> => ({ body, content, mediaId });
