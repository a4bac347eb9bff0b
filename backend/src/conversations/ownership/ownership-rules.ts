import { seesEverything } from '../../common/access/authenticated-agent.js';
import type { Viewer } from '../conversation-access.js';
import { InvalidTransitionError } from '../conversation.errors.js';
import { SYSTEM, type Actor, type ConversationRow } from '../conversation.row.js';
import type { ConversationPatch, TimelineLine } from '../conversations.repository.js';
import { nextStatus, type ConversationAction } from './conversation-transitions.js';

/** What an action writes; pure, so that every sequence of actions can be tried without a database. */
export interface Plan {
  patch: ConversationPatch;
  lines: TimelineLine[];
  /** Its owner changes or a person takes it from the bot: what the bot still has queued must not go out. */
  supersedesBot: boolean;
  caseChange: 'opens' | 'closes' | null;
}

/** What ownership looks at. */
export type Owned = Pick<
  ConversationRow,
  'status' | 'assigneeId' | 'lastAssigneeId' | 'teamId' | 'inboundCount' | 'caseId'
>;

/** Owner, supervisors and admins may act; on what nobody owns, everyone who sees it. */
export const mayAct = (agent: Viewer, row: Pick<Owned, 'assigneeId'>): boolean =>
  row.assigneeId === null || row.assigneeId === agent.id || seesEverything(agent);

/** Taking what nobody owns, from the queue, the bot or a snooze; the caller has made sure that nobody does. */
export function planClaim(row: Owned, agentId: string): Plan {
  return {
    patch: { status: statusAfter(row, 'claim'), assigneeId: agentId, snoozedUntil: null },
    lines: [{ kind: row.status === 'pending' ? 'taken_over' : 'claimed', actor: agentActor(agentId) }],
    supersedesBot: true,
    caseChange: null,
  };
}

/** Back into the queue; a snoozed one comes back at once, or nobody would look at it until it wakes. */
export function planRelease(row: Owned, actorId: string): Plan {
  const status = statusAfter(row, 'release');
  if (row.assigneeId === null) throw new InvalidTransitionError(row.status, 'release');
  return {
    patch: { status, assigneeId: null, lastAssigneeId: row.assigneeId, snoozedUntil: null },
    lines: [{ kind: 'released', actor: agentActor(actorId), targetId: row.assigneeId }],
    supersedesBot: false,
    caseChange: null,
  };
}

/** Back into the queue because its owner is gone and the customer waits. */
export function planReleaseByPolicy(row: Owned): Plan {
  return {
    patch: { status: statusAfter(row, 'release'), assigneeId: null, lastAssigneeId: row.assigneeId },
    lines: [{ kind: 'released', actor: SYSTEM, targetId: row.assigneeId }],
    ...NOTHING_ELSE,
  };
}

/** To an agent, a team, both, or (`agentId: null`) the queue. `teamId: undefined` leaves the team. */
export function planAssign(
  row: Owned,
  actorId: string,
  to: { agentId: string | null; teamId: string | null | undefined },
): Plan {
  const actor = agentActor(actorId);
  const teamChanges = to.teamId !== undefined && to.teamId !== row.teamId;
  const lines: TimelineLine[] = [];
  if (to.agentId !== row.assigneeId) {
    if (to.agentId === null) lines.push({ kind: 'released', actor, targetId: row.assigneeId });
    else lines.push({ kind: 'assigned', actor, targetId: to.agentId });
  }
  if (teamChanges && to.agentId === null) {
    if (to.teamId) lines.push({ kind: 'assigned', actor, targetId: to.teamId });
    else if (lines.length === 0) lines.push({ kind: 'released', actor });
  }
  if (teamChanges && lines.length === 0) lines.push({ kind: 'team_changed', actor, targetId: to.teamId ?? null });
  if (lines.length === 0 && row.status === 'pending') lines.push({ kind: 'bot_handed_over', actor });
  if (lines.length === 0 && row.status === 'snoozed') lines.push({ kind: 'woken', actor });
  return {
    patch: {
      status: statusAfter(row, 'assign'),
      assigneeId: to.agentId,
      snoozedUntil: null,
      ...(to.agentId !== row.assigneeId && row.assigneeId !== null && { lastAssigneeId: row.assigneeId }),
      ...(teamChanges && { teamId: to.teamId ?? null }),
    },
    lines,
    supersedesBot: true,
    caseChange: null,
  };
}

