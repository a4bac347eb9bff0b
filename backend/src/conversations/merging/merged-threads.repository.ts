import { Injectable } from '@nestjs/common';
import type { DraftMode } from '@parley/contract';
import { query, type Tx } from '../../database/database.js';
import { CONVERSATION_COLUMNS, type ConversationRow } from '../conversation.row.js';
import type { MergedState, ThreadPair } from './merge-rules.js';

/** Whose customer a moved thread is from now on. */
export interface People {
  fromId: string;
  intoId: string;
}

/** Takes everything of the younger thread behind the survivor's end; the locks of both are the caller's. */
@Injectable()
export class MergedThreadsRepository {
  /** Locks the heads of the wamids in these threads, before anything else is locked; says how many there are. */
  async lockHeads(tx: Tx, conversationIds: readonly string[]): Promise<number> {
    if (conversationIds.length === 0) return 0;
    const rows = await query(
      tx,
      `select s.wamid from message_statuses s
       where (s.channel_id, s.wamid) in (
         select channel_id, wamid from messages where conversation_id = any($1::uuid[]) and wamid is not null)
       order by s.channel_id, s.wamid, s.participant for update`,
      [conversationIds],
    );
    return rows.length;
  }

  /** Their outbox rows, in the order of ids; true when a message of `youngerIds` may be on its way right now. */
  async lockOutbox(tx: Tx, conversationIds: readonly string[], youngerIds: readonly string[]): Promise<boolean> {
    const rows = await query<{ conversationId: string; isLeased: boolean }>(
      tx,
      `select conversation_id as "conversationId", lease_id is not null as "isLeased" from outbox
       where conversation_id = any($1::uuid[]) order by conversation_id for update`,
      [conversationIds],
    );
    return rows.some((row) => row.isLeased && youngerIds.includes(row.conversationId));
  }

  /**
   * The messages under their new numbers, with what belongs to them (their reactions and attempts follow by their
   * foreign keys). Messages before their keys: a status that has locked a message has then written its key.
   */
  async moveMessages(tx: Tx, { survivor, younger }: ThreadPair, { fromId, intoId }: People, after: MergedState) {
    // An id of a client's that names something in the survivor already keeps doing so.
    await query(
      tx,
      `update messages m
       set conversation_id = $1, seq = m.seq + $3, inbound_number = m.inbound_number + $4, rev = m.rev + 1,
           sender_id = case when m.sender_type = 'contact' and m.sender_id = $5 then $6 else m.sender_id end,
           client_message_id = case when not exists (
             select from messages k where k.conversation_id = $1 and k.client_message_id = m.client_message_id)
             then m.client_message_id end,
           send_guard = case when m.status = 'queued' and $7
             then jsonb_set(m.send_guard, '{caseId}', coalesce(to_jsonb($8::text), 'null')) else m.send_guard end
       where m.conversation_id = $2`,
      [
        survivor.id,
        younger.id,
        survivor.lastSeq,
        survivor.inboundCount,
        fromId,
        intoId,
        after.status === 'pending',
        after.caseId,
      ],
    );
    const moved = [survivor.id, survivor.lastSeq];
    await query(
      tx,
      `update message_keys k set conversation_id = $1
       from (
         select channel_id, wamid from messages where conversation_id = $1 and seq > $2 and wamid is not null
         union
         select m.channel_id, r.wamid from messages m
         join message_reactions r on r.conversation_id = m.conversation_id and r.message_id = m.id
         where m.conversation_id = $1 and m.seq > $2 and r.wamid is not null
       ) named
       where k.channel_id = named.channel_id and k.wamid = named.wamid`,
      moved,
    );
    await query(
      tx,
      `update message_statuses s set conversation_id = $1
       from messages m
       where m.conversation_id = $1 and m.seq > $2 and s.channel_id = m.channel_id and s.wamid = m.wamid
         and s.conversation_id is not null`,
      moved,
    );
  }

