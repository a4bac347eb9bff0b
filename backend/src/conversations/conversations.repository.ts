import { Injectable } from '@nestjs/common';
import type { TimelineKind } from '@parley/contract';
import { newId } from '../common/ids.js';
import { prepared, query, type Tx } from '../database/database.js';
import type { LogEvent } from '../log/log-event.js';
import { cursorOf, LOG_HEAD_COLUMN, type LogHead } from '../log/log-stream.repository.js';
import { LogRepository } from '../log/log.repository.js';
import { CONVERSATION_COLUMNS, type Actor, type ConversationRow } from './conversation.row.js';

/** A conversation under its row lock, and the clock read after the lock was taken. */
export interface LockedConversation {
  row: ConversationRow;
  now: Date;
}

/** The columns that people and policies change; what arrives with messages is written with the messages. */
export type ConversationPatch = Partial<
  Pick<
    ConversationRow,
    | 'status'
    | 'assigneeId'
    | 'lastAssigneeId'
    | 'teamId'
    | 'snoozedUntil'
    | 'priority'
    | 'tags'
    | 'waitingSince'
    | 'windowExpiresAt'
    | 'caseId'
    | 'caseInboundBase'
    | 'blockedAt'
  >
>;

export interface TimelineLine {
  kind: TimelineKind;
  actor: Actor;
  targetId?: string | null;
  until?: Date | null;
}

const COLUMN_OF: Record<keyof ConversationPatch, string> = {
  status: 'status',
  assigneeId: 'assignee_id',
  lastAssigneeId: 'last_assignee_id',
  teamId: 'team_id',
  snoozedUntil: 'snoozed_until',
  priority: 'priority',
  tags: 'tags',
  waitingSince: 'waiting_since',
  windowExpiresAt: 'window_expires_at',
  caseId: 'case_id',
  caseInboundBase: 'case_inbound_base',
  blockedAt: 'blocked_at',
};

/** What moves `version`: status, owner, team, tags, priority. The rest moves `rev` alone. */
const MOVES_VERSION: readonly (keyof ConversationPatch)[] = ['status', 'assigneeId', 'teamId', 'tags', 'priority'];

/** Reads one conversation, locks it, changes it; every change leaves its log event and its timeline lines. */
@Injectable()
export class ConversationsRepository {
  constructor(private readonly log: LogRepository) {}

  /** The row as it stands, following a merge; null when there is none. */
  async find(tx: Tx, id: string): Promise<ConversationRow | null> {
    const [row] = await query<ConversationRow>(
      tx,
      `select ${CONVERSATION_COLUMNS}
       from conversations c
       where c.id = (select coalesce(merged_into_id, id) from conversations where id = $1)`,
      [id],
    );
    return row ?? null;
  }

  /** As `find`, with where the log stands in the same snapshot: what a list read after this replays from. */
  async findWithHead(tx: Tx, id: string): Promise<{ row: ConversationRow; syncCursor: string } | null> {
    const [found] = await prepared<ConversationRow & { logHead: LogHead }>(
      tx,
      `select ${CONVERSATION_COLUMNS}, ${LOG_HEAD_COLUMN}
       from conversations c
       where c.id = (select coalesce(merged_into_id, id) from conversations where id = $1)`,
      [id],
    );
    if (!found) return null;
    const { logHead, ...row } = found;
    return { row, syncCursor: cursorOf(logHead) };
  }

  /** Takes the row lock (following a merge), then reads the clock: staleness and window are judged by this `now`. */
  async lock(tx: Tx, id: string): Promise<LockedConversation | null> {
    const [row] = await query<ConversationRow>(
      tx,
      `select ${CONVERSATION_COLUMNS}
       from conversations c
       where c.id = (select coalesce(merged_into_id, id) from conversations where id = $1)
       for update`,
      [id],
    );
    if (!row) return null;
    // A merge committed while this waited for the row: what was waited for is empty now.
    if (row.mergedIntoId !== null) return this.lock(tx, row.mergedIntoId);
    const [clock] = await query<{ now: Date }>(tx, 'select app_now() as now');
    if (!clock) throw new Error('app_now() returned nothing');
    return { row, now: clock.now };
  }

