import { Injectable } from '@nestjs/common';
import { query, type Tx } from '../../database/database.js';
import type { ConversationRow } from '../conversation.row.js';
import type { ConversationPatch } from '../conversations.repository.js';

const KEPT = [
  'status',
  'assigneeId',
  'lastAssigneeId',
  'teamId',
  'snoozedUntil',
  'priority',
  'tags',
  'waitingSince',
] as const satisfies (keyof ConversationPatch)[];

/** How a conversation stood before an act, and who may go back there. */
export interface KeptState {
  version: number;
  agentId: string;
  madeAt: Date;
  before: Pick<ConversationRow, (typeof KEPT)[number]>;
}

/** The newest act on each conversation, kept so that it can be taken back. */
@Injectable()
export class UndosRepository {
  async keep(tx: Tx, before: ConversationRow, version: number, agentId: string, now: Date): Promise<void> {
    const state = Object.fromEntries(KEPT.map((key) => [key, before[key]]));
    await query(
      tx,
      `insert into conversation_undos (conversation_id, version, agent_id, before, made_at)
       values ($1, $2, $3, $4, $5)
       on conflict (conversation_id) do update
         set version = excluded.version, agent_id = excluded.agent_id, before = excluded.before,
             made_at = excluded.made_at`,
      [before.id, version, agentId, JSON.stringify(state), now],
    );
  }

  async find(tx: Tx, conversationId: string): Promise<KeptState | null> {
    const [row] = await query<KeptState>(
      tx,
      `select version, agent_id as "agentId", before, made_at as "madeAt" from conversation_undos
       where conversation_id = $1`,
      [conversationId],
    );
    if (!row) return null;
    const { before } = row;
    const date = (value: unknown): Date | null => (typeof value === 'string' ? new Date(value) : null);
    return {
      ...row,
      before: { ...before, snoozedUntil: date(before.snoozedUntil), waitingSince: date(before.waitingSince) },
    };
  }

  async forget(tx: Tx, conversationId: string): Promise<void> {
    await query(tx, 'delete from conversation_undos where conversation_id = $1', [conversationId]);
  }
}
