import { Injectable } from '@nestjs/common';
import type { Draft, ReadUpdate } from '@parley/contract';
import type { Viewer } from '../conversations/conversation-access.js';
import { Database, query } from '../database/database.js';
import type { Place } from './audience.js';

/** What the pushes need to know beside the payloads themselves. */
@Injectable()
export class RealtimeRepository {
  constructor(private readonly database: Database) {}

  /** Where the conversations stand now. */
  async places(ids: readonly string[]): Promise<Map<string, Place>> {
    if (ids.length === 0) return new Map();
    const rows = await query<Place & { id: string }>(
      this.database.pool,
      `select id, team_id as "teamId", assignee_id as "assigneeId" from conversations where id = any($1::uuid[])`,
      [ids],
    );
    return new Map(rows.map(({ id, ...place }) => [id, place]));
  }

  /** Read cursors as their agents get them. */
  async reads(
    refs: readonly { agentId: string; conversationId: string }[],
  ): Promise<(ReadUpdate & { agentId: string })[]> {
    if (refs.length === 0) return [];
    return query(
      this.database.pool,
      `select agent_id as "agentId", conversation_id as "conversationId", seq, inbound_number as "readInboundCount", rewinds
       from read_cursors
       where (conversation_id, agent_id) in (select * from unnest($1::uuid[], $2::uuid[]))`,
      [refs.map((ref) => ref.conversationId), refs.map((ref) => ref.agentId)],
    );
  }

  /** Drafts as their agents get them. */
  async drafts(
    refs: readonly { agentId: string; conversationId: string; mode: unknown }[],
  ): Promise<(Draft & { agentId: string })[]> {
    if (refs.length === 0) return [];
    const rows = await query<Omit<Draft, 'updatedAt'> & { agentId: string; updatedAt: Date }>(
      this.database.pool,
      `select agent_id as "agentId", conversation_id as "conversationId", mode, body, rev, updated_at as "updatedAt"
       from drafts
       where (conversation_id, agent_id, mode) in (select * from unnest($1::uuid[], $2::uuid[], $3::text[]))`,
      [refs.map((ref) => ref.conversationId), refs.map((ref) => ref.agentId), refs.map((ref) => ref.mode)],
    );
    return rows.map((row) => ({ ...row, updatedAt: row.updatedAt.toISOString() }));
  }

  /** How many notifications these agents have not read. */
  async unreadNotifications(agentIds: readonly string[]): Promise<Map<string, number>> {
    if (agentIds.length === 0) return new Map();
    const rows = await query<{ id: string; count: number }>(
      this.database.pool,
      `select agent.id, (select count(*) from notifications n where n.agent_id = agent.id and n.read_at is null) as count
       from unnest($1::uuid[]) as agent (id)`,
      [agentIds],
    );
    return new Map(rows.map(({ id, count }) => [id, count]));
  }

  /**
   * Conversations that a change of access may have moved in or out of the agent's sight, newest activity first: those
   * of one team, or of every team that is not theirs.
   */
  async movedByAccess(viewer: Viewer, teamId: string | null, limit: number): Promise<Map<string, Place>> {
    const rows = await query<Place & { id: string }>(
      this.database.pool,
      `select id, team_id as "teamId", assignee_id as "assigneeId"
       from conversations
       where merged_into_id is null and assignee_id is distinct from $1
         and ${teamId === null ? `team_id is not null and team_id <> all($2::uuid[])` : `team_id = $2`}
       order by last_activity_at desc, id desc
       limit $3`,
      [viewer.id, teamId ?? viewer.teamIds, limit],
    );
    return new Map(rows.map(({ id, ...place }) => [id, place]));
  }
}
