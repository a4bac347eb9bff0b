import { Injectable } from '@nestjs/common';
import { prepared, type Tx } from '../../database/database.js';
import type { NotedFiles } from './inbound-files.repository.js';
import type { AmendableMessage, Revision } from './amendments.js';
import type { HistoryStatus, MessageContent } from './inbound-item.js';

/** `message` is what came, `shown` what it is after what was edited or deleted before it came. */
interface FilledMessage {
  message: MessageContent;
  shown: Omit<AmendableMessage, 'eventAt'>;
}

interface MessageRef {
  conversationId: string;
  messageId: string;
}

/** Messages of the phone's history whose file came after them. */
@Injectable()
export class HistoryRepository {
  /** Which of these still wait for their file, and what was edited or deleted in the meantime. */
  async placeholders(tx: Tx, refs: readonly MessageRef[]): Promise<{ id: string; revisions: Revision[] | null }[]> {
    if (refs.length === 0) return [];
    return prepared<{ id: string; revisions: Revision[] | null }>(
      tx,
      `select m.id, m.revisions from unnest($1::uuid[], $2::uuid[]) as ref (conversation_id, id)
       join messages m on m.conversation_id = ref.conversation_id and m.id = ref.id
       where m.raw_type = 'media_placeholder'`,
      [refs.map((ref) => ref.conversationId), refs.map((ref) => ref.messageId)],
    );
  }

  /** The messages as they are with their files. */
  async fill(tx: Tx, messages: readonly (MessageRef & FilledMessage)[], files: NotedFiles): Promise<void> {
    await prepared(
      tx,
      `update messages m
       set type = n.type, raw_type = n.raw_type, body = n.body, content = n.content, revisions = n.revisions,
         media_id = n.media_id, rev = m.rev + 1,
         card_file_ids = case when n.picture_id is not null then array[n.picture_id] end
       from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::jsonb[], $7::jsonb[], $8::uuid[],
         $9::uuid[])
         as n (conversation_id, id, type, raw_type, body, content, revisions, media_id, picture_id)
       where m.conversation_id = n.conversation_id and m.id = n.id`,
      [
        messages.map((one) => one.conversationId),
        messages.map((one) => one.messageId),
        messages.map(({ shown }) => shown.type),
        messages.map(({ message }) => message.rawType),
        messages.map(({ shown }) => shown.body),
        messages.map(({ shown }) => JSON.stringify(shown.content)),
        messages.map(({ shown }) => (shown.revisions === null ? null : JSON.stringify(shown.revisions))),
        messages.map((one) => files.media.get(one.messageId) ?? null),
        messages.map((one) => files.pictures.get(one.messageId) ?? null),
      ],
    );
  }

  /** What a placeholder knows better than the file that came before it; the ids of those that were otherwise. */
  async frame(
    tx: Tx,
    messages: readonly (MessageRef & { isOurs: boolean; status: HistoryStatus; at: Date })[],
  ): Promise<string[]> {
    if (messages.length === 0) return [];
    const rows = await prepared<{ id: string }>(
      tx,
      `update messages m
       set direction = n.direction, status = n.status, event_at = n.at, rev = m.rev + 1,
         event_second = floor(extract(epoch from n.at)),
         sender_type = case n.direction when 'outbound' then 'system' else m.sender_type end,
         sender_id = case n.direction when 'outbound' then null else m.sender_id end,
         sent_at = case n.direction when 'outbound' then n.at end
       from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::timestamptz[])
         as n (conversation_id, id, direction, status, at)
       where m.conversation_id = n.conversation_id and m.id = n.id and m.origin = 'history'
         and m.raw_type is distinct from 'media_placeholder'
         and (m.direction, m.status, m.event_at) is distinct from (n.direction, n.status, n.at)
       returning m.id`,
      [
        messages.map((one) => one.conversationId),
        messages.map((one) => one.messageId),
        messages.map(({ isOurs }) => (isOurs ? 'outbound' : 'inbound')),
        messages.map(({ status }) => status),
        messages.map(({ at }) => at),
      ],
    );
    return rows.map(({ id }) => id);
  }
}
