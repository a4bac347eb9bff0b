import { Injectable } from '@nestjs/common';
import type { Tx } from '../../database/database.js';
import { LogRepository } from '../../log/log.repository.js';
import type { Viewer } from '../conversation-access.js';
import type { ConversationRow } from '../conversation.row.js';
import { ConversationsRepository, placeOf, type LockedConversation } from '../conversations.repository.js';
import { ReadReceiptsRepository } from '../reading/read-receipts.repository.js';
import { planClaim, type Plan } from './ownership-rules.js';
import { OwnershipRepository, type ClaimedConversation, type QueuePart } from './ownership.repository.js';

/** Writes what the rules decided: the row, its case, its timeline, its events, and the bot's queued messages. */
@Injectable()
export class OwnershipChanges {
  constructor(
    private readonly conversations: ConversationsRepository,
    private readonly ownership: OwnershipRepository,
    private readonly receipts: ReadReceiptsRepository,
    private readonly log: LogRepository,
  ) {}

  /** Takes it if nobody owns it; null when the condition did not hold. */
  async claim(tx: Tx, id: string, agent: Viewer): Promise<ConversationRow | null> {
    return this.claimed(tx, agent, await this.ownership.claim(tx, id, agent));
  }

  /**
   * Takes from the queue what has waited longest; null when nothing of it is left. What another transaction holds for a
   * moment is passed over first, and waited for only when there is nothing else.
   */
  async claimNext(tx: Tx, agent: Viewer, from: QueuePart): Promise<ConversationRow | null> {
    for (;;) {
      const claimed = await this.ownership.claimOldest(tx, agent, from);
      if (claimed) return this.claimed(tx, agent, claimed);
      const heldId = await this.ownership.oldestQueued(tx, agent, from);
      if (heldId === null) return null;
      const row = await this.claim(tx, heldId, agent);
      if (row) return row;
    }
  }

  private async claimed(tx: Tx, agent: Viewer, claimed: ClaimedConversation | null): Promise<ConversationRow | null> {
    if (!claimed) return null;
    const { row, statusBefore, now } = claimed;
    const before = { ...row, status: statusBefore, assigneeId: null };
    await this.supersedeBot(tx, row, now);
    await this.conversations.record(tx, before, row, planClaim(before, agent.id).lines, now);
    await this.receipts.requestOnOpen(tx, row.id, agent.id);
    return row;
  }

  /** Carries out a plan under the row lock that the caller holds. `actorId` null = the system. */
  async apply(tx: Tx, locked: LockedConversation, plan: Plan, actorId: string | null): Promise<ConversationRow> {
    const { row: before, now } = locked;
    const patch = { ...plan.patch };
    if (plan.caseChange === 'closes') await this.conversations.closeCase(tx, before, actorId, now);
    if (plan.caseChange === 'opens') patch.caseId = await this.conversations.openCase(tx, before, 'agent', now);
    const row = await this.conversations.change(tx, before, patch, plan.lines, now);
    if (plan.supersedesBot) await this.supersedeBot(tx, row, now);
    if (row.assigneeId !== null && row.assigneeId !== before.assigneeId) {
      await this.receipts.requestOnOpen(tx, row.id, row.assigneeId);
    }
    return row;
  }

  private async supersedeBot(tx: Tx, row: ConversationRow, now: Date): Promise<void> {
    const superseded = await this.ownership.supersedeBotMessages(tx, row.id, now);
    await this.log.append(
      tx,
      superseded.map((messageId) => ({ ...placeOf(row), type: 'message.updated', conversationId: row.id, messageId })),
    );
  }
}