  /** What happened and was noted between the messages, each after the message that it stood after. */
  async moveLines(tx: Tx, { survivor, younger }: ThreadPair): Promise<void> {
    const how = [survivor.id, younger.id, survivor.lastSeq];
    await query(
      tx,
      `update message_keys k set conversation_id = $1
       from timeline_entries t
       where t.conversation_id = $2 and t.call is not null and k.channel_id = $3 and k.wamid = t.call ->> 'wacid'`,
      [survivor.id, younger.id, survivor.channelId],
    );
    await query(
      tx,
      'update timeline_entries set conversation_id = $1, after_seq = after_seq + $3 where conversation_id = $2',
      how,
    );
    await query(
      tx,
      `update notes n
       set conversation_id = $1, after_seq = n.after_seq + $3, rev = n.rev + 1,
           client_note_id = case when exists (
             select from notes k where k.conversation_id = $1 and k.client_note_id = n.client_note_id)
             then gen_random_uuid() else n.client_note_id end
       where n.conversation_id = $2`,
      how,
    );
    await query(
      tx,
      'update bot_turns set conversation_id = $1, trigger_seq = trigger_seq + $3 where conversation_id = $2',
      how,
    );
  }

  /** The cases, numbered after the survivor's; of two open ones the younger thread's ends now. */
  async moveCases(tx: Tx, { survivor, younger }: ThreadPair, closesYoungers: boolean, now: Date): Promise<void> {
    await query(
      tx,
      `update cases
       set conversation_id = $1,
           number = number + (select coalesce(max(number), 0) from cases where conversation_id = $1),
           resolved_at = case when $3 and id = $4 then coalesce(resolved_at, $5) else resolved_at end
       where conversation_id = $2`,
      [survivor.id, younger.id, closesYoungers, younger.caseId, now],
    );
  }

  /** Who had read all of the survivor has read as much of what comes now. Returns whose cursor moved. */
  async moveCursors(tx: Tx, { survivor, younger }: ThreadPair): Promise<string[]> {
    const rows = await query<{ agentId: string }>(
      tx,
      `insert into read_cursors as kept (conversation_id, agent_id, seq, inbound_number, updated_at)
       select $1, y.agent_id, y.seq + $3, y.inbound_number + $4, app_now()
       from read_cursors y
       left join read_cursors s on s.conversation_id = $1 and s.agent_id = y.agent_id
       where y.conversation_id = $2 and ($3 = 0 or s.seq >= $3)
       on conflict (conversation_id, agent_id) do update
         set seq = excluded.seq, inbound_number = excluded.inbound_number, updated_at = excluded.updated_at
       returning agent_id as "agentId"`,
      [survivor.id, younger.id, survivor.lastSeq, survivor.inboundCount],
    );
    await query(tx, 'delete from read_cursors where conversation_id = $1', [younger.id]);
    return rows.map(({ agentId }) => agentId);
  }

  /** Unsent words, where the survivor has none of this agent. Returns those that moved. */
  async moveDrafts(tx: Tx, { survivor, younger }: ThreadPair): Promise<{ agentId: string; mode: DraftMode }[]> {
    const rows = await query<{ agentId: string; mode: DraftMode }>(
      tx,
      `insert into drafts (conversation_id, agent_id, mode, body, rev, updated_at)
       select $1, agent_id, mode, body, rev, updated_at from drafts where conversation_id = $2 and body <> ''
       on conflict (conversation_id, agent_id, mode) do update
         set body = excluded.body, rev = greatest(drafts.rev, excluded.rev) + 1, updated_at = excluded.updated_at
         where drafts.body = ''
       returning agent_id as "agentId", mode`,
      [survivor.id, younger.id],
    );
    await query(tx, 'delete from drafts where conversation_id = $1', [younger.id]);
    return rows;
  }