  /**
   * Writes what differs, moves `rev` (and `version` where intent changed), appends timeline lines and events.
   * The caller holds the row lock. Returns the row as it is now.
   */
  async change(
    tx: Tx,
    current: ConversationRow,
    patch: ConversationPatch,
    lines: readonly TimelineLine[],
    now: Date,
  ): Promise<ConversationRow> {
    const keys = (Object.keys(patch) as (keyof ConversationPatch)[]).filter(
      (key) => patch[key] !== undefined && !isSame(current[key], patch[key]),
    );
    if (keys.length === 0 && lines.length === 0) return current;
    const movesVersion = keys.some((key) => MOVES_VERSION.includes(key));
    const assignments = keys.map((key, index) => `${COLUMN_OF[key]} = $${index + 3}`);
    const [row] = await query<ConversationRow>(
      tx,
      `update conversations c
       set ${['rev = rev + 1', 'updated_at = $2', ...(movesVersion ? ['version = version + 1'] : []), ...assignments].join(', ')}
       where c.id = $1
       returning ${CONVERSATION_COLUMNS}`,
      [current.id, now, ...keys.map((key) => patch[key])],
    );
    if (!row) throw new Error(`conversation ${current.id} vanished under its lock`);
    await this.record(tx, current, row, lines, now);
    return row;
  }

  /** Timeline lines and events of a change that is written already (`change` does both). */
  async record(
    tx: Tx,
    before: Pick<ConversationRow, 'teamId' | 'assigneeId'>,
    after: ConversationRow,
    lines: readonly TimelineLine[],
    now: Date,
  ): Promise<void> {
    const events: LogEvent[] = await this.writeTimeline(tx, after, lines, now);
    events.push(updatedEvent(before, after));
    await this.log.append(tx, events);
  }

  /** Opens the next case of the conversation; the caller puts its id into the row by `change`. */
  async openCase(tx: Tx, row: ConversationRow, openedBy: 'contact' | 'agent' | 'system', now: Date): Promise<string> {
    const id = newId();
    await query(
      tx,
      `insert into cases (conversation_id, id, number, opened_at, opened_by)
       select $1, $2, coalesce(max(number), 0) + 1, $3, $4 from cases where conversation_id = $1`,
      [row.id, id, now, openedBy],
    );
    return id;
  }

  /** Closes the current case. */
  async closeCase(tx: Tx, row: ConversationRow, resolvedById: string | null, now: Date): Promise<void> {
    if (!row.caseId) return;
    await query(
      tx,
      `update cases set resolved_at = $3, resolved_by_id = $4
       where conversation_id = $1 and id = $2 and resolved_at is null`,
      [row.id, row.caseId, now, resolvedById],
    );
  }

  /** The current case goes on as if it had never been closed. */
  async reopenCase(tx: Tx, row: ConversationRow): Promise<void> {
    await query(
      tx,
      'update cases set resolved_at = null, resolved_by_id = null where conversation_id = $1 and id = $2',
      [row.id, row.caseId],
    );
  }

  private async writeTimeline(
    tx: Tx,
    row: ConversationRow,
    lines: readonly TimelineLine[],
    now: Date,
  ): Promise<LogEvent[]> {
    if (lines.length === 0) return [];
    const ids = lines.map(() => newId());
    await query(
      tx,
      `insert into timeline_entries
         (conversation_id, id, after_seq, kind, actor_type, actor_id, target_id, until, created_at)
       select $1, line.id, $2, line.kind, line.actor_type, line.actor_id, line.target_id, line.until, $3
       from unnest($4::uuid[], $5::text[], $6::text[], $7::uuid[], $8::uuid[], $9::timestamptz[])
         as line (id, kind, actor_type, actor_id, target_id, until)`,
      [
        row.id,
        row.lastSeq,
        now,
        ids,
        lines.map((line) => line.kind),
        lines.map((line) => line.actor.type),
        lines.map((line) => line.actor.id),
        lines.map((line) => line.targetId ?? null),
        lines.map((line) => line.until ?? null),
      ],
    );
    return ids.map((id) => ({ ...placeOf(row), type: 'timeline.created', conversationId: row.id, messageId: id }));
  }
}

/** Event of a changed conversation, with who could see it before and may see it now. */
export function updatedEvent(
  before: Pick<ConversationRow, 'teamId' | 'assigneeId'>,
  after: Pick<ConversationRow, 'id' | 'teamId' | 'assigneeId'>,
): LogEvent {
  return {
    type: 'conversation.updated',
    conversationId: after.id,
    teamBefore: before.teamId,
    teamAfter: after.teamId,
    assigneeBefore: before.assigneeId,
    assigneeAfter: after.assigneeId,
  };
}

/** Team and owner of an event about something inside the conversation. */
export function placeOf(
  row: Pick<ConversationRow, 'teamId' | 'assigneeId'>,
): Pick<LogEvent, 'teamBefore' | 'teamAfter' | 'assigneeBefore' | 'assigneeAfter'> {
  return {
    teamBefore: row.teamId,
    teamAfter: row.teamId,
    assigneeBefore: row.assigneeId,
    assigneeAfter: row.assigneeId,
  };
}

function isSame(left: unknown, right: unknown): boolean {
  if (left instanceof Date && right instanceof Date) return left.getTime() === right.getTime();
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((value, index) => value === right[index]);
  }
  return left === right;
}
