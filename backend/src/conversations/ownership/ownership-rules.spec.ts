import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DomainError } from '../../common/domain.error.js';
import {
  mayAct,
  planAssign,
  planTeam,
  planClaim,
  planRelease,
  planReopen,
  planReply,
  planResolve,
  planSnooze,
  planWake,
  type Owned,
  type Plan,
} from './ownership-rules.js';

/** A conversation as far as ownership is concerned, with what the database's checks look at. */
type Model = Owned & { snoozedUntil: Date | null; openCases: number };

const AGENTS = ['ana', 'ben', 'eve'];
const UNTIL = new Date(0);

type Step = { by: string; supervisor: boolean; plan: (row: Owned) => Plan | null; needsRight: boolean };

const agent = fc.constantFrom(...AGENTS);
const step = (action: fc.Arbitrary<{ plan: Step['plan']; by: string; needsRight: boolean }>): fc.Arbitrary<Step> =>
  fc.tuple(action, fc.boolean()).map(([chosen, supervisor]) => ({ ...chosen, supervisor }));

const steps: fc.Arbitrary<Step> = step(
  fc.oneof(
    agent.map((by) => ({
      by,
      needsRight: false,
      plan: (row: Owned) => (row.assigneeId === null ? planClaim(row, by) : null),
    })),
    agent.map((by) => ({ by, needsRight: false, plan: (row: Owned) => planReply(row, by) })),
    agent.map((by) => ({ by, needsRight: true, plan: (row: Owned) => planRelease(row, by) })),
    agent.map((by) => ({ by, needsRight: true, plan: (row: Owned) => planResolve(row, by) })),
    agent.map((by) => ({ by, needsRight: true, plan: (row: Owned) => planSnooze(row, by, UNTIL) })),
    fc.tuple(agent, fc.boolean()).map(([by, isPresent]) => ({
      by,
      needsRight: true,
      plan: (row: Owned) => planReopen(row, by, isPresent ? row.lastAssigneeId : null),
    })),
    fc.tuple(agent, fc.option(agent), fc.constantFrom(undefined, null, 'sales')).map(([by, agentId, teamId]) => ({
      by,
      needsRight: true,
      plan: (row: Owned) => planAssign(row, by, { agentId, teamId }),
    })),
    fc.tuple(fc.boolean(), fc.boolean()).map(([isPresent, botEnabled]) => ({
      by: 'customer',
      needsRight: false,
      plan: (row: Owned) => planArrival(row, isPresent, botEnabled),
    })),
    fc.constant({
      by: 'clock',
      needsRight: false,
      plan: (row: Owned) => (row.status === 'snoozed' ? planWake(row) : null),
    }),
  ),
);

/** What a customer's message does, as receiving decides it: wakes, or reopens for the last owner, the bot or the queue. */
function planArrival(row: Owned, isPresent: boolean, botEnabled: boolean): Plan | null {
  if (row.status === 'snoozed') return planWake(row);
  if (row.status !== 'resolved') return null;
  const assigneeId = isPresent ? row.lastAssigneeId : null;
  const status = assigneeId === null && botEnabled ? 'pending' : 'open';
  return { patch: { status, assigneeId }, lines: [], supersedesBot: false, caseChange: 'opens' };
}

function apply(model: Model, plan: Plan): Model {
  const openCases = model.openCases + (plan.caseChange === 'opens' ? 1 : plan.caseChange === 'closes' ? -1 : 0);
  return { ...model, ...plan.patch, openCases };
}

