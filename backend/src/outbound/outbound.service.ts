import { Injectable } from '@nestjs/common';
import {
  type BotAnswer,
  type FilledTemplate,
  filledTemplateSchema,
  type ForwardMessage,
  type Message,
  type ResendMessage,
  type SendMessage,
} from '@parley/contract';
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
import type { PreparedTemplate } from '../templates/template-sending.js';
import { TemplatesService } from '../templates/templates.service.js';
import { Forwarding, type ForwardSource } from './forwarding.js';
import {
  canonicalRequest,
  draftOf,
  draftOfAnswer,
  isSameRequest,
  templateDraft,
  wantedFile,
  type CanonicalRequest,
  type DraftContent,
} from './outbound-draft.js';
import {
  ConversationChangedError,
  MarketingStoppedError,
  MessageIdReusedError,
  NumberRestrictedError,
  PhoneNeededError,
  ReplyNotFoundError,
  WindowClosedError,
  WrongCountryError,
} from './outbound.errors.js';
import { OutboundRepository, type SentBefore } from './outbound.repository.js';
import type { LeaseGuard } from './leases.repository.js';
import { OutboundWaker } from './outbound.waker.js';
import { assertResendable } from './resend-check.js';

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
  | { kind: 'changed'; conversationId: string; unseen: { conversationId: string; messageId: string }[] };

/** What the bot saw when it decided; all of it must still hold under the lock. */
export interface BotGuard {
  version: number;
  lastInboundSeq: number;
  /** The answer goes together with handing the thread to the queue. */
  handsOver: boolean;
}

const INDIA = '91';
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
    private readonly drafts: DraftsService,
    private readonly files: SendableFiles,
    private readonly templates: TemplatesService,
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
    return this.write(agent, conversationId, request, async (tx, { row, now }, isRepeat) => {
      const { replyTo } = request;
      const quoted = replyTo && !isRepeat ? await this.repository.findQuoted(tx, row.id, replyTo) : null;
      if (replyTo && !isRepeat && !quoted) throw new ReplyNotFoundError();
      const prepared =
        request.type === 'template' && !isRepeat ? await this.prepared(tx, row, request.template, now) : null;
      const callingCode = isRepeat ? null : callingCodeFor(request);
      if (callingCode && !(await this.repository.hasPhone(tx, row.id, callingCode))) {
        throw new WrongCountryError(callingCode);
      }
      for (const card of prepared?.cardFiles ?? []) await this.files.take(tx, agent, card.fileId, card.kinds);
      const wanted = isRepeat ? null : (prepared?.file ?? wantedFile(request));
      const file = wanted && (await this.files.take(tx, agent, wanted.fileId, wanted.kinds));
      if (request.type === 'reaction' && !isRepeat) {
        if (!(await this.repository.findReactable(tx, row.id, request.reaction.messageId)))
          throw new ReplyNotFoundError();
      }
      return {
        draft: request.type === 'template' ? prepared && templateDraft(prepared, file) : draftOf(request, file),
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
      const again = isRepeat ? null : await this.templateAgain(tx, row, original, now);
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

  /** Under the conversation's lock: of several who send the same message again one does. */
  private async settle(tx: Tx, row: ConversationRow, { id }: SentBefore, now: Date): Promise<void> {
    await this.repository.settleResent(tx, row.id, id, now);
    await this.log.append(tx, [{ ...placeOf(row), type: 'message.updated', conversationId: row.id, messageId: id }]);
  }

  /** A template that Meta has so, and sends to this customer. */
  private async prepared(tx: Tx, row: ConversationRow, filled: FilledTemplate, now: Date): Promise<PreparedTemplate> {
    const prepared = await this.templates.prepare(tx, row.channelId, filled, now);
    if (prepared.needsPhone && !(await this.repository.hasPhone(tx, row.id))) throw new PhoneNeededError();
    const stoppedAt = prepared.isMarketing ? await this.repository.marketingStoppedAt(tx, row.id) : null;
    if (stoppedAt) throw new MarketingStoppedError(stoppedAt);
    return prepared;
  }

  /** A template goes out as it is by now, if Meta still has it so; null for what is none. */
  private async templateAgain(
    tx: Tx,
    row: ConversationRow,
    original: SentBefore,
    now: Date,
  ): Promise<DraftContent | null> {
    const filled = filledTemplateSchema.safeParse(original.request?.['template']).data;
    if (original.type !== 'template' || !filled) return null;
    const { mediaId, content } = original;
    const draft = templateDraft(await this.prepared(tx, row, filled, now), null);
    return { ...draft, mediaId, content: { ...draft.content, ...(content.media && { media: content.media }) } };
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
      const unseen = isReaction ? null : await this.unseen(tx, agent, locked, request.basedOn ?? null);
      if (unseen) return { kind: 'changed', conversationId: row.id, unseen };
      const isClosed = row.windowExpiresAt === null || row.windowExpiresAt <= now;
      const mayOutlast = request.type === 'template' || request.type === undefined;
      if (isClosed && !mayOutlast) throw new WindowClosedError(row.windowExpiresAt);
      const { draft, ...intent } = await intentOf(tx, locked, false);
      if (!draft) throw new TypeError('a new message without content');
      if (isClosed && draft.type !== 'template') throw new WindowClosedError(row.windowExpiresAt);
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

/** Of the one country that Meta has a kind of message for: addresses are asked for in India (address messages). */
const callingCodeFor = (request: SendMessage): string | null =>
  request.type === 'interactive' && request.interactive.kind === 'address_request' ? INDIA : null;

const contentOf = ({ body, content, mediaId }: SentBefore): Omit<DraftContent, 'type'> => ({ body, content, mediaId });
