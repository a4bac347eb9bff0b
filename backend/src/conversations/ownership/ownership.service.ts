import { Injectable } from '@nestjs/common';
import {
  TAGS_MAX,
  UNDO_ACT_SECONDS,
  type Assign,
  type Conversation,
  type SetPriority,
  type SetTags,
  type TakeNext,
} from '@parley/contract';
import { AgentPresence } from '../../agents/agent-presence.js';
import { AgentsService } from '../../agents/agents.service.js';
import type { AuthenticatedAgent } from '../../common/access/authenticated-agent.js';
import { NotFoundError } from '../../common/domain.error.js';
import { Database, sqlStateOf, type Tx } from '../../database/database.js';
import { isVisible } from '../conversation-access.js';
import {
  ActNotUndoableError,
  AlreadyClaimedError,
  AssigneeUnavailableError,
  InvalidRequestError,
  InvalidTransitionError,
  NotYourConversationError,
  VersionConflictError,
} from '../conversation.errors.js';
import type { ConversationRow } from '../conversation.row.js';
import { ConversationsReader } from '../conversations.reader.js';
import { ConversationsRepository, type LockedConversation } from '../conversations.repository.js';
import { TagsRepository } from '../tags/tags.repository.js';
import { ThreadViewers } from '../thread-viewers.js';
import { OwnershipChanges } from './ownership-changes.js';
import {
  mayAct,
  planAssign,
  planMark,
  planReopen,
  planRelease,
  planReply,
  planResolve,
  planSnooze,
  planTeam,
  planUndo,
  type Plan,
} from './ownership-rules.js';
import { OwnershipRepository } from './ownership.repository.js';
import { UndosRepository } from './undos.repository.js';

const MAX_SNOOZE_MS = 366 * 24 * 3_600_000;
const FOREIGN_KEY_VIOLATION = '23503';
const CLAIM_TRIES = 2;

/** Who handles a conversation, and in which state it is. Every rule is judged under the row lock. */
@Injectable()
export class OwnershipService {
  constructor(
    private readonly database: Database,
    private readonly conversations: ConversationsRepository,
    private readonly changes: OwnershipChanges,
    private readonly reader: ConversationsReader,
    private readonly agents: AgentsService,
    private readonly presence: AgentPresence,
    private readonly tags: TagsRepository,
    private readonly undos: UndosRepository,
    private readonly ownership: OwnershipRepository,
    private readonly viewers: ThreadViewers,
  ) {}

  /**
   * First agent wins; repeating one's own claim changes nothing, so that it may be retried.
   * @throws AlreadyClaimedError, InvalidTransitionError when it is resolved
   */
  async claim(agent: AuthenticatedAgent, id: string): Promise<Conversation> {
    return this.database.transaction(async (tx) => {
      for (let tries = 0; tries < CLAIM_TRIES; tries += 1) {
        const claimed = await this.changes.claim(tx, id, agent);
        if (claimed) return this.reader.forAgent(agent.id, claimed.id, tx);
        const { row } = await this.lockVisible(tx, agent, id);
        if (row.assigneeId === agent.id) return this.reader.forAgent(agent.id, row.id, tx);
        if (row.assigneeId !== null) {
          const owned = await this.reader.forAgent(agent.id, row.id, tx);
          throw new AlreadyClaimedError(owned, await this.ownership.ownedForMs(tx, row.id, row.assigneeId));
        }
        if (row.status === 'resolved') throw new InvalidTransitionError(row.status, 'claim');
      }
      throw new Error(`conversation ${id} stayed unowned under its lock, yet could not be claimed`);
    });
  }

  /**
   * Hands out what has waited longest of what nobody owns and no colleague looks at; null when there is nothing. Two who
   * ask at once get two different ones.
   */
  async next(
    agent: AuthenticatedAgent,
    { teamId = null }: { teamId?: TakeNext['teamId'] | null },
  ): Promise<Conversation | null> {
    const exceptIds = this.viewers.lookedAtByOthers(agent.id);
    return this.database.transaction(async (tx) => {
      const row = await this.changes.claimNext(tx, agent, { teamId, exceptIds });
      return row && this.reader.forAgent(agent.id, row.id, tx);
    });
  }

  async release(agent: AuthenticatedAgent, id: string, expectedVersion?: number): Promise<Conversation> {
    return this.act(agent, id, expectedVersion, ({ row }) => planRelease(row, agent.id));
  }

  /** @throws AssigneeUnavailableError, NotFoundError for an agent or a team that is not there */
  async assign(
    agent: AuthenticatedAgent,
    id: string,
    { agentId, teamId, expectedVersion }: Assign,
  ): Promise<Conversation> {
    try {
      return await this.act(agent, id, expectedVersion, async ({ row }, tx) => {
        if (agentId === undefined) return planTeam(row, agent.id, teamId ?? null);
        if (agentId !== null) await this.assertAvailable(tx, agentId);
        return planAssign(row, agent.id, { agentId, teamId });
      });
    } catch (error) {
      // The agent was looked up, so what is missing is the team.
      if (sqlStateOf(error) === FOREIGN_KEY_VIOLATION) throw new NotFoundError('team');
      throw error;
    }
  }

  async resolve(agent: AuthenticatedAgent, id: string, expectedVersion?: number): Promise<Conversation> {
    return this.act(agent, id, expectedVersion, ({ row }) => planResolve(row, agent.id));
  }

  /** A new case, for the last owner when they are at their desk, else for the queue. */
  async reopen(agent: AuthenticatedAgent, id: string, expectedVersion?: number): Promise<Conversation> {
    const before = await this.conversations.find(this.database.pool, id);
    const present = await this.presentOwner(before?.lastAssigneeId ?? null, agent.id);
    return this.act(agent, id, expectedVersion, ({ row }) =>
      planReopen(row, agent.id, row.lastAssigneeId === present ? present : null),
    );
  }