/** To another team, or to none; who has it and how it stands remain. */
export function planTeam(row: Owned, actorId: string, teamId: string | null): Plan {
  const line: TimelineLine = { kind: 'team_changed', actor: agentActor(actorId), targetId: teamId };
  return teamId === row.teamId
    ? { patch: {}, lines: [], ...NOTHING_ELSE }
    : { patch: { teamId }, lines: [line], ...NOTHING_ELSE };
}

/** Closes the case; nobody owns what is resolved, and the reopening policy remembers who did. */
export function planResolve(row: Owned, actorId: string): Plan {
  return {
    patch: {
      status: statusAfter(row, 'resolve'),
      assigneeId: null,
      snoozedUntil: null,
      waitingSince: null,
      ...(row.assigneeId !== null && { lastAssigneeId: row.assigneeId }),
    },
    lines: [{ kind: 'resolved', actor: agentActor(actorId) }],
    supersedesBot: true,
    caseChange: 'closes',
  };
}

/** A new case for `ownerId` (the policy's choice), or a snoozed one woken by hand, which keeps its owner. */
export function planReopen(row: Owned, actorId: string, ownerId: string | null): Plan {
  const status = statusAfter(row, 'reopen');
  const actor = agentActor(actorId);
  if (row.status === 'snoozed') {
    return { patch: { status, snoozedUntil: null }, lines: [{ kind: 'woken', actor }], ...NOTHING_ELSE };
  }
  return {
    patch: { status, assigneeId: ownerId, caseInboundBase: row.inboundCount },
    lines: [{ kind: 'reopened', actor, targetId: ownerId }],
    supersedesBot: false,
    caseChange: 'opens',
  };
}

/** Tags or priority: nothing that the thread has to tell. */
export const planMark = (patch: Pick<ConversationPatch, 'tags' | 'priority'>): Plan => ({
  patch,
  lines: [],
  ...NOTHING_ELSE,
});

/** Back to how it stood before this agent's act. */
export const planUndo = (before: ConversationPatch, actorId: string): Plan => ({
  patch: before,
  lines: [{ kind: 'undone', actor: agentActor(actorId) }],
  ...NOTHING_ELSE,
});

/** Out of sight until then, with its owner. */
export function planSnooze(row: Owned, actorId: string, until: Date): Plan {
  return {
    patch: { status: statusAfter(row, 'snooze'), snoozedUntil: until },
    lines: [{ kind: 'snoozed', actor: agentActor(actorId), until }],
    ...NOTHING_ELSE,
  };
}

/** Its time has come. */
export function planWake(row: Owned): Plan {
  return {
    patch: { status: statusAfter(row, 'wake'), snoozedUntil: null },
    lines: [{ kind: 'woken', actor: SYSTEM }],
    ...NOTHING_ELSE,
  };
}

/**
 * What a reply does to ownership: takes what nobody owns (a resolved one into a new case), leaves a colleague's with
 * the colleague and says so, changes nothing on the replier's own.
 */
export function planReply(row: Owned, agentId: string): Plan | null {
  if (row.assigneeId === agentId) return null;
  if (row.assigneeId !== null) {
    const line: TimelineLine = { kind: 'replied_by_other', actor: agentActor(agentId), targetId: row.assigneeId };
    return { patch: {}, lines: [line], ...NOTHING_ELSE };
  }
  if (row.status === 'resolved') {
    const plan = { ...planReopen(row, agentId, agentId), supersedesBot: true };
    // Without a case before it the conversation only begins: the customer is written to first.
    return row.caseId !== null ? plan : { ...plan, lines: [{ kind: 'opened', actor: agentActor(agentId) }] };
  }
  return planClaim(row, agentId);
}

const NOTHING_ELSE = { supersedesBot: false, caseChange: null } as const;

const agentActor = (id: string): Actor => ({ type: 'agent', id });

function statusAfter(row: Owned, action: ConversationAction): ConversationRow['status'] {
  const status = nextStatus(row.status, action);
  if (status === null) throw new InvalidTransitionError(row.status, action);
  return status;
}
