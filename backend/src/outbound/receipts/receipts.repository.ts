import { Injectable } from '@nestjs/common';
import { query, type Tx } from '../../database/database.js';

export interface DueReceipt {
  conversationId: string;
  channelId: string;
  phoneNumberId: string;
  tokenSealed: string | null;
  wamid: string;
  seq: number;
  attempts: number;
}

/** Read receipts that wait to be told to Meta: the newest of each conversation. */
@Injectable()
export class DueReceiptsRepository {
  /** Takes due ones for a while; what is not finished by then is taken again (telling Meta twice changes nothing). */
  async lease(tx: Tx, limit: number, leaseMs: number): Promise<DueReceipt[]> {
    return query<DueReceipt>(
      tx,
      `update read_receipts r
       set attempts = r.attempts + 1, lease_until = app_now() + $2 * interval '1 millisecond',
           due_at = app_now() + $2 * interval '1 millisecond'
       from channels c
       where c.id = r.channel_id and r.conversation_id in (
         select d.conversation_id from read_receipts d
         join channels number on number.id = d.channel_id and number.sending_state = 'ok'
         where d.due_at <= app_now()
         order by d.due_at limit $1
         for update of d skip locked)
       returning r.conversation_id as "conversationId", r.channel_id as "channelId",
                 c.phone_number_id as "phoneNumberId", c.access_token_sealed as "tokenSealed", r.wamid, r.seq, r.attempts`,
      [limit, leaseMs],
    );
  }

  /** Told, or given up. One that was asked for meanwhile stays due. */
  async finish(tx: Tx, receipt: DueReceipt, wasTold: boolean): Promise<void> {
    await query(
      tx,
      `update read_receipts
       set lease_until = null, sent_seq = case when $3 then greatest(sent_seq, $2) else sent_seq end,
           due_at = case when seq = $2 then null else due_at end
       where conversation_id = $1`,
      [receipt.conversationId, receipt.seq, wasTold],
    );
  }

  async retry(tx: Tx, receipt: DueReceipt, delayMs: number): Promise<void> {
    await query(
      tx,
      `update read_receipts set lease_until = null, due_at = app_now() + $3 * interval '1 millisecond'
       where conversation_id = $1 and seq = $2`,
      [receipt.conversationId, receipt.seq, delayMs],
    );
  }
}
