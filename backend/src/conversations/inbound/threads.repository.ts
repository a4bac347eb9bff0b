import { Injectable } from '@nestjs/common';
import { newId } from '../../common/ids.js';
import { prepared, type Tx } from '../../database/database.js';
import { CONVERSATION_COLUMNS, type ConversationRow } from '../conversation.row.js';
import { IdentityRaceError } from './identities.repository.js';
import { ThreadDraft } from './thread-draft.js';

/** Which thread an item belongs to: of a contact, or of a group. */
export interface ThreadKey {
  channelId: string;
  contactId: string | null;
  groupId: string | null;
  /** Of a thread that has yet to be made. */
  statusWhenNew: 'open' | 'pending' | 'resolved';
}

export const threadKeyText = (key: Pick<ThreadKey, 'channelId' | 'contactId' | 'groupId'>): string =>
  key.groupId !== null ? `${key.channelId} group ${key.groupId}` : `${key.channelId} ${key.contactId ?? ''}`;

/** Finds, makes and locks the conversations of a batch, and writes their drafts: one statement for each table. */
@Injectable()
export class ThreadsRepository {
  /**
   * Drafts by key, each under its row lock, taken in the order of ids together with those of `alsoIds`.
   * @throws IdentityRaceError when two contacts became one since the batch asked who its people are
   */
  async lock(tx: Tx, keys: readonly ThreadKey[], alsoIds: readonly string[]): Promise<Map<string, ThreadDraft>> {
    const byText = new Map(keys.map((key) => [threadKeyText(key), key]));
    const wanted = [...byText.values()];
    const rows = await this.lockFound(tx, wanted, alsoIds);
    const found = new Set(rows.map(threadKeyText));
    const missing = wanted.filter((key) => !found.has(threadKeyText(key)));
    const made = await this.make(tx, missing);
    if (missing.length > 0) {
      await this.assertNotMerged(tx, missing);
      rows.push(...(await this.lockFound(tx, missing, [])));
    }
    if (rows.some(({ mergedIntoId }) => mergedIntoId !== null)) {
      throw new IdentityRaceError('a conversation was merged meanwhile');
    }
    return new Map(rows.map((row) => [threadKeyText(row), new ThreadDraft(row, made.has(row.id))]));
  }

  /** Ids of the conversations of these contacts, on every channel. */
  async ofContacts(tx: Tx, contactIds: readonly string[]): Promise<string[]> {
    if (contactIds.length === 0) return [];
    const rows = await prepared<{ id: string }>(
      tx,
      'select id from conversations where contact_id = any($1::uuid[]) and merged_into_id is null',
      [contactIds],
    );
    return rows.map(({ id }) => id);
  }

  /** When the last message of each of these conversations was said. */
  async lastMessageTimes(tx: Tx, conversationIds: readonly string[]): Promise<Map<string, Date>> {
    if (conversationIds.length === 0) return new Map();
    const rows = await prepared<{ id: string; at: Date }>(
      tx,
      `select c.id, m.event_at as at from conversations c
       join messages m on m.conversation_id = c.id and m.id = c.last_message_id
       where c.id = any($1::uuid[])`,
      [conversationIds],
    );
    return new Map(rows.map(({ id, at }) => [id, at]));
  }

  /** Writes what the drafts became; returns nothing, because the drafts know. */
  async save(tx: Tx, drafts: readonly ThreadDraft[], now: Date): Promise<void> {
    if (drafts.length === 0) return;
    await this.saveCases(tx, drafts, now);
    const rows = drafts.map((draft) => draft.row);
    await prepared(
      tx,
      `update conversations c
       set status = n.status, assignee_id = n.assignee_id, snoozed_until = n.snoozed_until, case_id = n.case_id,
           case_inbound_base = n.case_inbound_base, last_seq = n.last_seq, inbound_count = n.inbound_count,
           last_inbound_seq = n.last_inbound_seq, last_message_id = n.last_message_id,
           last_call_id = n.last_call_id,
           last_activity_at = coalesce(n.active_at, c.last_activity_at),
           window_expires_at = n.window_expires_at, waiting_since = n.waiting_since,
           version = c.version + n.version_step, rev = c.rev + 1, updated_at = $14
       from unnest($1::uuid[], $2::text[], $3::uuid[], $4::timestamptz[], $5::uuid[], $6::bigint[], $7::bigint[],
         $8::bigint[], $9::bigint[], $10::uuid[], $11::timestamptz[], $12::timestamptz[], $13::int[], $15::uuid[],
         $16::timestamptz[])
         as n (id, status, assignee_id, snoozed_until, case_id, case_inbound_base, last_seq, inbound_count,
           last_inbound_seq, last_message_id, window_expires_at, waiting_since, version_step,
           last_call_id, active_at)
       where c.id = n.id`,
      [
        rows.map((row) => row.id),
        rows.map((row) => row.status),
        rows.map((row) => row.assigneeId),
        rows.map((row) => row.snoozedUntil),
        rows.map((row) => row.caseId),
        rows.map((row) => row.caseInboundBase),
        rows.map((row) => row.lastSeq),
        rows.map((row) => row.inboundCount),
        rows.map((row) => row.lastInboundSeq),
        rows.map((row) => row.lastMessageId),
        rows.map((row) => row.windowExpiresAt),
        rows.map((row) => row.waitingSince),
        drafts.map((draft) => (draft.movesVersion ? 1 : 0)),
        now,
        rows.map((row) => row.lastCallId),
        drafts.map((draft) => (draft.isActive ? now : draft.activeAt)),
      ],
    );
    await this.saveLines(tx, drafts, now);
  }

