import { Injectable } from '@nestjs/common';
import type { CreateCannedReply, UpdateCannedReply } from '@parley/contract';
import { query, sqlStateOf, type Tx } from '../database/database.js';

export interface CannedReplyRow {
  id: string;
  shortcut: string;
  title: string;
  body: string;
  teamId: string | null;
  createdAt: Date;
  updatedAt: Date;
}

/** Why a row could not be written as asked. */
export type Refusal = 'shortcut_taken' | 'no_such_team';

const COLUMNS = `id, shortcut, title, body, team_id as "teamId", created_at as "createdAt", updated_at as "updatedAt"`;
const REFUSALS: Record<string, Refusal> = { '23505': 'shortcut_taken', '23503': 'no_such_team' };

@Injectable()
export class CannedRepliesRepository {
  /** Those of everybody and of these teams; `teamIds` null = of all teams. */
  async visible(tx: Tx, teamIds: readonly string[] | null): Promise<CannedReplyRow[]> {
    return query<CannedReplyRow>(
      tx,
      `select ${COLUMNS} from canned_replies
       where team_id is null or $1::uuid[] is null or team_id = any($1) order by shortcut collate "und-x-icu", id`,
      [teamIds],
    );
  }

  async insert(
    tx: Tx,
    id: string,
    agentId: string,
    reply: CreateCannedReply,
  ): Promise<CannedReplyRow | Refusal | null> {
    const { shortcut, title, body, teamId = null } = reply;
    return one(
      query<CannedReplyRow>(
        tx,
        `insert into canned_replies (id, shortcut, title, body, team_id, updated_by_id)
         values ($1, $2, $3, $4, $5, $6) returning ${COLUMNS}`,
        [id, shortcut, title, body, teamId, agentId],
      ),
    );
  }

  /** Null when there is none with this id. */
  async update(
    tx: Tx,
    id: string,
    agentId: string,
    { shortcut, title, body, teamId }: UpdateCannedReply,
  ): Promise<CannedReplyRow | Refusal | null> {
    return one(
      query<CannedReplyRow>(
        tx,
        `update canned_replies
         set shortcut = coalesce($3, shortcut), title = coalesce($4, title), body = coalesce($5, body),
             team_id = case when $6 then $7::uuid else team_id end, updated_by_id = $2, updated_at = app_now()
         where id = $1 returning ${COLUMNS}`,
        [id, agentId, shortcut ?? null, title ?? null, body ?? null, teamId !== undefined, teamId ?? null],
      ),
    );
  }

  async delete(tx: Tx, id: string): Promise<boolean> {
    return (await query(tx, 'delete from canned_replies where id = $1 returning id', [id])).length > 0;
  }
}

async function one<Row extends object>(rows: Promise<Row[]>): Promise<Row | Refusal | null> {
  try {
    return (await rows)[0] ?? null;
  } catch (error) {
    const refusal = REFUSALS[sqlStateOf(error) ?? ''];
    if (refusal) return refusal;
    throw error;
  }
}
