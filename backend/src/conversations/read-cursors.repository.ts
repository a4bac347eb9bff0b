import { Injectable } from '@nestjs/common';
import { query, type Tx } from '../database/database.js';

/** How far an agent has read: `seq`, and how many inbound messages that is. */
export interface ReadCursor {
  seq: number;
  inboundNumber: number;
}

/** How far each agent has read each conversation. */
@Injectable()
export class ReadCursorsRepository {
  /** Moves the agent's own cursor to this message, never backwards. Null when it stood there or further already. */
  async moveTo(tx: Tx, conversationId: string, agentId: string, messageId: string): Promise<ReadCursor | null> {
    const [moved] = await query<ReadCursor>(
      tx,
      `insert into read_cursors as kept (conversation_id, agent_id, seq, inbound_number, updated_at)
       select m.conversation_id, $2, m.seq, m.inbound_number, app_now()
       from messages m where m.conversation_id = $1 and m.id = $3
       on conflict (conversation_id, agent_id) do update
         set seq = excluded.seq, inbound_number = excluded.inbound_number, updated_at = excluded.updated_at
         where excluded.seq > kept.seq
       returning kept.seq, kept.inbound_number as "inboundNumber"`,
      [conversationId, agentId, messageId],
    );
    return moved ?? null;
  }

  /** Whether the conversation has this message. */
  async hasMessage(tx: Tx, conversationId: string, messageId: string): Promise<boolean> {
    const rows = await query(tx, 'select from messages where conversation_id = $1 and id = $2', [
      conversationId,
      messageId,
    ]);
    return rows.length > 0;
  }
}
