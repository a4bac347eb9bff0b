import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { Database, prepared, type Tx } from '../database/database.js';
import { encodeCursor, type LogPlace } from './log-cursor.js';
import type { LogEventType } from './log-event.js';

/** One row of the log as its readers get it. */
export interface LogRow extends LogPlace {
  type: LogEventType;
  conversationId: string | null;
  messageId: string | null;
  agentId: string | null;
  teamBefore: string | null;
  teamAfter: string | null;
  assigneeBefore: string | null;
  assigneeAfter: string | null;
  data: Record<string, unknown> | null;
  createdAt: Date;
}

/** Which history the log belongs to, and from where to where it can be read at this moment. */
export interface LogBounds {
  epoch: string;
  /** Everything up to and including this place was deleted. */
  floor: LogPlace;
  /** Transactions from this one on may still be running: nothing of theirs is readable yet. */
  horizonXid: string;
  /** No transaction that has begun is at or beyond this one. */
  endXid: string;
}

interface BoundsColumns {
  system: string;
  timeline: string;
  marker: string;
  floorXid: string;
  floorId: number;
  horizonXid: string;
  endXid: string;
}

/** The snapshot and the server that this very statement runs on: asked each time, so a failover is never missed. */
const BOUNDS = `
  select (select system_identifier::text from pg_control_system()) as "system",
    left(pg_walfile_name(pg_current_wal_insert_lsn()), 8) as "timeline", marker, floor_xid as "floorXid",
    floor_id as "floorId", pg_snapshot_xmin(pg_current_snapshot()) as "horizonXid",
    pg_snapshot_xmax(pg_current_snapshot()) as "endXid"
  from log_meta`;

const HEAD = `
  select b.*, coalesce(e.xid, b."floorXid") as xid, coalesce(e.id, b."floorId") as id
  from (${BOUNDS}) b
  left join lateral (
    select xid, id from events where xid < b."horizonXid" order by xid desc, id desc limit 1
  ) e on true`;
export type LogHead = BoundsColumns & LogPlace;

/** For a statement that reads something else before a list: a column with where the log stands, read by `cursorOf`. */
export const LOG_HEAD_COLUMN = `(select to_json(head) from (${HEAD}) head) as "logHead"`;

/** The opaque cursor of a `LOG_HEAD_COLUMN`. */
export const cursorOf = (head: LogHead): string =>
  encodeCursor({ epoch: toBounds(head).epoch, xid: head.xid, id: head.id });

const EVENT_COLUMNS = `
  xid, id, type, conversation_id as "conversationId", message_id as "messageId", agent_id as "agentId",
  team_before as "teamBefore", team_after as "teamAfter", assignee_before as "assigneeBefore",
  assignee_after as "assigneeAfter", data, created_at as "createdAt"`;

/** Reads the log in its delivery order, never past the horizon below which no transaction can still add a row. */
@Injectable()
export class LogStreamRepository {
  constructor(private readonly database: Database) {}

  /** The last readable place (the floor when there is none) and the bounds, in one statement. */
  async head(tx: Tx = this.database.pool): Promise<LogBounds & { place: LogPlace }> {
    const [row] = await prepared<LogHead>(tx, HEAD);
    if (!row) throw new Error('log_meta has no row');
    return { ...toBounds(row), place: { xid: row.xid, id: row.id } };
  }

  /** Up to `limit` rows after `after`, no further than `until`, with the bounds of the same snapshot. */
  async page(after: LogPlace, limit: number, until?: LogPlace): Promise<LogBounds & { rows: LogRow[] }> {
    const found = await prepared<{ bounds: BoundsColumns | null } & (LogRow | { xid: null })>(
      this.database.pool,
      `select case when e.ordinal is null or e.ordinal = 1 then to_json(b) end as bounds, e.*
       from (${BOUNDS}) b
       left join lateral (
         select ${EVENT_COLUMNS}, row_number() over (order by xid, id) as ordinal from events
         where (xid, id) > ($1::xid8, $2::bigint) and xid < b."horizonXid"
           ${until ? 'and (xid, id) <= ($4::xid8, $5::bigint)' : ''}
         order by xid, id limit $3
       ) e on true
       order by e.xid, e.id`,
      [after.xid, after.id, limit, ...(until ? [until.xid, until.id] : [])],
    );
    const bounds = found[0]?.bounds;
    if (!bounds) throw new Error('log_meta has no row');
    return { ...toBounds(bounds), rows: found.filter((row) => row.xid !== null) };
  }
}

/** Identity of a history: another server, a failover to another timeline or a restore makes another one. */
function toBounds(columns: BoundsColumns): LogBounds {
  const { system, timeline, marker, floorXid, floorId, horizonXid, endXid } = columns;
  return {
    epoch: epochOf(`${system}|${timeline}|${marker}`),
    floor: { xid: floorXid, id: floorId },
    horizonXid,
    endXid,
  };
}

let lastIdentity = { text: '', epoch: '' };

/** Hashed once per change: it is asked for with every page. */
function epochOf(text: string): string {
  if (lastIdentity.text !== text) {
    lastIdentity = { text, epoch: createHash('sha256').update(text).digest('hex').slice(0, 16) };
  }
  return lastIdentity.epoch;
}
