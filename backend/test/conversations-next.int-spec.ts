import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AuthenticatedAgent } from '../src/common/access/authenticated-agent.js';
import { query } from '../src/database/database.js';
import { OwnershipService } from '../src/conversations/ownership/ownership.service.js';
import { ThreadViewers } from '../src/conversations/thread-viewers.js';
import { ConversationsRig } from './support/conversations-rig.js';

const minutesAgo = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();

describe('the next of the queue', () => {
  let rig: ConversationsRig;
  let ownership: OwnershipService;
  let looking: Map<string, string[]>;

  beforeAll(async () => {
    rig = await ConversationsRig.start();
    ownership = rig.testing.get(OwnershipService);
    rig.testing.get(ThreadViewers).readFrom({
      lookedAtByOthers: (agentId) => [...looking].filter(([id]) => id !== agentId).flatMap(([, ids]) => ids),
      isLookingAt: () => false,
    });
  });
  beforeEach(async () => {
    looking = new Map();
    await rig.sql(`update conversations set status = 'resolved', assignee_id = null, snoozed_until = null`);
  });
  afterAll(() => rig.close());

  const waiting = (minutes: number, teamId: string | null = null) =>
    rig.conversation({ teamId, waitingSince: minutesAgo(minutes), lastActivityAt: minutesAgo(minutes) });

  it('is the one whose customer waits longest; those whom nobody keeps waiting come last', async () => {
    const ana = await rig.agent();
    const answered = await rig.conversation({ lastActivityAt: minutesAgo(90) });
    const [newer, oldest] = [await waiting(5), await waiting(50)];
    await rig.conversation({ status: 'pending' });
    await rig.conversation({ status: 'snoozed' });
    const handed = [];
    for (let turn = 0; turn < 4; turn += 1) handed.push(await ownership.next(ana, {}));
    expect(handed.map((one) => one?.id ?? null)).toEqual([oldest, newer, answered, null]);
    expect(handed[0]).toMatchObject({ assignee: { id: ana.id }, status: 'open' });
    expect(await rig.timeline(oldest)).toEqual(['claimed']);
  });

  it('leaves out what a colleague looks at, not what the asking agent does', async () => {
    const [ana, ben] = [await rig.agent(), await rig.agent({ name: 'Ben' })];
    const [watchedByBen, watchedByAna] = [await waiting(50), await waiting(40)];
    looking.set(ben.id, [watchedByBen]).set(ana.id, [watchedByAna]);
    expect((await ownership.next(ana, {}))?.id).toBe(watchedByAna);
    expect(await ownership.next(ana, {})).toBeNull();
    looking.clear();
    expect((await ownership.next(ana, {}))?.id).toBe(watchedByBen);
  });

  it('comes from the asked team, and never from one that the agent does not see', async () => {
    const [mine, other] = [await rig.team(`Mine ${Math.random()}`), await rig.team(`Other ${Math.random()}`)];
    const ana = await rig.agent({ teamIds: [mine] });
    const boss = await rig.agent({ role: 'supervisor' });
    const [hidden, teams, everybodys] = [await waiting(60, other), await waiting(20, mine), await waiting(40)];
    expect((await ownership.next(ana, { teamId: mine }))?.id).toBe(teams);
    expect(await ownership.next(ana, { teamId: other })).toBeNull();
    expect((await ownership.next(ana, {}))?.id).toBe(everybodys);
    expect(await ownership.next(ana, {})).toBeNull();
    expect((await ownership.next(boss, {}))?.id).toBe(hidden);
  });

  it('is another one for each of many who ask at once, until there is nothing left', async () => {
    const agents: AuthenticatedAgent[] = [];
    for (let index = 0; index < 8; index += 1) agents.push(await rig.agent({ name: `Agent ${index}` }));
    for (let round = 0; round < 5; round += 1) {
      const ids = await Promise.all([50, 40, 30, 20, 10].map((minutes) => waiting(minutes)));
      const handed = await Promise.all(agents.map((agent) => ownership.next(agent, {})));
      const given = handed.flatMap((one) => one?.id ?? []);
      expect(given.toSorted()).toEqual(ids.toSorted());
      expect(new Set(handed.flatMap((one) => one?.assignee?.id ?? [])).size).toBe(ids.length);
    }
  });

  it('waits for the last one while a message is being written to it, rather than saying that there is none', async () => {
    const ana = await rig.agent();
    const id = await waiting(5);
    let asked: Promise<{ id: string } | null> | undefined;
    await rig.database.transaction(async (tx) => {
      await query(tx, 'select 1 from conversations where id = $1 for update', [id]);
      asked = ownership.next(ana, {});
      // Only once it stands in the row's queue is there something to prove.
      for (let isWaiting = false; !isWaiting;) {
        const [held] = await rig.sql<{ count: number }>(
          `select count(*) from pg_stat_activity
           where datname = current_database() and wait_event_type = 'Lock' and pid <> pg_backend_pid()`,
        );
        isWaiting = (held?.count ?? 0) > 0;
      }
      await query(tx, 'update conversations set rev = rev + 1 where id = $1', [id]);
    });
    expect((await asked)?.id).toBe(id);
  });

  it('reads no more of a long history than the queue itself', async () => {
    const rows = await rig.sql<{ 'QUERY PLAN': string }>(
      `explain select c.id from conversations c
       where c.merged_into_id is null and c.status = 'open' and c.assignee_id is null
       order by c.waiting_since, c.last_activity_at, c.id limit 1`,
    );
    expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toContain('conversations_next');
  });
});

describe('a lost race', () => {
  it('says by how much', async () => {
    const rig = await ConversationsRig.start();
    try {
      const ownership = rig.testing.get(OwnershipService);
      const [ana, ben] = [await rig.agent(), await rig.agent({ name: 'Ben' })];
      const id = await rig.conversation();
      await ownership.claim(ana, id);
      await rig.advanceClock('1500 milliseconds');
      const lost: unknown = await ownership.claim(ben, id).catch((error: unknown) => error);
      expect(lost).toMatchObject({ code: 'conversation.already_claimed', extra: { assignee: { name: 'Ana' } } });
      const { ownedForMs } = (lost as { extra: { ownedForMs: number } }).extra;
      expect(ownedForMs).toBeGreaterThanOrEqual(1_500);
      expect(ownedForMs).toBeLessThan(60_000);
    } finally {
      await rig.close();
    }
  });
});