describe('the rules of ownership, in any order by anyone', () => {
  it('never leave a state that is not allowed', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('open' as const, 'pending' as const),
        fc.array(steps, { maxLength: 60 }),
        (status, sequence) => {
          let model: Model = {
            status,
            assigneeId: null,
            lastAssigneeId: null,
            teamId: null,
            inboundCount: 3,
            caseId: 'case',
            snoozedUntil: null,
            openCases: 1,
          };
          for (const { by, supervisor, plan, needsRight } of sequence) {
            const role = supervisor ? ('supervisor' as const) : ('agent' as const);
            if (needsRight && !mayAct({ id: by, role, teamIds: [] }, model)) continue;
            let chosen: Plan | null;
            try {
              chosen = plan(model);
            } catch (error) {
              expect(error).toBeInstanceOf(DomainError);
              continue;
            }
            if (chosen === null) continue;
            const before = model;
            model = apply(model, chosen);
            // The bot never shares: pending has no owner. Nobody owns what is resolved.
            if (model.status === 'pending' || model.status === 'resolved') expect(model.assigneeId).toBeNull();
            expect(model.status === 'snoozed').toBe(model.snoozedUntil !== null);
            // Exactly one case is open, unless it is resolved.
            expect(model.openCases).toBe(model.status === 'resolved' ? 0 : 1);
            // A colleague's thread changes hands only by who may act on it.
            if (!needsRight && before.assigneeId !== null) {
              expect(model.assigneeId).toBe(before.assigneeId);
            }
            // Whoever had it is remembered once nobody has it.
            if (before.assigneeId !== null && model.assigneeId === null) {
              expect(model.lastAssigneeId).toBe(before.assigneeId);
            }
            // The bot's queued answers never outlive a person's taking over.
            if (before.status === 'pending') expect(chosen.supersedesBot).toBe(true);
            if (model.assigneeId !== null && model.assigneeId !== before.assigneeId && before.status !== 'resolved') {
              expect(chosen.supersedesBot).toBe(true);
            }
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe('what a line says', () => {
  const row: Owned = {
    status: 'open',
    assigneeId: null,
    lastAssigneeId: null,
    teamId: null,
    inboundCount: 0,
    caseId: 'case',
  };
  const kinds = (plan: Plan | null) => plan?.lines.map((line) => line.kind);

  it('a claim from the queue is a claim, from the bot a takeover', () => {
    expect(kinds(planClaim(row, 'ana'))).toEqual(['claimed']);
    expect(kinds(planClaim({ ...row, status: 'pending' }, 'ana'))).toEqual(['taken_over']);
  });

  it('a reply to what is resolved reopens it, or opens it where there was no case yet', () => {
    const resolved: Owned = { ...row, status: 'resolved' };
    expect(kinds(planReply(resolved, 'ana'))).toEqual(['reopened']);
    expect(kinds(planReply({ ...resolved, caseId: null }, 'ana'))).toEqual(['opened']);
  });

  it('a team alone moves neither owner nor status, and says which', () => {
    const owned: Owned = { ...row, status: 'snoozed', assigneeId: 'ben' };
    expect(planTeam(owned, 'ana', 'sales')).toMatchObject({
      patch: { teamId: 'sales' },
      lines: [{ kind: 'team_changed', targetId: 'sales' }],
      supersedesBot: false,
    });
    expect(planTeam({ ...owned, teamId: 'sales' }, 'ana', null)).toMatchObject({
      patch: { teamId: null },
      lines: [{ kind: 'team_changed', targetId: null }],
    });
    expect(planTeam({ ...owned, teamId: 'sales' }, 'ana', 'sales')).toMatchObject({ patch: {}, lines: [] });
    expect(kinds(planAssign({ ...row, assigneeId: 'ben' }, 'ana', { agentId: 'ben', teamId: 'sales' }))).toEqual([
      'team_changed',
    ]);
  });

  it('an assignment names who or what it went to', () => {
    expect(planAssign(row, 'ana', { agentId: 'ben', teamId: 'sales' }).lines).toMatchObject([
      { kind: 'assigned', targetId: 'ben' },
    ]);
    expect(planAssign(row, 'ana', { agentId: null, teamId: 'sales' }).lines).toMatchObject([
      { kind: 'assigned', targetId: 'sales' },
    ]);
    expect(planAssign({ ...row, teamId: 'sales' }, 'ana', { agentId: null, teamId: null }).lines).toMatchObject([
      { kind: 'released' },
    ]);
    expect(kinds(planAssign({ ...row, assigneeId: 'ana' }, 'ana', { agentId: null, teamId: undefined }))).toEqual([
      'released',
    ]);
    expect(kinds(planAssign({ ...row, status: 'pending' }, 'ana', { agentId: null, teamId: undefined }))).toEqual([
      'bot_handed_over',
    ]);
    expect(kinds(planAssign({ ...row, status: 'snoozed' }, 'ana', { agentId: null, teamId: undefined }))).toEqual([
      'woken',
    ]);
  });
});
