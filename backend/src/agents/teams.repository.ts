import { Injectable } from '@nestjs/common';
import { Database, query, sqlStateOf, type Tx } from '../database/database.js';
import { TeamEntity } from './team.entity.js';

export interface TeamRow {
  id: string;
  name: string;
  memberIds: string[];
}

const UNIQUE_VIOLATION = '23505';

@Injectable()
export class TeamsRepository {
  constructor(private readonly database: Database) {}

  async all(): Promise<TeamRow[]> {
    return this.select(this.database.pool, null);
  }

  async find(id: string, tx: Tx = this.database.pool): Promise<TeamRow | null> {
    const [row] = await this.select(tx, id);
    return row ?? null;
  }

  /** False when the name is taken. */
  async insert(team: { id: string; name: string }): Promise<boolean> {
    try {
      await this.database.pool.insert(TeamEntity, team);
      return true;
    } catch (error) {
      if (sqlStateOf(error) === UNIQUE_VIOLATION) return false;
      throw error;
    }
  }

  /** False when the name is taken. */
  async rename(id: string, name: string): Promise<boolean> {
    try {
      await this.database.pool.update(TeamEntity, { id }, { name });
      return true;
    } catch (error) {
      if (sqlStateOf(error) === UNIQUE_VIOLATION) return false;
      throw error;
    }
  }

  /** Replaces the members; returns the agents who joined or left. Agents that do not exist are left out. */
  async setMembers(tx: Tx, teamId: string, agentIds: readonly string[]): Promise<string[]> {
    const left = await query<{ id: string }>(
      tx,
      `delete from team_members where team_id = $1 and agent_id <> all($2::uuid[]) returning agent_id as id`,
      [teamId, agentIds],
    );
    const joined = await query<{ id: string }>(
      tx,
      `insert into team_members (team_id, agent_id)
       select $1, a.id from agents a where a.id = any($2::uuid[]) order by a.id
       on conflict do nothing returning agent_id as id`,
      [teamId, agentIds],
    );
    return [...left, ...joined].map(({ id }) => id);
  }

  async remove(tx: Tx, id: string): Promise<void> {
    await query(tx, 'delete from teams where id = $1', [id]);
  }

  private select(tx: Tx, id: string | null): Promise<TeamRow[]> {
    return query<TeamRow>(
      tx,
      `select t.id, t.name,
              coalesce((select array_agg(m.agent_id order by m.agent_id) from team_members m where m.team_id = t.id),
                       '{}') as "memberIds"
       from teams t where $1::uuid is null or t.id = $1 order by t.name collate "und-x-icu"`,
      [id],
    );
  }
}
