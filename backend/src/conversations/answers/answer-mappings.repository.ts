import { Injectable } from '@nestjs/common';
import type { AnswerMapping, CreateAnswerMapping, Interactive } from '@parley/contract';
import { prepared, query, type Tx } from '../../database/database.js';
import type { KeptAttributes } from './answer-rules.js';

const COLUMNS = 'id, channel_id as "channelId", form, field, attribute';

/** Rules for answers, and the contacts whose attributes they set. */
@Injectable()
export class AnswerMappingsRepository {
  async all(tx: Tx): Promise<AnswerMapping[]> {
    return prepared<AnswerMapping>(tx, `select ${COLUMNS} from answer_mappings order by created_at, id`, []);
  }

  /** The same rule twice is one; null when its number does not exist. */
  async add(
    tx: Tx,
    id: string,
    { channelId, form, field, attribute }: CreateAnswerMapping,
  ): Promise<AnswerMapping | null> {
    const [row] = await query<AnswerMapping>(
      tx,
      `insert into answer_mappings as m (id, channel_id, form, field, attribute)
       select $1::uuid, $2::uuid, $3, $4, $5 where $2::uuid is null or exists (select 1 from channels where id = $2::uuid)
       on conflict (channel_id, form, field, attribute) do update set field = m.field
       returning ${COLUMNS}`,
      [id, channelId ?? null, form ?? null, field, attribute],
    );
    return row ?? null;
  }

  async remove(tx: Tx, id: string): Promise<void> {
    await query(tx, 'delete from answer_mappings where id = $1', [id]);
  }

  /** Under their locks, in the order of ids: whoever changes an attribute by hand waits. */
  async lockContacts(tx: Tx, ids: readonly string[]): Promise<Map<string, KeptAttributes>> {
    const rows = await prepared<KeptAttributes & { id: string }>(
      tx,
      `select id, attributes, attribute_times as times from contacts
       where id = any($1::uuid[]) order by id for update`,
      [ids],
    );
    return new Map(rows.map(({ id, attributes, times }) => [id, { attributes, times }]));
  }

  async save(tx: Tx, contacts: ReadonlyMap<string, KeptAttributes>): Promise<void> {
    if (contacts.size === 0) return;
    const kept = [...contacts.values()];
    await prepared(
      tx,
      `update contacts c set attributes = k.attributes, attribute_times = k.times, updated_at = app_now()
       from unnest($1::uuid[], $2::jsonb[], $3::jsonb[]) as k (id, attributes, times) where c.id = k.id`,
      [
        [...contacts.keys()],
        kept.map(({ attributes }) => JSON.stringify(attributes)),
        kept.map(({ times }) => JSON.stringify(times)),
      ],
    );
  }

  /** What our messages with these wamids called the forms that they offered. */
  async formsOf(
    tx: Tx,
    quoted: readonly { channelId: string; wamid: string }[],
  ): Promise<{ channelId: string; wamid: string; flow: NonNullable<Interactive['flow']> }[]> {
    if (quoted.length === 0) return [];
    return prepared(
      tx,
      `select k.channel_id as "channelId", k.wamid, m.content -> 'interactive' -> 'flow' as flow
       from unnest($1::uuid[], $2::text[]) as q (channel_id, wamid)
       join message_keys k on k.channel_id = q.channel_id and k.wamid = q.wamid
       join messages m on m.conversation_id = k.conversation_id and m.id = k.message_id
       where m.direction = 'outbound' and m.content -> 'interactive' -> 'flow' is not null`,
      [quoted.map(({ channelId }) => channelId), quoted.map(({ wamid }) => wamid)],
    );
  }
}