  /** @throws InvalidRequestError when `until` is not in the future, or further than a year away */
  async snooze(agent: AuthenticatedAgent, id: string, until: Date, expectedVersion?: number): Promise<Conversation> {
    return this.act(agent, id, expectedVersion, ({ row, now }) => {
      const aheadMs = until.getTime() - now.getTime();
      if (aheadMs <= 0) throw new InvalidRequestError('until', 'must be in the future');
      if (aheadMs > MAX_SNOOZE_MS) throw new InvalidRequestError('until', 'must be within a year');
      return planSnooze(row, agent.id, until);
    });
  }

  /** @throws InvalidRequestError when it would have too many tags */
  async setTags(agent: AuthenticatedAgent, id: string, request: SetTags): Promise<Conversation> {
    const { add, remove, expectedVersion } = request;
    return this.act(agent, id, expectedVersion, async ({ row }, tx) => {
      const gone = new Set(remove.map((tag) => tag.toLowerCase()));
      const kept = row.tags.filter((tag) => !gone.has(tag.toLowerCase()));
      const known = new Set(kept.map((tag) => tag.toLowerCase()));
      const isNew = (tag: string): boolean => !known.has(tag.toLowerCase()) && !gone.has(tag.toLowerCase());
      const tags = [...kept, ...(await this.tags.spell(tx, add.filter(isNew)))];
      if (tags.length > TAGS_MAX) throw new InvalidRequestError('add', `makes more than ${TAGS_MAX} tags`);
      return planMark({ tags });
    });
  }

  async setPriority(
    agent: AuthenticatedAgent,
    id: string,
    { priority, expectedVersion }: SetPriority,
  ): Promise<Conversation> {
    return this.act(agent, id, expectedVersion, () => planMark({ priority }));
  }

  /**
   * Takes the caller's own newest act on it back, for a minute and only if nobody has acted since. It works also where
   * the act itself took the conversation out of the caller's sight.
   * @throws ActNotUndoableError, AssigneeUnavailableError
   */
  async undo(agent: AuthenticatedAgent, id: string): Promise<Conversation> {
    return this.database.transaction(async (tx) => {
      const locked = await this.conversations.lock(tx, id);
      if (!locked) throw new NotFoundError('conversation');
      const { row, now } = locked;
      const kept = await this.undos.find(tx, row.id);
      if (kept?.agentId !== agent.id && !isVisible(agent, row)) throw new NotFoundError('conversation');
      const isCurrent = kept?.agentId === agent.id && kept.version === row.version;
      if (!isCurrent || now.getTime() - kept.madeAt.getTime() > UNDO_ACT_SECONDS * 1_000) {
        throw new ActNotUndoableError(await this.reader.forAgent(agent.id, row.id, tx));
      }
      if (kept.before.assigneeId !== null) await this.assertAvailable(tx, kept.before.assigneeId);
      if (row.status === 'resolved') await this.conversations.reopenCase(tx, row);
      await this.undos.forget(tx, row.id);
      await this.changes.apply(tx, locked, planUndo(kept.before, agent.id), agent.id);
      return this.reader.forAgent(agent.id, row.id, tx);
    });
  }

  /**
   * What a reply does to ownership, in the transaction that sends it: claims what nobody owns, takes over from the
   * bot, leaves a colleague's with the colleague and writes a line. The caller holds the lock and has checked access.
   */
  async takeForReply(
    tx: Tx,
    locked: LockedConversation,
    agent: Pick<AuthenticatedAgent, 'id'>,
  ): Promise<ConversationRow> {
    const plan = planReply(locked.row, agent.id);
    return plan ? this.changes.apply(tx, locked, plan, agent.id) : locked.row;
  }

  private async act(
    agent: AuthenticatedAgent,
    id: string,
    expectedVersion: number | undefined,
    plan: (locked: LockedConversation, tx: Tx) => Plan | Promise<Plan>,
  ): Promise<Conversation> {
    return this.database.transaction(async (tx) => {
      const locked = await this.lockVisible(tx, agent, id);
      const { row, now } = locked;
      if (expectedVersion !== undefined && expectedVersion !== row.version) {
        throw new VersionConflictError(await this.reader.forAgent(agent.id, row.id, tx));
      }
      if (!mayAct(agent, row)) throw new NotYourConversationError();
      const wanted = await plan(locked, tx);
      const after = await this.changes.apply(tx, locked, wanted, agent.id);
      // A new case cannot be unmade.
      if (after.version !== row.version && wanted.caseChange !== 'opens') {
        await this.undos.keep(tx, row, after.version, agent.id, now);
      }
      return this.reader.forAgent(agent.id, row.id, tx);
    });
  }

  private async lockVisible(tx: Tx, agent: AuthenticatedAgent, id: string): Promise<LockedConversation> {
    const locked = await this.conversations.lock(tx, id);
    if (!locked || !isVisible(agent, locked.row)) throw new NotFoundError('conversation');
    return locked;
  }

  private async assertAvailable(tx: Tx, agentId: string): Promise<void> {
    const target = await this.agents.find(agentId, tx);
    if (!target) throw new NotFoundError('agent');
    if (!target.active) throw new AssigneeUnavailableError();
  }

  /** Asked before the transaction: nothing that has locked a row may wait for the network. */
  private async presentOwner(ownerId: string | null, askingAgentId: string): Promise<string | null> {
    if (ownerId === null || ownerId === askingAgentId) return ownerId;
    const [present, owner] = await Promise.all([this.presence.presentAmong([ownerId]), this.agents.find(ownerId)]);
    return present.has(ownerId) && owner?.active ? ownerId : null;
  }
}
