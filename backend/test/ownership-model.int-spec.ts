import type { Conversation } from '@parley/contract';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuthenticatedAgent } from '../src/common/access/authenticated-agent.js';
import { DomainError } from '../src/common/domain.error.js';
import { OwnershipService } from '../src/conversations/ownership/ownership.service.js';
import { ConversationsRig } from './support/conversations-rig.js';

const ACTIONS = ['claim', 'release', 'assign', 'resolve', 'reopen'] as const;
const AGENTS = 3;
const RUNS = 60;
const TIMEOUT_MS = 120_000;

interface Command {
  action: (typeof ACTIONS)[number];
  by: number;
  to: number;
  /** Only at the version that the whole group saw. */
  isFenced: boolean;
}

interface Done {
  command: Command;
  answer: Conversation;
}

/** Groups of commands; those of a group race with each other, as at several instances. */
const groups = fc.array(
  fc.array(
    fc.record({
      action: fc.constantFrom(...ACTIONS),
      by: fc.nat(AGENTS - 1),
      to: fc.nat(AGENTS - 1),
      isFenced: fc.boolean(),
    }),
    { minLength: 1, maxLength: 5 },
  ),
  { minLength: 1, maxLength: 6 },
);

/** What was told "done", by the version that it was told. */
function byVersion(done: readonly Done[]): Map<number, Done[]> {
  const grouped = new Map<number, Done[]>();
  for (const one of [...done].sort((left, right) => left.answer.version - right.answer.version)) {
    grouped.set(one.answer.version, [...(grouped.get(one.answer.version) ?? []), one]);
  }
  return grouped;
}

/** That the check holds for one of these at least; else what it says of the first. */
function oneOf(told: readonly Done[], check: (one: Done) => void): void {
  const [first, ...others] = told;
  if (!first) throw new Error('nobody was told so');
  try {
    check(first);
  } catch (error) {
    if (others.length === 0) throw error;
    oneOf(others, check);
  }
}

describe('ownership under races, against a model', () => {
  let rig: ConversationsRig;
  let ownership: OwnershipService;
  let agents: AuthenticatedAgent[];

  beforeAll(async () => {
    rig = await ConversationsRig.start();
    ownership = rig.testing.get(OwnershipService);
    agents = await Promise.all(
      (['agent', 'agent', 'supervisor'] as const).map((role, index) => rig.agent({ name: `Agent ${index}`, role })),
    );
  });
  afterAll(() => rig.close());

  const agent = (index: number): AuthenticatedAgent => agents[index] as AuthenticatedAgent;

  function perform(id: string, version: number, { action, by, to, isFenced }: Command): Promise<Conversation> {
    const expected = isFenced ? version : undefined;
    if (action === 'claim') return ownership.claim(agent(by), id);
    if (action === 'assign') {
      const fence = expected === undefined ? {} : { expectedVersion: expected };
      return ownership.assign(agent(by), id, { agentId: agent(to).id, ...fence });
    }
    return ownership[action](agent(by), id, expected);
  }

  /** Nothing but a refusal with a code of the contract may come instead of an answer. */
  async function attempt(id: string, version: number, command: Command): Promise<Done | null> {
    try {
      return { command, answer: await perform(id, version, command) };
    } catch (error) {
      expect(error).toBeInstanceOf(DomainError);
      return null;
    }
  }

  /** What a command that was told "done" must have made of the state that its version followed. */
  function follows(before: { owner: string | null; status: string }, { command, answer }: Done): void {
    const { action, by, to } = command;
    const owner = answer.assignee?.id ?? null;
    if (action === 'claim') {
      expect(before.status).not.toBe('resolved');
      expect([null, agent(by).id]).toContain(before.owner);
      expect([owner, answer.status]).toEqual([agent(by).id, 'open']);
      return;
    }
    const mayAct = agent(by).role === 'supervisor' || before.owner === null || before.owner === agent(by).id;
    expect(mayAct).toBe(true);
    if (action === 'release') expect([before.owner === null, owner]).toEqual([false, null]);
    if (action === 'assign') expect([owner, answer.status]).toEqual([agent(to).id, 'open']);
    if (action === 'resolve')
      expect([before.status === 'resolved', owner, answer.status]).toEqual([false, null, 'resolved']);
    if (action === 'reopen') expect([before.status, answer.status]).toEqual(['resolved', 'open']);
  }

  it(
    'is one history: every command that was told it is done has its place in it, and fenced ones win once a version',
    async () => {
      await fc.assert(
        fc.asyncProperty(groups, async (drawn) => {
          const id = await rig.conversation();
          const history = [{ version: 1, owner: null as string | null, status: 'open' }];
          for (const group of drawn) {
            const { version } = history.at(-1) ?? { version: 1 };
            const done = (await Promise.all(group.map((command) => attempt(id, version, command)))).flatMap(
              (outcome) => outcome ?? [],
            );
            for (const [version, told] of byVersion(done)) {
              const last = history.at(-1);
              if (!last) throw new Error('a history begins');
              // Who finds the work done already answers with the version of who did it, and both are told the same.
              const [now, ...others] = told.map(({ answer: { assignee, status } }) => ({
                version,
                owner: assignee?.id ?? null,
                status,
              }));
              for (const other of others) expect(other).toEqual(now);
              if (version === last.version) expect(now).toEqual(last);
              if (version === last.version || !now) continue;
              expect(version).toBe(last.version + 1);
              oneOf(told, (one) => follows(last, one));
              history.push(now);
            }
            const winners = done.filter(
              ({ command, answer }) => command.isFenced && command.action !== 'claim' && answer.version === version + 1,
            );
            expect(winners.length).toBeLessThanOrEqual(1);
          }
          const [stored] = await rig.sql<{ version: number; owner: string | null; status: string; events: number }>(
            `select version, assignee_id as owner, status,
               (select count(*) from events e where e.conversation_id = c.id and e.type = 'conversation.updated') as events
             from conversations c where id = $1`,
            [id],
          );
          expect(stored).toEqual({ ...history.at(-1), events: history.length - 1 });
        }),
        { numRuns: RUNS },
      );
    },
    TIMEOUT_MS,
  );
});
