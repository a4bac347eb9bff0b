import { Injectable } from '@nestjs/common';
import type { AgentRole } from '@parley/contract';
import { In } from 'typeorm';
import { Database, prepared, query, sqlStateOf, type Tx } from '../database/database.js';
import { AgentEntity } from './agent.entity.js';

/** An agent with the teams that decide what they see. */
export interface AgentRow {
  id: string;
  name: string;
  email: string;
  role: AgentRole;
  active: boolean;
  createdAt: Date;
  teamIds: string[];
}

const AGENT_COLUMNS = `
  a.id, a.name, a.email, a.role, a.active, a.created_at as "createdAt",
  coalesce((select array_agg(m.team_id order by m.team_id) from team_members m where m.agent_id = a.id), '{}')
    as "teamIds"`;

const UNIQUE_VIOLATION = '23505';

@Injectable()
export class AgentsRepository {
  constructor(private readonly database: Database) {}

  async find(id: string, tx: Tx = this.database.pool): Promise<AgentRow | null> {
    const [row] = await query<AgentRow>(tx, `select ${AGENT_COLUMNS} from agents a where a.id = $1`, [id]);
    return row ?? null;
  }

  /** The agents whose sessions these are, while both are valid: asked at every request, so in one statement. */
  async findBySessions(sessionIds: readonly string[]): Promise<(AgentRow & { sessionId: string })[]> {
    return prepared<AgentRow & { sessionId: string }>(
      this.database.pool,
      `select s.id as "sessionId", ${AGENT_COLUMNS} from sessions s join agents a on a.id = s.agent_id
       where s.id = any($1::uuid[]) and s.revoked_at is null and s.expires_at > app_now() and a.active`,
      [sessionIds],
    );
  }

  /** The agent and the hash to check a password against; by e-mail without regard to case. */
  async findForSignIn(email: string): Promise<(AgentRow & { passwordHash: string }) | null> {
    const [row] = await query<AgentRow & { passwordHash: string }>(
      this.database.pool,
      `select ${AGENT_COLUMNS}, a.password_hash as "passwordHash" from agents a where lower(a.email) = lower($1)`,
      [email],
    );
    return row ?? null;
  }

  async all(): Promise<AgentRow[]> {
    return query<AgentRow>(
      this.database.pool,
      `select ${AGENT_COLUMNS} from agents a order by a.name collate "und-x-icu", a.id`,
    );
  }

  async names(ids: readonly string[]): Promise<Map<string, string>> {
    if (ids.length === 0) return new Map();
    const found = await this.database.pool.find(AgentEntity, {
      select: { id: true, name: true },
      where: { id: In([...ids]) },
    });
    return new Map(found.map(({ id, name }) => [id, name]));
  }

  async countAdmins(): Promise<number> {
    return this.database.pool.countBy(AgentEntity, { role: 'admin' });
  }

  /** False when the e-mail address is taken. */
  async insert(
    agent: Pick<AgentEntity, 'id' | 'name' | 'email' | 'role' | 'passwordHash'>,
    tx: Tx = this.database.pool,
  ): Promise<boolean> {
    try {
      await tx.insert(AgentEntity, agent);
      return true;
    } catch (error) {
      if (sqlStateOf(error) === UNIQUE_VIOLATION) return false;
      throw error;
    }
  }

  async update(
    tx: Tx,
    id: string,
    changes: Partial<Pick<AgentEntity, 'name' | 'role' | 'active' | 'passwordHash'>>,
  ): Promise<void> {
    await tx.update(AgentEntity, { id }, { ...changes, updatedAt: () => 'now()' });
  }

  /** Locks every active admin, so that two demotions at once cannot leave none. */
  async lockActiveAdmins(tx: Tx): Promise<string[]> {
    const rows = await query<{ id: string }>(
      tx,
      `select id from agents where role = 'admin' and active order by id for update`,
    );
    return rows.map(({ id }) => id);
  }

  async passwordHash(id: string): Promise<string | null> {
    const [row] = await query<{ hash: string }>(
      this.database.pool,
      'select password_hash as hash from agents where id = $1',
      [id],
    );
    return row?.hash ?? null;
  }
}
