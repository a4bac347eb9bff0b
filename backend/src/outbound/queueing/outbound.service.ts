import { Injectable } from '@nestjs/common';
import type {
  BeginConversation,
  Conversation,
  ForwardMessage,
  Message,
  ResendMessage,
  SendMessage,
} from '@parley/contract';
import type { AuthenticatedAgent } from '../../common/access/authenticated-agent.js';
import { NotFoundError } from '../../common/domain.error.js';
import { newId } from '../../common/ids.js';
import { BeginningsService } from '../../conversations/beginning/beginnings.service.js';
import { ConversationAccess } from '../../conversations/conversation-access.js';
import { CustomerBlockedError } from '../../conversations/conversation.errors.js';
import type { ConversationRow } from '../../conversations/conversation.row.js';
import { ConversationsReader } from '../../conversations/conversations.reader.js';
import {
  ConversationsRepository,
  placeOf,
  type LockedConversation,
} from '../../conversations/conversations.repository.js';
import { Database, type Tx } from '../../database/database.js';
import { LogRepository } from '../../log/log.repository.js';
import { LinkedFiles } from '../../media/links/linked-files.js';
import { linksOf, withUploads } from '../content/linked-content.js';
import { canonicalRequest, isSameRequest, type DraftContent } from '../content/outbound-draft.js';
import { MessageIdReusedError, ReplyNotFoundError, WindowClosedError } from '../outbound.errors.js';
import { Forwarding, type ForwardSource } from './forwarding.js';
import { OpeningChecks } from './opening-checks.js';
import { OutboundRepository, type SentBefore } from './outbound.repository.js';
import { OutboxWriter, type QueuedMessage } from './outbox.writer.js';
import { RecipientsService } from './recipients.service.js';
import { RequestDraftsService } from './request-drafts.service.js';
import { assertResendable } from './resend-check.js';
import { TemplateDraftsService } from './template-drafts.service.js';
import { type UnseenMessage, UnseenService } from './unseen.service.js';

/** The message, and whether this very request made it. */
export interface SendResult {
  message: Message;
  isNew: boolean;
}

/** What one request wants in the thread; made under the lock because a resend reads the original there. */
interface Intent extends Pick<QueuedMessage, 'canonical' | 'replyToId' | 'replyToWamid' | 'campaign'> {
  /** Null where only the request is compared. */
  draft: DraftContent | null;
}

type Written =
  | { kind: 'new' | 'repeated'; conversationId: string; messageId: string }
  | { kind: 'changed'; conversationId: string; unseen: UnseenMessage[] };

/** Takes what agents send into the thread and the outbox, in one transaction; the sender does the rest. */
@Injectable()
export class OutboundService {
  constructor(
    private readonly database: Database,
    private readonly access: ConversationAccess,
    private readonly conversations: ConversationsRepository,
    private readonly reader: ConversationsReader,
    private readonly repository: OutboundRepository,
    private readonly drafts: RequestDraftsService,
    private readonly links: LinkedFiles,
    private readonly templates: TemplateDraftsService,
    private readonly recipients: RecipientsService,
    private readonly forwarding: Forwarding,
    private readonly beginnings: BeginningsService,
    private readonly unseen: UnseenService,
    private readonly openings: OpeningChecks,
    private readonly outbox: OutboxWriter,
    private readonly log: LogRepository,
  ) {}

  /**
   * Checks in this order, under the conversation's lock: replay → access → blocked → stale → window → who may get
   * it → restrictions and limits of the number. Files by link are fetched before: after replay and access, which are
   * looked at for it alone.
   * @throws MessageIdReusedError, NotFoundError, ConversationChangedError, WindowClosedError, ReplyNotFoundError,
   * TemplateUnavailableError, TemplateInvalidError, PhoneNeededError, WrongCountryError, MarketingStoppedError,
   * NumberRestrictedError, OpeningsUsedUpError, CustomerBlockedError, and of links what `LinkedFiles.fetch` throws
   */
  async send(agent: AuthenticatedAgent, conversationId: string, request: SendMessage): Promise<SendResult> {
    const toWrite = await this.withFiles(agent, conversationId, request);
    return this.write(agent, conversationId, request, async (tx, locked, isRepeat) => {
      const { replyTo = null } = request;
      const quoted = replyTo && !isRepeat ? await this.repository.findQuoted(tx, locked.row.id, replyTo) : null;
      if (replyTo && !isRepeat && !quoted) throw new ReplyNotFoundError();
      return {
        draft: isRepeat ? null : await this.drafts.draft(tx, agent, locked, toWrite),
        canonical: canonicalRequest(request),
        replyToId: replyTo,
        replyToWamid: quoted?.wamid ?? null,
        campaign: request.campaign ?? null,
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
        campaign: original.campaign,
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
      campaign: null,
    }));
  }

