import { Injectable } from '@nestjs/common';
import { query, type Tx } from '../../database/database.js';
import type { SendingNumber } from '../graph/graph.client.js';
import type { TypingFacts } from './typing-rule.js';

/** What is known of a thread in the moment in which somebody presses a key there. Reads only. */
@Injectable()
export class TypingRepository {
  /** Null = there is no such conversation. */
  async facts(tx: Tx, conversationId: string, agentId: string): Promise<(TypingFacts & SendingNumber) | null> {
    const [found] = await query<TypingFacts & SendingNumber>(
      tx,
      `select channels.id as "channelId", channels.phone_number_id as "phoneNumberId",
              channels.access_token_sealed as "tokenSealed", channels.receipts_policy as "receiptsPolicy",
              channels.typing_indicator as "typingIndicator",
              channels.sending_state = 'ok' and channels.disconnected_at is null as "isSending",
              c.kind = 'group' as "isGroup", c.blocked_at is not null as "isBlocked",
              coalesce(c.window_expires_at > app_now(), false) as "isWindowOpen",
              coalesce(c.assignee_id = $2, false) as "isOwner", newest.wamid
       from conversations c
       join channels on channels.id = c.channel_id
       left join read_cursors seen on seen.conversation_id = c.id and seen.agent_id = $2
       left join lateral (
         select m.wamid from messages m
         where m.conversation_id = c.id and m.direction = 'inbound' and m.wamid is not null and m.origin is null
           and m.seq <= seen.seq
         order by m.seq desc limit 1
       ) newest on true
       where c.id = $1`,
      [conversationId, agentId],
    );
    return found ?? null;
  }
}
