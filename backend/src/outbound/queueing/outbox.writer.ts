import { Injectable } from '@nestjs/common';
import type { AuthenticatedAgent } from '../../common/access/authenticated-agent.js';
import type { LockedConversation } from '../../conversations/conversations.repository.js';
import { DraftsService } from '../../conversations/drafts/drafts.service.js';
import { OutboundMessagesRepository } from '../../conversations/outbound-messages.repository.js';
import { OwnershipService } from '../../conversations/ownership/ownership.service.js';
import { ReadReceiptsRepository } from '../../conversations/reading/read-receipts.repository.js';
import { Database, type Tx } from '../../database/database.js';
import type { CanonicalRequest, DraftContent } from '../content/outbound-draft.js';
import { OutboundWaker } from '../sending/outbound.waker.js';
import { OutboundRepository } from './outbound.repository.js';
import { ReactionsService } from './reactions.service.js';

/** A message of an agent that may go. */
export interface QueuedMessage {
  draft: DraftContent;
  canonical: CanonicalRequest;
  clientMessageId: string;
  replyToId: string | null;
  replyToWamid: string | null;
  /** What it is sent for. */
  campaign: string | null;
  /** It is held back for so long. */
  undoSeconds?: number | undefined;
}

/** Writes what agents send into thread and outbox, with all that a reply brings along. */
@Injectable()
export class OutboxWriter {
  constructor(
    private readonly database: Database,
    private readonly repository: OutboundRepository,
    private readonly ownership: OwnershipService,
    private readonly thread: OutboundMessagesRepository,
    private readonly reactions: ReactionsService,
    private readonly receipts: ReadReceiptsRepository,
    private readonly drafts: DraftsService,
    private readonly waker: OutboundWaker,
  ) {}

  /** To be called under the conversation's lock; the sender is woken once it is committed. */
  async write(
    tx: Tx,
    agent: AuthenticatedAgent,
    locked: LockedConversation,
    { draft, canonical, clientMessageId, replyToId, replyToWamid, campaign, undoSeconds = 0 }: QueuedMessage,
  ): Promise<{ conversationId: string; messageId: string }> {
    const heldUntil = undoSeconds > 0 ? new Date(locked.now.getTime() + undoSeconds * 1_000) : null;
    // The outbox row before any message of the thread: the lease takes them in this order too.
    await this.repository.makeDue(tx, locked.row, 'agent', heldUntil);
    const reaction = draft.content.reaction ?? null;
    // A reaction is no reply: the thread stays whose it is.
    const row = reaction ? locked.row : await this.ownership.takeForReply(tx, locked, agent);
    const { messageId } = await this.thread.append(
      tx,
      row,
      {
        sender: { type: 'agent', id: agent.id },
        ...draft,
        replyToId,
        replyToWamid,
        clientMessageId,
        clientRequest: canonical,
        campaign,
        heldUntil,
        status: 'queued',
        isQuiet: reaction !== null,
      },
      locked.now,
    );
    if (reaction) {
      await this.reactions.show(tx, agent, locked, messageId, reaction);
    } else {
      await this.receipts.requestReceipt(tx, row);
      await this.drafts.clearSent(tx, row, agent.id, draft.body);
    }
    this.database.afterCommit(tx, () => this.waker.wake(row.channelId, undoSeconds * 1_000));
    return { conversationId: row.id, messageId };
  }
}