  private async lockFound(tx: Tx, keys: readonly ThreadKey[], alsoIds: readonly string[]): Promise<ConversationRow[]> {
    return prepared<ConversationRow>(
      tx,
      `select ${CONVERSATION_COLUMNS} from conversations c
       where c.id in (
         select c.id from unnest($1::uuid[], $2::uuid[]) as k (channel_id, contact_id)
         join conversations c on c.channel_id = k.channel_id and c.contact_id = k.contact_id
           and c.kind = 'direct' and c.merged_into_id is null
         union
         select c.id from unnest($3::uuid[], $4::text[]) as k (channel_id, group_id)
         join conversations c on c.channel_id = k.channel_id and c.group_id = k.group_id
           and c.kind = 'group' and c.merged_into_id is null
         union
         select unnest($5::uuid[]))
       order by c.id
       for update`,
      [...columnsOfDirect(keys), ...columnsOfGroups(keys), alsoIds],
    );
  }

  /** A new thread's contact is held by its foreign key from here on: no merge passes it any more. */
  private async assertNotMerged(tx: Tx, keys: readonly ThreadKey[]): Promise<void> {
    const merged = await prepared(
      tx,
      'select id from contacts where id = any($1::uuid[]) and merged_into_id is not null limit 1',
      [keys.map((key) => key.contactId)],
    );
    if (merged.length > 0) throw new IdentityRaceError('a contact was merged meanwhile');
  }

  private async make(tx: Tx, keys: readonly ThreadKey[]): Promise<Set<string>> {
    if (keys.length === 0) return new Set();
    const made = await prepared<{ id: string }>(
      tx,
      `insert into conversations (id, channel_id, team_id, kind, contact_id, group_id, status, last_activity_at,
         created_at, updated_at)
       select k.id, k.channel_id, (select number.team_id from channels number where number.id = k.channel_id), case when k.group_id is null then 'direct' else 'group' end, k.contact_id, k.group_id,
         k.status, app_now(), app_now(), app_now()
       from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[])
         as k (id, channel_id, contact_id, group_id, status)
       order by k.channel_id, k.contact_id, k.group_id
       on conflict do nothing
       returning id`,
      [
        keys.map(() => newId()),
        keys.map((key) => key.channelId),
        keys.map((key) => (key.groupId === null ? key.contactId : null)),
        keys.map((key) => key.groupId),
        keys.map((key) => key.statusWhenNew),
      ],
    );
    return new Set(made.map(({ id }) => id));
  }

  private async saveCases(tx: Tx, drafts: readonly ThreadDraft[], now: Date): Promise<void> {
    const opened = drafts.flatMap(({ row, openedCase }) =>
      openedCase ? [{ conversationId: row.id, ...openedCase }] : [],
    );
    if (opened.length === 0) return;
    await prepared(
      tx,
      `insert into cases (conversation_id, id, number, opened_at, opened_by)
       select o.conversation_id, o.id,
         1 + coalesce((select max(c.number) from cases c where c.conversation_id = o.conversation_id), 0), $4, o.opened_by
       from unnest($1::uuid[], $2::uuid[], $3::text[]) as o (conversation_id, id, opened_by)`,
      [opened.map((row) => row.conversationId), opened.map((row) => row.id), opened.map((row) => row.openedBy), now],
    );
  }

  private async saveLines(tx: Tx, drafts: readonly ThreadDraft[], now: Date): Promise<void> {
    const lines = drafts.flatMap(({ row, lines: ofRow }) => ofRow.map((line) => ({ conversationId: row.id, ...line })));
    if (lines.length === 0) return;
    await prepared(
      tx,
      `insert into timeline_entries (conversation_id, id, after_seq, kind, actor_type, actor_id, call, created_at)
       select line.conversation_id, line.id, line.after_seq, line.kind, line.actor_type, line.actor_id, line.call,
         coalesce(line.at, $7)
       from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::text[], $5::text[], $6::uuid[], $8::jsonb[], $9::timestamptz[])
         as line (conversation_id, id, after_seq, kind, actor_type, actor_id, call, at)`,
      [
        lines.map((line) => line.conversationId),
        lines.map((line) => line.id),
        lines.map((line) => line.afterSeq),
        lines.map((line) => line.kind),
        lines.map((line) => line.actor.type),
        lines.map((line) => line.actor.id),
        now,
        lines.map((line) => (line.call ? JSON.stringify(line.call) : null)),
        lines.map((line) => line.at ?? null),
      ],
    );
  }
}

function columnsOfDirect(keys: readonly ThreadKey[]): unknown[] {
  const direct = keys.filter((key) => key.groupId === null);
  return [direct.map((key) => key.channelId), direct.map((key) => key.contactId)];
}

function columnsOfGroups(keys: readonly ThreadKey[]): unknown[] {
  const groups = keys.filter((key) => key.groupId !== null);
  return [groups.map((key) => key.channelId), groups.map((key) => key.groupId)];
}
