import { Injectable } from '@nestjs/common';
import { query, type Tx } from '../database/database.js';

/** A refresh token as the store knows it, with its family. */
export interface RefreshTokenRow {
  sessionId: string;
  agentId: string;
  /** Milliseconds since it was replaced; null = it is the current one. */
  replacedForMs: number | null;
  /** The session is revoked, over its limits, or its agent is not active. */
  ended: boolean;
}

/** A session as its agent or an admin sees it. */
export interface SessionRow {
  id: string;
  createdAt: Date;
  lastUsedAt: Date;
  expiresAt: Date;
  userAgent: string | null;
}

/** Families of refresh tokens; only hashes are kept. */
@Injectable()
export class SessionsRepository {
  async open(
    tx: Tx,
    session: { id: string; agentId: string; userAgent: string | null; maxAgeDays: number },
  ): Promise<void> {
    await query(
      tx,
      `insert into sessions (id, agent_id, created_at, last_used_at, expires_at, user_agent)
       values ($1, $2, app_now(), app_now(), app_now() + make_interval(days => $4), $3)`,
      [session.id, session.agentId, session.userAgent, session.maxAgeDays],
    );
  }

  async addToken(tx: Tx, sessionId: string, hash: Buffer): Promise<void> {
    await query(tx, 'insert into refresh_tokens (hash, session_id, issued_at) values ($1, $2, app_now())', [
      hash,
      sessionId,
    ]);
  }

  /** Finds a token and locks its family, so that rotations of several tabs come one after the other. */
  async lockByToken(tx: Tx, hash: Buffer, idleDays: number): Promise<RefreshTokenRow | null> {
    const [family] = await query<{ id: string }>(
      tx,
      `select s.id from sessions s
       where s.id = (select session_id from refresh_tokens where hash = $1) for update`,
      [hash],
    );
    if (!family) return null;
    const [row] = await query<RefreshTokenRow>(
      tx,
      `select s.id as "sessionId", s.agent_id as "agentId",
              extract(epoch from app_now() - t.replaced_at)::float8 * 1000 as "replacedForMs",
              s.revoked_at is not null or s.expires_at <= app_now() or not a.active
                or s.last_used_at <= app_now() - make_interval(days => $2) as ended
       from refresh_tokens t join sessions s on s.id = t.session_id join agents a on a.id = s.agent_id
       where t.hash = $1`,
      [hash, idleDays],
    );
    return row ?? null;
  }

  async markReplaced(tx: Tx, hash: Buffer): Promise<void> {
    await query(tx, 'update refresh_tokens set replaced_at = app_now() where hash = $1', [hash]);
  }

  async touch(tx: Tx, sessionId: string): Promise<void> {
    await query(tx, 'update sessions set last_used_at = app_now() where id = $1', [sessionId]);
  }

  async isCurrent(tx: Tx, hash: Buffer): Promise<boolean> {
    const rows = await query(tx, 'select 1 from refresh_tokens where hash = $1 and replaced_at is null', [hash]);
    return rows.length === 1;
  }

  async revoke(tx: Tx, sessionId: string, reason: string): Promise<void> {
    await query(
      tx,
      'update sessions set revoked_at = app_now(), revoked_reason = $2 where id = $1 and revoked_at is null',
      [sessionId, reason],
    );
  }

  /** Ends every session of an agent but one (the one that asked for it), or all. */
  async revokeAll(tx: Tx, agentId: string, reason: string, exceptSessionId: string | null): Promise<void> {
    await query(
      tx,
      `update sessions set revoked_at = app_now(), revoked_reason = $2
       where agent_id = $1 and revoked_at is null and id is distinct from $3`,
      [agentId, reason, exceptSessionId],
    );
  }

  /** The sessions of an agent that stand, the latest used first. */
  async ofAgent(tx: Tx, agentId: string, idleDays: number): Promise<SessionRow[]> {
    return query<SessionRow>(
      tx,
      `select id, created_at as "createdAt", last_used_at as "lastUsedAt", user_agent as "userAgent",
              least(expires_at, last_used_at + make_interval(days => $2)) as "expiresAt"
       from sessions
       where agent_id = $1 and revoked_at is null and expires_at > app_now()
         and last_used_at > app_now() - make_interval(days => $2)
       order by last_used_at desc, id desc limit 100`,
      [agentId, idleDays],
    );
  }

  /** Ends one session of this agent; false when there is none such. */
  async revokeOfAgent(tx: Tx, agentId: string, sessionId: string, reason: string): Promise<boolean> {
    const rows = await query(
      tx,
      `update sessions set revoked_at = app_now(), revoked_reason = $3
       where id = $2 and agent_id = $1 and revoked_at is null returning id`,
      [agentId, sessionId, reason],
    );
    return rows.length > 0;
  }

  /** Deletes some sessions that ended more than a day ago, with their tokens; returns how many. */
  async deleteEnded(tx: Tx, idleDays: number, limit: number): Promise<number> {
    const rows = await query(
      tx,
      `delete from sessions where id in (
         select id from sessions
         where least(revoked_at, expires_at, last_used_at + make_interval(days => $1)) < app_now() - interval '1 day'
         limit $2 for update skip locked)
       returning id`,
      [idleDays, limit],
    );
    return rows.length;
  }
}
