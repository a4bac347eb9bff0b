import { Injectable } from '@nestjs/common';
import type { Agent, CreateAgent, CreatedAgent, UpdateAgent } from '@parley/contract';
import { DomainError, NotFoundError } from '../common/domain.error.js';
import { newId } from '../common/ids.js';
import { Database, type Tx } from '../database/database.js';
import { HintsService } from '../hints/hints.service.js';
import { LogRepository } from '../log/log.repository.js';
import { type AgentRow, AgentsRepository } from './agents.repository.js';
import { generatePassword, hashPassword, verifyPassword } from './passwords.js';
import { SessionsRepository } from './sessions.repository.js';

/** The people who sign in. */
@Injectable()
export class AgentsService {
  constructor(
    private readonly database: Database,
    private readonly repository: AgentsRepository,
    private readonly sessions: SessionsRepository,
    private readonly log: LogRepository,
    private readonly hints: HintsService,
  ) {}

  /** Whose sessions these are; one that has ended, or whose agent has, is missing. */
  bySessions(sessionIds: readonly string[]): Promise<(AgentRow & { sessionId: string })[]> {
    return this.repository.findBySessions(sessionIds);
  }

  find(id: string, tx?: Tx): Promise<AgentRow | null> {
    return this.repository.find(id, tx);
  }

  /** @throws NotFoundError agent.not_found */
  async get(id: string): Promise<Agent> {
    const row = await this.repository.find(id);
    if (!row) throw new NotFoundError('agent');
    return toAgent(row);
  }

  async list(): Promise<Agent[]> {
    return (await this.repository.all()).map(toAgent);
  }

  names(ids: readonly string[]): Promise<Map<string, string>> {
    return this.repository.names(ids);
  }

  /** Null when e-mail and password do not belong together, or the agent is not active. */
  async authenticate(email: string, password: string): Promise<Agent | null> {
    const found = await this.repository.findForSignIn(email);
    const isRight = await verifyPassword(found?.passwordHash ?? null, password);
    return isRight && found?.active ? toAgent(found) : null;
  }

  /**
   * Without a password one is made, which only this answer carries.
   * @throws DomainError agent.email_taken
   */
  async create(request: CreateAgent): Promise<CreatedAgent> {
    const id = newId();
    const generatedPassword = request.password === undefined ? generatePassword() : undefined;
    const passwordHash = await hashPassword(request.password ?? generatedPassword ?? '');
    const { name, email, role } = request;
    if (!(await this.repository.insert({ id, name, email, role, passwordHash }))) {
      throw new DomainError('agent.email_taken', 409, 'Another agent has this e-mail address.');
    }
    return { ...(await this.get(id)), ...(generatedPassword === undefined ? {} : { generatedPassword }) };
  }

  /** Makes the first admin from the environment when there is none yet. */
  async ensureFirstAdmin(admin: { email: string; password: string }): Promise<void> {
    if ((await this.repository.countAdmins()) > 0) return;
    const passwordHash = await hashPassword(admin.password);
    await this.repository.insert({ id: newId(), name: 'Admin', email: admin.email, role: 'admin', passwordHash });
  }

  /**
   * Changes an agent; a new role, a new password or `active: false` ends every session and socket at once.
   * @throws DomainError agent.last_admin
   */
  async update(id: string, request: UpdateAgent): Promise<Agent> {
    const { password, ...changes } = request;
    const passwordHash = password === undefined ? undefined : await hashPassword(password);
    await this.database.transaction(async (tx) => {
      const admins = await this.repository.lockActiveAdmins(tx);
      const current = await this.repository.find(id, tx);
      if (!current) throw new NotFoundError('agent');
      const staysAdmin = (changes.role ?? current.role) === 'admin' && (changes.active ?? current.active);
      if (!staysAdmin && admins.length === 1 && admins[0] === id) {
        throw new DomainError('agent.last_admin', 409, 'Somebody must stay an active admin.');
      }
      await this.repository.update(tx, id, { ...changes, ...(passwordHash === undefined ? {} : { passwordHash }) });
      const roleChanged = changes.role !== undefined && changes.role !== current.role;
      const activeChanged = changes.active !== undefined && changes.active !== current.active;
      if (roleChanged || activeChanged || passwordHash !== undefined) {
        await this.sessions.revokeAll(tx, id, 'changed by an admin', null);
        await this.log.append(tx, [{ type: 'access.changed', agentId: id }]);
        this.database.afterCommit(tx, () => this.hints.publish('access', { agentId: id, sessionId: null }));
      }
    });
    return this.get(id);
  }

  /**
   * A new password for an agent who has lost theirs; it ends every session and socket of theirs, and is told once.
   * @throws NotFoundError agent.not_found
   */
  async resetPassword(id: string): Promise<string> {
    const password = generatePassword();
    await this.update(id, { password });
    return password;
  }

  /** What an agent may change of themselves. */
  async rename(id: string, name: string): Promise<Agent> {
    await this.repository.update(this.database.pool, id, { name });
    return this.get(id);
  }

  /** @throws DomainError auth.invalid when the current password is wrong. Ends the agent's other sessions. */
  async changePassword(id: string, sessionId: string, current: string, next: string): Promise<void> {
    const isRight = await verifyPassword(await this.repository.passwordHash(id), current);
    if (!isRight) throw new DomainError('auth.invalid', 401, 'The current password is not right.');
    const passwordHash = await hashPassword(next);
    await this.database.transaction(async (tx) => {
      await this.repository.update(tx, id, { passwordHash });
      await this.sessions.revokeAll(tx, id, 'password changed', sessionId);
      this.database.afterCommit(tx, () => this.hints.publish('access', { agentId: id, sessionId: null }));
    });
  }
}

function toAgent(row: AgentRow): Agent {
  const { id, name, email, role, active, teamIds } = row;
  return { id, name, email, role, active, teamIds, createdAt: row.createdAt.toISOString() };
}
