import { Injectable } from '@nestjs/common';
import { query, type Tx } from '../../database/database.js';

/** How far an agent has read: `seq`, and how many inbound messages that is. */
export interface ReadCursor {
  seq: number;
  inboundNumber: number;
}

/** How far each agent has read each conversation. */
@Injectable()
export class ReadCursorsRepository {
  /**
   * Moves the agent's own cursor to this message, never backwards, and not for a look from before they marked it as unread
   * (`rewinds` was smaller then). Null when it stays where it is.
   */
  async moveTo(
    tx: Tx,
    conversationId: string,
    agentId: string,
    messageId: string,
    rewinds: number | null,
  ): Promise<ReadCursor | null> {
    const [moved] = await query<ReadCursor>(
      tx,
      `insert into read_cursors as kept (conversation_id, agent_id, seq, inbound_number, updated_at)
       select m.conversation_id, $2, m.seq, m.inbound_number, app_now()
       from messages m where m.conversation_id = $1 and m.id = $3
       on conflict (conversation_id, agent_id) do update
         set seq = excluded.seq, inbound_number = excluded.inbound_number, updated_at = excluded.updated_at
         where excluded.seq > kept.seq and ($4::integer is null or $4 >= kept.rewinds)
       returning kept.seq, kept.inbound_number as "inboundNumber"`,
      [conversationId, agentId, messageId, rewinds],
    );
    return moved ?? null;
  }

  /**
   * Moves the agent's own cursor back to right before the customer's newest message. Null when something is unread
   * already, or the customer never wrote.
   */
  async rewind(tx: Tx, conversationId: string, agentId: string): Promise<ReadCursor | null> {
    const [moved] = await query<ReadCursor>(
      tx,
      `insert into read_cursors as kept (conversation_id, agent_id, seq, inbound_number, rewinds, updated_at)
       select c.id, $2, c.last_inbound_seq - 1, c.inbound_count - 1, 1, app_now()
       from conversations c
       where c.id = $1 and c.inbound_count > 0 and c.last_inbound_seq > 0
         and (c.inbound_count <= c.case_inbound_base
           or exists (select from read_cursors r where r.conversation_id = c.id and r.agent_id = $2))
       on conflict (conversation_id, agent_id) do update
         set seq = excluded.seq, inbound_number = excluded.inbound_number, rewinds = kept.rewinds + 1,
             updated_at = excluded.updated_at
         where kept.inbound_number > excluded.inbound_number
       returning kept.seq, kept.inbound_number as "inboundNumber"`,
      [conversationId, agentId],
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
