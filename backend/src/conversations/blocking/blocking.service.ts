import { Injectable } from '@nestjs/common';
import type { Conversation } from '@parley/contract';
import { ChannelsService } from '../../channels/channels.service.js';
import { GraphReader } from '../../channels/graph-reader.js';
import type { AuthenticatedAgent } from '../../common/access/authenticated-agent.js';
import { DomainError, NotFoundError } from '../../common/domain.error.js';
import { Database } from '../../database/database.js';
import { ConversationAccess } from '../conversation-access.js';
import { NotYourConversationError } from '../conversation.errors.js';
import type { ConversationRow } from '../conversation.row.js';
import { ConversationsReader } from '../conversations.reader.js';
import { ConversationsRepository } from '../conversations.repository.js';
import { mayAct } from '../ownership/ownership-rules.js';
import { blockErrorOf, blockTooLate, notBlockable } from './block-errors.js';
import { BlockingRepository } from './blocking.repository.js';

/**
 * Blocks and unblocks a customer at Meta, on the number of the conversation (Meta: block API). Meta is asked first and
 * what it did is written down after: whoever repeats a call of which no answer came brings both together again.
 */
@Injectable()
export class BlockingService {
  constructor(
    private readonly database: Database,
    private readonly access: ConversationAccess,
    private readonly conversations: ConversationsRepository,
    private readonly repository: BlockingRepository,
    private readonly channels: ChannelsService,
    private readonly graph: GraphReader,
    private readonly reader: ConversationsReader,
  ) {}

  /**
   * Only who wrote within the last 24 hours can be blocked.
   * @throws NotFoundError, NotYourConversationError, DomainError contact.block_too_late, contact.block_list_full,
   * contact.block_busy, contact.not_blockable, channel.disconnected, channel.graph_refused, service.unavailable
   */
  block(agent: AuthenticatedAgent, id: string): Promise<Conversation> {
    return this.set(agent, id, true);
  }

  /** @throws as `block`, but for the 24 hours */
  unblock(agent: AuthenticatedAgent, id: string): Promise<Conversation> {
    return this.set(agent, id, false);
  }

  private async set(agent: AuthenticatedAgent, id: string, isBlock: boolean): Promise<Conversation> {
    const row = await this.access.assertVisible(agent, id);
    if (!mayAct(agent, row)) throw new NotYourConversationError();
    if ((row.blockedAt !== null) !== isBlock) {
      await this.askMeta(row, isBlock);
      await this.note(agent, row.id, isBlock);
    }
    return this.reader.forAgent(agent.id, row.id);
  }

  private async askMeta(row: ConversationRow, isBlock: boolean): Promise<void> {
    const now = await this.database.now();
    if (row.kind === 'group' || row.contactId === null) throw notBlockable();
    if (isBlock && (row.windowExpiresAt === null || row.windowExpiresAt <= now)) throw blockTooLate();
    const { portfolioId } = await this.channels.byId(row.channelId);
    const user = await this.repository.userOf(this.database.pool, row.contactId, portfolioId);
    if (!user) throw notBlockable();
    const { accessToken: token, phoneNumberId } = await this.channels.credentials(row.channelId);
    if (token === null) throw new DomainError('channel.disconnected', 409, 'This number has no token.');
    const question = { token, json: { messaging_product: 'whatsapp', block_users: [user] } };
    const path = `${phoneNumberId}/block_users`;
    const reading = isBlock ? await this.graph.post(path, question) : await this.graph.delete(path, question);
    const error = blockErrorOf(reading, isBlock);
    if (error) throw error;
  }

  private async note(agent: AuthenticatedAgent, id: string, isBlock: boolean): Promise<void> {
    await this.database.transaction(async (tx) => {
      const locked = await this.conversations.lock(tx, id);
      if (!locked) throw new NotFoundError('conversation');
      const { row, now } = locked;
      // A colleague was as quick: one line says it.
      if ((row.blockedAt !== null) === isBlock) return;
      const actor = { type: 'agent' as const, id: agent.id };
      const line = { kind: isBlock ? ('blocked' as const) : ('unblocked' as const), actor };
      await this.conversations.change(tx, row, { blockedAt: isBlock ? now : null }, [line], now);
    });
  }
}