  /** What waits to be sent and to be told to Meta; what could be taken back cannot any more. */
  async moveWork(tx: Tx, { survivor, younger }: ThreadPair): Promise<void> {
    const ids = [survivor.id, younger.id];
    await query(
      tx,
      `insert into outbox (conversation_id, channel_id, due_at, rank, pair_tat)
       select $1, channel_id, due_at, rank, pair_tat from outbox where conversation_id = $2
       on conflict (conversation_id) do update
         set rank = case when outbox.due_at is null then excluded.rank
                         when excluded.due_at is null then outbox.rank
                         else least(outbox.rank, excluded.rank) end,
             due_at = coalesce(outbox.due_at, excluded.due_at),
             pair_tat = greatest(outbox.pair_tat, excluded.pair_tat)`,
      ids,
    );
    await query(tx, 'delete from outbox where conversation_id = $1', [younger.id]);
    await query(
      tx,
      `insert into read_receipts (conversation_id, channel_id, wamid, seq, sent_seq, due_at)
       select $1, channel_id, wamid, seq + $3, case when sent_seq > 0 then sent_seq + $3 else 0 end, due_at
       from read_receipts where conversation_id = $2
       on conflict (conversation_id) do update
         set wamid = excluded.wamid, seq = excluded.seq, attempts = 0,
             sent_seq = greatest(read_receipts.sent_seq, excluded.sent_seq),
             due_at = coalesce(excluded.due_at, read_receipts.due_at)`,
      [...ids, survivor.lastSeq],
    );
    await query(tx, 'delete from read_receipts where conversation_id = $1', [younger.id]);
    await query(tx, 'delete from conversation_undos where conversation_id = any($1::uuid[])', [ids]);
  }

  /** The younger row stays as a name for the survivor; so does all that had become part of it: one hop always does. */
  async retire(tx: Tx, { survivor, younger }: ThreadPair, now: Date): Promise<void> {
    await query(
      tx,
      `update conversations
       set merged_into_id = $1, status = 'resolved', snoozed_until = null, waiting_since = null, rev = rev + 1,
           version = version + 1, updated_at = $3
       where id = $2`,
      [survivor.id, younger.id, now],
    );
    await query(tx, 'update conversations set merged_into_id = $1 where merged_into_id = $2', [
      survivor.id,
      younger.id,
    ]);
  }

  /** The survivor as it is with both; call it after `retire`, or two threads of one contact would stand at once. */
  async save(tx: Tx, { survivor, younger }: ThreadPair, intoId: string, state: MergedState, now: Date) {
    const [row] = await query<ConversationRow>(
      tx,
      `update conversations c
       set contact_id = $2, status = $3, assignee_id = $4, last_assignee_id = $5, team_id = $6, snoozed_until = $7,
           priority = $8, tags = $9, last_seq = $10, inbound_count = $11, last_inbound_seq = $12, last_message_id = $13,
           last_call_id = coalesce(y.last_call_id, c.last_call_id),
           last_activity_at = greatest(c.last_activity_at, y.last_activity_at), window_expires_at = $14,
           waiting_since = $15, case_id = $16, case_inbound_base = $17, blocked_at = $20, attributes = y.attributes || c.attributes,
           free_until = greatest(c.free_until, y.free_until),
           version = greatest(c.version, y.version) + 1, rev = greatest(c.rev, y.rev) + 1, updated_at = $18
       from conversations y
       where c.id = $1 and y.id = $19
       returning ${CONVERSATION_COLUMNS}`,
      [
        survivor.id,
        intoId,
        state.status,
        state.assigneeId,
        state.lastAssigneeId,
        state.teamId,
        state.snoozedUntil,
        state.priority,
        state.tags,
        state.lastSeq,
        state.inboundCount,
        state.lastInboundSeq,
        state.lastMessageId,
        state.windowExpiresAt,
        state.waitingSince,
        state.caseId,
        state.caseInboundBase,
        now,
        younger.id,
        state.blockedAt,
      ],
    );
    if (!row) throw new Error(`conversation ${survivor.id} vanished under its lock`);
    return row;
  }

  /** Threads that have no other to become one with: only whose they are, and what is shown of them, changes. */
  async repoint(tx: Tx, ids: readonly string[], intoId: string, now: Date): Promise<ConversationRow[]> {
    if (ids.length === 0) return [];
    return query<ConversationRow>(
      tx,
      `update conversations c set contact_id = $2, rev = c.rev + 1, updated_at = $3 where c.id = any($1::uuid[])
       returning ${CONVERSATION_COLUMNS}`,
      [ids, intoId, now],
    );
  }
}
