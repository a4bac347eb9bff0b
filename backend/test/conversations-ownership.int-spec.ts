import { conversationStatuses, type Conversation } from '@parley/contract';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { presenceKey } from '../src/agents/agent-presence.js';
import type { AuthenticatedAgent } from '../src/common/access/authenticated-agent.js';
import { newId } from '../src/common/ids.js';
import type { AlreadyClaimedError } from '../src/conversations/conversation.errors.js';
import { ConversationsRepository } from '../src/conversations/conversations.repository.js';
import { nextStatus } from '../src/conversations/ownership/conversation-transitions.js';
import { OwnershipService } from '../src/conversations/ownership/ownership.service.js';
import { SnoozeSweeper } from '../src/conversations/ownership/snooze.sweeper.js';
import { ConversationsRig } from './support/conversations-rig.js';

describe('ownership', () => {
  let rig: ConversationsRig;
  let ownership: OwnershipService;
  let ana: AuthenticatedAgent;
  let ben: AuthenticatedAgent;
  let eve: AuthenticatedAgent;

  beforeAll(async () => {
    rig = await ConversationsRig.start();
    ownership = rig.testing.get(OwnershipService);
    ana = await rig.agent({ name: 'Ana' });
    ben = await rig.agent({ name: 'Ben' });
    eve = await rig.agent({ name: 'Eve', role: 'supervisor' });
  });
  afterAll(() => rig.close());

  const inAnHour = () => new Date(Date.now() + 3_600_000);

  describe('claim', () => {
    it('has exactly one winner, one line and one event, however many race', async () => {
      const agents = await Promise.all(Array.from({ length: 20 }, (_, n) => rig.agent({ name: `Agent ${n}` })));
      const ids = await Promise.all(Array.from({ length: 100 }, () => rig.conversation()));
      const race = async (agent: AuthenticatedAgent, id: string) => {
        try {
          const claimed = await ownership.claim(agent, id);
          expect(claimed.assignee).toEqual({ id: agent.id, name: agent.name });
          return { id, winner: agent.id };
        } catch (error) {
          expect(error).toMatchObject({ code: 'conversation.already_claimed', status: 409 });
          return { id, told: (error as AlreadyClaimedError).extra['assignee'] as { id: string } };
        }
      };
      const outcomes: Awaited<ReturnType<typeof race>>[] = [];
      // One after the other: the pool refuses who waits a second for a connection.
      for (const id of ids) outcomes.push(...(await Promise.all(agents.map((agent) => race(agent, id)))));
      for (const id of ids) {
        const mine = outcomes.filter((outcome) => outcome.id === id);
        const winners = mine.flatMap((outcome) => outcome.winner ?? []);
        expect(winners).toHaveLength(1);
        expect(new Set(mine.flatMap((outcome) => (outcome.told ? outcome.told.id : [])))).toEqual(new Set(winners));
      }
      const counted = await rig.sql<{ lines: number; updates: number; version: number }>(
        `select (select count(*) from timeline_entries t where t.conversation_id = c.id) as lines,
           (select count(*) from events e where e.conversation_id = c.id and e.type = 'conversation.updated') as updates,
           c.version
         from conversations c where c.id = any($1)`,
        [ids],
      );
      expect(counted).toHaveLength(100);
      for (const row of counted) expect(row).toEqual({ lines: 1, updates: 1, version: 2 });
    }, 60_000);

    it('may be repeated by the winner and changes nothing then', async () => {
      const id = await rig.conversation();
      const first = await ownership.claim(ana, id);
      expect(await ownership.claim(ana, id)).toEqual(first);
      expect(await rig.timeline(id)).toEqual(['claimed']);
      await expect(ownership.claim(eve, id)).rejects.toMatchObject({
        code: 'conversation.already_claimed',
        extra: { assignee: { id: ana.id, name: 'Ana' } },
      });
    });

    it('takes over from the bot and stops what the bot has queued', async () => {
      const id = await rig.conversation({ status: 'pending' });
      await rig.inbound(id);
      const [first, second] = [await rig.queuedByBot(id), await rig.queuedByBot(id)];
      const claimed = await ownership.claim(ana, id);
      expect(claimed).toMatchObject({ status: 'open', handler: 'agent' });
      expect(await rig.timeline(id)).toEqual(['taken_over']);
      const messages = await rig.sql(
        `select status, error->>'code' as code, rev from messages where conversation_id = $1 and sender_type = 'bot'`,
        [id],
      );
      expect(messages).toEqual(Array(2).fill({ status: 'failed', code: 'superseded', rev: 2 }));
      const events = await rig.events(id);
      const told = events.filter((event) => event.type === 'message.updated').map((event) => event.messageId);
      expect(told.sort()).toEqual([first.id, second.id].sort());
      expect(events.find((event) => event.type === 'conversation.updated')).toMatchObject({
        assigneeBefore: null,
        assigneeAfter: ana.id,
      });
    });

    it('wakes what was snoozed by nobody, refuses what is resolved, does not see what is not there', async () => {
      const snoozed = await rig.conversation({ status: 'snoozed' });
      expect(await ownership.claim(ana, snoozed)).toMatchObject({ status: 'open', snoozedUntil: null });
      const resolved = await rig.conversation({ status: 'resolved' });
      await expect(ownership.claim(ana, resolved)).rejects.toMatchObject({
        code: 'conversation.invalid_transition',
        status: 409,
      });
      await expect(ownership.claim(ana, newId())).rejects.toMatchObject({ code: 'conversation.not_found' });
    });

    it('reaches the survivor of a merge by the old id', async () => {
      const [from, into] = [await rig.conversation(), await rig.conversation()];
      await rig.sql('update conversations set merged_into_id = $2 where id = $1', [from, into]);
      expect(await ownership.claim(ana, from)).toMatchObject({ id: into, assignee: { id: ana.id } });
    });
  });

  describe('every transition', () => {
    type Act = (agent: AuthenticatedAgent, id: string, expectedVersion?: number) => Promise<Conversation>;
    const acts: Record<'release' | 'assign' | 'resolve' | 'reopen' | 'snooze', Act> = {
      release: (agent, id, version) => ownership.release(agent, id, version),
      assign: (agent, id, expectedVersion) =>
        ownership.assign(agent, id, { agentId: ben.id, ...(expectedVersion !== undefined && { expectedVersion }) }),
      resolve: (agent, id, version) => ownership.resolve(agent, id, version),
      reopen: (agent, id, version) => ownership.reopen(agent, id, version),
      snooze: (agent, id, version) => ownership.snooze(agent, id, inAnHour(), version),
    };
    const ownedWhere = (status: (typeof conversationStatuses)[number]) =>
      status === 'open' || status === 'snoozed' ? ana.id : null;

    for (const status of conversationStatuses) {
      for (const [name, act] of Object.entries(acts) as [keyof typeof acts, Act][]) {
        const expected = nextStatus(status, name);
        // Another hour for what is snoozed already is no change of status or owner.
        const versionAfter = status === 'snoozed' && name === 'snooze' ? 1 : 2;
        it(`${name} of ${status}: ${expected ?? 'refused'}`, async () => {
          const id = await rig.conversation({ status, assigneeId: ownedWhere(status) });
          if (expected === null) {
            await expect(act(ana, id)).rejects.toMatchObject({ code: 'conversation.invalid_transition', status: 409 });
            expect(await rig.timeline(id)).toEqual([]);
            expect(await rig.events(id)).toEqual([]);
            return;
          }
          const after = await act(ana, id);
          expect(after).toMatchObject({ status: expected, version: versionAfter });
          expect(await rig.timeline(id)).toHaveLength(1);
          expect((await rig.events(id)).map((event) => event.type)).toEqual([
            'timeline.created',
            'conversation.updated',
          ]);
        });

        if (expected === null) continue;
        it(`${name} of ${status} is guarded by version`, async () => {
          const id = await rig.conversation({ status, assigneeId: ownedWhere(status) });
          await expect(act(ana, id, 7)).rejects.toMatchObject({
            code: 'conversation.version_conflict',
            status: 409,
            extra: { conversation: { id, version: 1, status } },
          });
          expect(await act(ana, id, 1)).toMatchObject({ version: versionAfter });
        });

        if (status !== 'open' && status !== 'snoozed') continue;
        it(`${name} of a colleague’s ${status} one is for supervisors`, async () => {
          const id = await rig.conversation({ status, assigneeId: ana.id });
          await expect(act(ben, id)).rejects.toMatchObject({ code: 'auth.forbidden', status: 403 });
          expect(await act(eve, id)).toMatchObject({ status: expected });
        });
      }
    }
  });

  it('releases into the queue and remembers who had it', async () => {
    const id = await rig.conversation({ status: 'snoozed', assigneeId: ana.id });
    expect(await ownership.release(ana, id)).toMatchObject({ status: 'open', assignee: null, handler: 'queue' });
    expect(await rig.sql('select last_assignee_id as last from conversations where id = $1', [id])).toEqual([
      { last: ana.id },
    ]);
    await expect(ownership.release(ana, id)).rejects.toMatchObject({ code: 'conversation.invalid_transition' });
  });

  describe('assign', () => {
    it('gives to an agent, a team, or back to the queue', async () => {
      const team = await rig.team('Sales');
      const id = await rig.conversation({ status: 'pending' });
      const bots = await rig.queuedByBot(id);
      const toBen = await ownership.assign(ana, id, { agentId: ben.id, teamId: team });
      expect(toBen).toMatchObject({ assignee: { id: ben.id, name: 'Ben' }, team: { id: team, name: 'Sales' } });
      expect(await rig.sql('select status from messages where id = $1', [bots.id])).toEqual([{ status: 'failed' }]);
      const toQueue = await ownership.assign(ben, id, { agentId: null, teamId: null });
      expect(toQueue).toMatchObject({ assignee: null, team: null, handler: 'queue', status: 'open' });
      expect(await rig.timeline(id)).toEqual(['assigned', 'released']);
    });

    it('to a team alone leaves owner, status and the bot’s answers as they are, and can be undone', async () => {
      const team = await rig.team('Framing');
      const id = await rig.conversation({ status: 'pending' });
      const bots = await rig.queuedByBot(id);
      const moved = await ownership.assign(ana, id, { teamId: team });
      expect(moved).toMatchObject({ status: 'pending', assignee: null, team: { id: team, name: 'Framing' } });
      expect(await rig.sql('select status from messages where id = $1', [bots.id])).toEqual([{ status: 'queued' }]);
      expect(await rig.timeline(id)).toEqual(['team_changed']);
      expect(await ownership.undo(ana, id)).toMatchObject({ team: null, status: 'pending' });
    });

    it('is idempotent', async () => {
      const id = await rig.conversation({ assigneeId: ana.id });
      expect(await ownership.assign(ana, id, { agentId: ana.id })).toMatchObject({ version: 1, rev: 1 });
      expect(await rig.events(id)).toEqual([]);
    });

    it('needs an agent who works here and a team that exists', async () => {
      const id = await rig.conversation();
      const gone = await rig.agent({ active: false });
      await expect(ownership.assign(ana, id, { agentId: gone.id })).rejects.toMatchObject({
        code: 'conversation.assignee_unavailable',
      });
      await expect(ownership.assign(ana, id, { agentId: newId() })).rejects.toMatchObject({ code: 'agent.not_found' });
      await expect(ownership.assign(ana, id, { agentId: null, teamId: newId() })).rejects.toMatchObject({
        code: 'team.not_found',
      });
      expect(await rig.events(id)).toEqual([]);
    });
  });

  describe('resolve and reopen', () => {
    it('closes the case, clears the waiting and opens the next', async () => {
      const id = await rig.conversation({ assigneeId: ana.id, waitingSince: '2026-01-01T00:00:00Z' });
      await rig.inbound(id);
      const resolved = await ownership.resolve(ana, id);
      expect(resolved).toMatchObject({ status: 'resolved', assignee: null, waitingSince: null });
      const reopened = await ownership.reopen(ana, id);
      expect(reopened).toMatchObject({ status: 'open', assignee: { id: ana.id }, unreadCount: 0 });
      const cases = await rig.sql(
        `select number, resolved_by_id as "by", resolved_at is not null as "done" from cases
         where conversation_id = $1 order by number`,
        [id],
      );
      expect(cases).toEqual([
        { number: 1, by: ana.id, done: true },
        { number: 2, by: null, done: false },
      ]);
    });

    it('goes back to the last owner when they are at their desk, else to the queue', async () => {
      const redis = new Redis(rig.redisUrl);
      const [away, here] = [await rig.agent(), await rig.agent()];
      await redis.set(presenceKey(here.id), '1', 'EX', 40);
      await redis.quit();
      const [left, kept] = [
        await rig.conversation({ status: 'resolved', lastAssigneeId: away.id }),
        await rig.conversation({ status: 'resolved', lastAssigneeId: here.id }),
      ];
      expect(await ownership.reopen(ana, left)).toMatchObject({ assignee: null, handler: 'queue' });
      expect(await ownership.reopen(ana, kept)).toMatchObject({ assignee: { id: here.id } });
    });
  });

  describe('snooze', () => {
    it('refuses the past and what is too far away', async () => {
      const id = await rig.conversation();
      for (const until of [new Date(0), new Date(Date.now() + 400 * 86_400_000)]) {
        await expect(ownership.snooze(ana, id, until)).rejects.toMatchObject({ code: 'request.invalid', status: 400 });
      }
    });

    it('wakes with its owner when the time has come, once, whoever sweeps', async () => {
      const sweeper = rig.testing.get(SnoozeSweeper);
      const ids = await Promise.all(Array.from({ length: 120 }, () => rig.conversation({ assigneeId: ana.id })));
      for (const id of ids) await ownership.snooze(ana, id, inAnHour());
      const later = await rig.conversation({ assigneeId: ana.id });
      await ownership.snooze(ana, later, new Date(Date.now() + 3 * 3_600_000));
      await sweeper.sweep();
      expect(
        await rig.sql(`select 1 from conversations where status = 'snoozed' and id = any($1)`, [ids]),
      ).toHaveLength(120);
      await rig.advanceClock('61 minutes');
      await Promise.all([sweeper.sweep(), sweeper.sweep(), sweeper.sweep()]);
      // A sweep skips what another holds: one more after they are done finds whatever is left.
      await sweeper.sweep();
      const woken = await rig.sql<{ status: string; owner: string }>(
        'select status, assignee_id as owner from conversations where id = any($1)',
        [ids],
      );
      expect(woken).toEqual(Array(120).fill({ status: 'open', owner: ana.id }));
      const lines = await rig.sql(
        `select conversation_id from timeline_entries where kind = 'woken' and conversation_id = any($1)`,
        [ids],
      );
      expect(lines).toHaveLength(120);
      expect(await rig.sql('select status from conversations where id = $1', [later])).toEqual([{ status: 'snoozed' }]);
    }, 60_000);
  });

  describe('a reply', () => {
    const reply = (agent: AuthenticatedAgent, id: string) =>
      rig.database.transaction(async (tx) => {
        const locked = await rig.testing.get(ConversationsRepository).lock(tx, id);
        if (!locked) throw new Error('no such conversation');
        return ownership.takeForReply(tx, locked, agent);
      });

    it('claims what nobody owns, takes over from the bot, starts a new case of what is resolved', async () => {
      for (const [status, line] of [
        ['open', 'claimed'],
        ['snoozed', 'claimed'],
        ['pending', 'taken_over'],
        ['resolved', 'reopened'],
      ] as const) {
        const id = await rig.conversation({ status });
        const bots = await rig.queuedByBot(id);
        expect(await reply(ana, id)).toMatchObject({ status: 'open', assigneeId: ana.id, snoozedUntil: null });
        expect(await rig.timeline(id)).toEqual([line]);
        expect(await rig.sql('select status from messages where id = $1', [bots.id])).toEqual([{ status: 'failed' }]);
      }
    });

    it('leaves a colleague’s with the colleague and says so', async () => {
      const id = await rig.conversation({ assigneeId: ben.id });
      expect(await reply(ana, id)).toMatchObject({ assigneeId: ben.id, version: 1, rev: 2 });
      expect(await rig.timeline(id)).toEqual(['replied_by_other']);
    });

    it('changes nothing on one’s own', async () => {
      const id = await rig.conversation({ status: 'snoozed', assigneeId: ana.id });
      expect(await reply(ana, id)).toMatchObject({ status: 'snoozed', version: 1, rev: 1 });
      expect(await rig.events(id)).toEqual([]);
    });
  });
});