  /**
   * Writes to a customer first: the thread with them, found or made, in the transaction that puts the template into it; a
   * refusal leaves nothing behind. Repeated with its id it answers the same.
   * @throws NotFoundError channel.not_found, and what `send` throws
   */
  async begin(
    agent: AuthenticatedAgent,
    { channelId, to, template, campaign, clientMessageId = newId() }: BeginConversation,
  ): Promise<{ conversation: Conversation; isNew: boolean }> {
    const request = { clientMessageId, type: 'template' as const, template, campaign };
    const toWrite = withUploads(request, await this.links.fetch(agent, clientMessageId, linksOf(request)));
    const isUserId = /^[A-Z]/.test(to);
    const addressee = { bsuid: isUserId ? to : null, waId: isUserId ? null : to.replace(/\D/g, '') };
    const { message, isNew } = await this.write(
      agent,
      (tx) => this.beginnings.threadWith(tx, channelId, addressee),
      request,
      async (tx, locked, isRepeat) => ({
        draft: isRepeat ? null : await this.drafts.draft(tx, agent, locked, toWrite),
        canonical: canonicalRequest(request),
        replyToId: null,
        replyToWamid: null,
        campaign: campaign ?? null,
      }),
    );
    return { conversation: await this.reader.forAgent(agent.id, message.conversationId), isNew };
  }

  /** The request with its links fetched; as it is when it has none, or is known: a repeat fetches nothing. */
  private async withFiles(
    agent: AuthenticatedAgent,
    conversationId: string,
    request: SendMessage,
  ): Promise<SendMessage> {
    const links = linksOf(request);
    if (links.length === 0) return request;
    const { clientMessageId } = request;
    const thread = await this.access.survivorOf(conversationId);
    const known = await this.repository.findByClientId(this.database.pool, thread, clientMessageId);
    if (known) return request;
    await this.access.assertVisible(agent, thread);
    return withUploads(request, await this.links.fetch(agent, clientMessageId, links));
  }

  /** Under the conversation's lock: of several who send the same message again one does. */
  private async settle(tx: Tx, row: ConversationRow, { id }: SentBefore, now: Date): Promise<void> {
    await this.repository.settleResent(tx, row.id, id, now);
    await this.log.append(tx, [{ ...placeOf(row), type: 'message.updated', conversationId: row.id, messageId: id }]);
  }

  private async write(
    agent: AuthenticatedAgent,
    place: string | ((tx: Tx) => Promise<string>),
    request: Pick<SendMessage, 'clientMessageId' | 'basedOn'> & {
      type?: SendMessage['type'];
      undoSeconds?: number | undefined;
    },
    intentOf: (tx: Tx, locked: LockedConversation, isRepeat: boolean) => Promise<Intent>,
  ): Promise<SendResult> {
    const written = await this.database.transaction(async (tx): Promise<Written> => {
      const locked = await this.conversations.lock(tx, typeof place === 'string' ? place : await place(tx));
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
      if (isClosed) await this.openings.assertMayOpen(tx, row, now);
      const { clientMessageId, undoSeconds } = request;
      const queued = await this.outbox.write(tx, agent, locked, { ...intent, draft, clientMessageId, undoSeconds });
      if (isClosed) await this.openings.note(tx, row, queued);
      return { kind: 'new', ...queued };
    });
    if (written.kind === 'changed') throw await this.unseen.refusal(written.conversationId, written.unseen);
    const messages = await this.reader.messages([written]);
    const message = messages.get(written.messageId);
    if (!message) throw new NotFoundError('message');
    return { message, isNew: written.kind === 'new' };
  }
}

const contentOf = ({ body, content, mediaId }: SentBefore): Omit<DraftContent, 'type'> => ({ body, content, mediaId });
