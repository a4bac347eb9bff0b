import { Injectable } from '@nestjs/common';
import { prepared, type Tx } from '../../database/database.js';
import type { Amended, AmendableMessage } from './amendments.js';

export interface MessageRef {
  conversationId: string;
  messageId: string;
}

/** Messages that were edited or deleted by whoever sent them. */
@Injectable()
export class AmendmentsRepository {
  async find(tx: Tx, refs: readonly MessageRef[]): Promise<(MessageRef & AmendableMessage)[]> {
    if (refs.length === 0) return [];
    return prepared<MessageRef & AmendableMessage>(
      tx,
      `select m.conversation_id as "conversationId", m.id as "messageId", m.type, m.body, m.content, m.revisions,
         m.event_at as "eventAt"
       from unnest($1::uuid[], $2::uuid[]) as ref (conversation_id, id)
       join messages m on m.conversation_id = ref.conversation_id and m.id = ref.id`,
      [refs.map(({ conversationId }) => conversationId), refs.map(({ messageId }) => messageId)],
    );
  }

  async save(tx: Tx, messages: readonly (MessageRef & Amended)[]): Promise<void> {
    if (messages.length === 0) return;
    await prepared(
      tx,
      `update messages m set rev = m.rev + 1, type = t.type, body = t.body, content = t.content,
         revisions = t.revisions, edited_at = t.edited_at, revoked_at = t.revoked_at
       from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::jsonb[], $6::jsonb[], $7::timestamptz[],
         $8::timestamptz[]) as t (conversation_id, id, type, body, content, revisions, edited_at, revoked_at)
       where m.conversation_id = t.conversation_id and m.id = t.id`,
      [
        messages.map(({ conversationId }) => conversationId),
        messages.map(({ messageId }) => messageId),
        messages.map(({ type }) => type),
        messages.map(({ body }) => body),
        messages.map(({ content }) => JSON.stringify(content)),
        messages.map(({ revisions }) => JSON.stringify(revisions)),
        messages.map(({ editedAt }) => editedAt),
        messages.map(({ revokedAt }) => revokedAt),
      ],
    );
  }
}
