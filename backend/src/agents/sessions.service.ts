import { Inject, Injectable } from '@nestjs/common';
import { createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import type { SignedInSession } from '@parley/contract';
import { DomainError, NotFoundError } from '../common/domain.error.js';
import { newId } from '../common/ids.js';
import { ENVIRONMENT, type Environment } from '../config/environment.js';
import { Database } from '../database/database.js';
import { HintsService } from '../hints/hints.service.js';
import { SessionsRepository } from './sessions.repository.js';

const MAX_AGE_DAYS = 30;
const IDLE_DAYS = 14;
const TOKEN_BYTES = 32;
const DELETE_AT_ONCE = 200;
/** Two tabs, or an answer lost on the way: the immediate predecessor still yields the same successor for this long. */
const GRACE_MS = 10_000;

/** Sessions: opened at sign-in, kept by rotating refresh tokens, ended at sign-out, misuse or by an admin. */
@Injectable()
export class SessionsService {
  private readonly rotationKey: Buffer;

  constructor(
    private readonly database: Database,
    private readonly repository: SessionsRepository,
    private readonly hints: HintsService,
    @Inject(ENVIRONMENT) environment: Environment,
  ) {
    this.rotationKey = Buffer.from(
      hkdfSync('sha256', environment.jwtSecret, '', 'parley refresh rotation', TOKEN_BYTES),
    );
  }

  /** A new session with its first refresh token. */
  async open(agentId: string, userAgent: string | null): Promise<{ sessionId: string; refreshToken: string }> {
    const sessionId = newId();
    const refreshToken = randomBytes(TOKEN_BYTES).toString('base64url');
    await this.database.transaction(async (tx) => {
      await this.repository.open(tx, { id: sessionId, agentId, userAgent, maxAgeDays: MAX_AGE_DAYS });
      await this.repository.addToken(tx, sessionId, hashOf(refreshToken));
    });
    return { sessionId, refreshToken };
  }

  /**
   * Replaces a refresh token. A token that was replaced before is a copy in other hands: the whole family ends.
   * @throws DomainError auth.refresh_invalid
   */
  async rotate(refreshToken: string): Promise<{ sessionId: string; agentId: string; refreshToken: string }> {
    const hash = hashOf(refreshToken);
    const successor = createHmac('sha256', this.rotationKey).update(refreshToken).digest('base64url');
    const successorHash = hashOf(successor);
    const outcome = await this.database.transaction(async (tx) => {
      const found = await this.repository.lockByToken(tx, hash, IDLE_DAYS);
      if (!found || found.ended) return null;
      if (found.replacedForMs === null) {
        await this.repository.markReplaced(tx, hash);
        await this.repository.addToken(tx, found.sessionId, successorHash);
        await this.repository.touch(tx, found.sessionId);
        return { ...found, reused: false };
      }
      const isGraceful = found.replacedForMs <= GRACE_MS && (await this.repository.isCurrent(tx, successorHash));
      if (!isGraceful) await this.repository.revoke(tx, found.sessionId, 'refresh token used twice');
      return { ...found, reused: !isGraceful };
    });
    if (outcome?.reused) this.hints.publish('access', { agentId: outcome.agentId, sessionId: outcome.sessionId });
    if (!outcome || outcome.reused) {
      throw new DomainError('auth.refresh_invalid', 401, 'The session has ended. Please sign in again.');
    }
    return { sessionId: outcome.sessionId, agentId: outcome.agentId, refreshToken: successor };
  }

  /** Ends the session that a refresh token belongs to; an unknown token ends nothing. */
  async close(refreshToken: string): Promise<void> {
    const ended = await this.database.transaction(async (tx) => {
      const found = await this.repository.lockByToken(tx, hashOf(refreshToken), IDLE_DAYS);
      if (found) await this.repository.revoke(tx, found.sessionId, 'signed out');
      return found;
    });
    if (ended) this.hints.publish('access', { agentId: ended.agentId, sessionId: ended.sessionId });
  }

  /** The sessions of an agent that stand; `currentId` is the one that asks. */
  async list(agentId: string, currentId: string): Promise<SignedInSession[]> {
    const rows = await this.repository.ofAgent(this.database.pool, agentId, IDLE_DAYS);
    return rows.map(({ id, createdAt, lastUsedAt, expiresAt, userAgent }) => ({
      id,
      createdAt: createdAt.toISOString(),
      lastUsedAt: lastUsedAt.toISOString(),
      expiresAt: expiresAt.toISOString(),
      userAgent,
      current: id === currentId,
    }));
  }

  /**
   * Ends one session of this agent; its sockets close at once.
   * @throws NotFoundError session.not_found
   */
  async end(agentId: string, sessionId: string, reason: string): Promise<void> {
    const isEnded = await this.repository.revokeOfAgent(this.database.pool, agentId, sessionId, reason);
    if (!isEnded) throw new NotFoundError('session');
    this.hints.publish('access', { agentId, sessionId });
  }

  /** Ends all sessions of this agent but the one that asks. */
  async endOthers(agentId: string, keptId: string | null, reason: string): Promise<void> {
    await this.repository.revokeAll(this.database.pool, agentId, reason, keptId);
    this.hints.publish('access', { agentId, sessionId: null });
  }

  /** Deletes what ended more than a day ago, in short transactions. */
  async deleteEnded(): Promise<void> {
    while ((await this.repository.deleteEnded(this.database.pool, IDLE_DAYS, DELETE_AT_ONCE)) === DELETE_AT_ONCE);
  }
}

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();
