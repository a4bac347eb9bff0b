import { conversationListQuerySchema, type ConversationList, type ConversationListQuery } from '@parley/contract';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { AuthenticatedAgent } from '../src/common/access/authenticated-agent.js';
import { ConversationAccess } from '../src/conversations/conversation-access.js';
import { InboxService } from '../src/conversations/inbox/inbox.service.js';
import { OwnershipService } from '../src/conversations/ownership/ownership.service.js';
import { ReadingService } from '../src/conversations/reading/reading.service.js';
import { ConversationsRig } from './support/conversations-rig.js';

describe('the inbox', () => {
  let rig: ConversationsRig;
  let inbox: InboxService;
  let supervisor: AuthenticatedAgent;

  beforeAll(async () => {
    rig = await ConversationsRig.start();
    inbox = rig.testing.get(InboxService);
    supervisor = await rig.agent({ name: 'Eve', role: 'supervisor' });
  });
  afterEach(() => rig.sql('truncate conversations, contacts cascade'));
  afterAll(() => rig.close());

  const list = (agent: AuthenticatedAgent, request: Partial<ConversationListQuery> = {}): Promise<ConversationList> =>
    inbox.list(agent, conversationListQuerySchema.parse(request));
  const idsOf = ({ items }: ConversationList): string[] => items.map((item) => item.id);
  const at = (minute: number): string => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();
  const ahead = (hours: number): string => new Date(Date.now() + hours * 3_600_000).toISOString();

  async function pages(agent: AuthenticatedAgent, request: Partial<ConversationListQuery>): Promise<string[]> {
    const ids: string[] = [];
    for (let cursor: string | undefined; ;) {
      const page = await list(agent, { ...request, ...(cursor !== undefined && { cursor }) });
      ids.push(...idsOf(page));
      if (page.nextCursor === null) return ids;
      cursor = page.nextCursor;
    }
  }

  describe('visibility', () => {
    it('shows an agent what has no team, what is of a team of theirs, and their own', async () => {
      const [sales, support] = [await rig.team(`Sales ${Math.random()}`), await rig.team(`Support ${Math.random()}`)];
      const ana = await rig.agent({ teamIds: [sales] });
      const open = await rig.conversation();
      const ours = await rig.conversation({ teamId: sales });
      const theirs = await rig.conversation({ teamId: support });
      const mine = await rig.conversation({ teamId: support, assigneeId: ana.id });
      expect(idsOf(await list(ana)).sort()).toEqual([open, ours, mine].sort());
      expect(idsOf(await list(supervisor)).sort()).toEqual([open, ours, theirs, mine].sort());
      expect(await inbox.counts(ana)).toMatchObject({ open: 3, unassigned: 2, mine: 1 });
      expect(await inbox.counts(supervisor)).toMatchObject({ open: 4, unassigned: 3, mine: 0 });

      const access = rig.testing.get(ConversationAccess);
      expect(await access.assertVisible(ana, mine)).toMatchObject({ id: mine });
      const hidden = { code: 'conversation.not_found', status: 404 };
      await expect(access.assertVisible(ana, theirs)).rejects.toMatchObject(hidden);
      await expect(inbox.get(ana, theirs)).rejects.toMatchObject(hidden);
      await expect(inbox.messages(ana, theirs, { limit: 10 })).rejects.toMatchObject(hidden);
      await expect(rig.testing.get(OwnershipService).claim(ana, theirs)).rejects.toMatchObject(hidden);
      await expect(rig.testing.get(OwnershipService).resolve(ana, theirs)).rejects.toMatchObject(hidden);
    });
  });

  describe('filters', () => {
    it('combine', async () => {
      const [ana, ben] = [await rig.agent(), await rig.agent()];
      const [shop, other] = [await rig.channel(), await rig.channel()];
      const team = await rig.team(`Team ${Math.random()}`);
      const made: { id: string; status: string; owner: string | null; channel: string; team: string | null }[] = [];
      for (const status of ['open', 'pending', 'snoozed', 'resolved'] as const) {
        for (const owner of status === 'pending' || status === 'resolved' ? [null] : [null, ana.id, ben.id]) {
          for (const channel of [shop, other]) {
            for (const teamId of [null, team]) {
              const id = await rig.conversation({ status, assigneeId: owner, channelId: channel, teamId });
              made.push({ id, status, owner, channel, team: teamId });
            }
          }
        }
      }
      for (const status of ['all', 'open', 'pending', 'snoozed', 'resolved'] as const) {
        for (const assignee of ['any', 'none', 'me', ben.id] as const) {
          for (const channel of [undefined, shop]) {
            for (const inTeam of [undefined, team]) {
              const wanted = made.filter(
                (row) =>
                  (status === 'all' || row.status === status) &&
                  (assignee === 'any' ||
                    row.owner === (assignee === 'none' ? null : assignee === 'me' ? ana.id : assignee)) &&
                  (channel === undefined || row.channel === channel) &&
                  (inTeam === undefined || row.team === inTeam),
              );
              const seen = await list(
                { ...ana, role: 'admin' },
                { status, assignee, channel, team: inTeam, limit: 100 },
              );
              expect(idsOf(seen).sort()).toEqual(wanted.map((row) => row.id).sort());
            }
          }
        }
      }
    });

    it('count the standard views', async () => {
      const ana = await rig.agent();
      const unread = await rig.conversation({ assigneeId: ana.id });
      await rig.inbound(unread);
      await rig.conversation({ assigneeId: ana.id });
      await rig.conversation();
      await rig.conversation({ status: 'pending' });
      await rig.conversation({ status: 'snoozed', assigneeId: ana.id });
      await rig.conversation({ status: 'resolved' });
      const { syncCursor, ...counts } = await inbox.counts(ana);
      expect(counts).toEqual({ mine: 2, mineUnread: 1, unassigned: 1, open: 3, pending: 1, snoozed: 1, teams: [] });
      expect(syncCursor).not.toBe('');
    });
  });

  describe('orders', () => {
    it('activity: newest first, or oldest; waiting: longest first; window: soonest to close, open ones only', async () => {
      const a = await rig.conversation({ lastActivityAt: at(1), waitingSince: at(3), windowExpiresAt: ahead(2) });
      const b = await rig.conversation({ lastActivityAt: at(2), windowExpiresAt: ahead(1) });
      const c = await rig.conversation({ lastActivityAt: at(3), waitingSince: at(1), windowExpiresAt: ahead(-1) });
      expect(idsOf(await list(supervisor))).toEqual([c, b, a]);
      expect(idsOf(await list(supervisor, { sort: 'oldest' }))).toEqual([a, b, c]);
      expect(idsOf(await list(supervisor, { sort: 'waiting' }))).toEqual([c, a]);
      expect(idsOf(await list(supervisor, { sort: 'window' }))).toEqual([b, a]);
    });

    it('priority: the most urgent first, of each the newest, those without one at the end, in pages without loss or double', async () => {
      const wanted: string[] = [];
      for (const priority of [null, 'low', 'normal', 'high', 'urgent'] as const) {
        // Two of one instant, which their ids tell apart.
        const ids = [await rig.conversation({ priority, lastActivityAt: at(2) })];
        ids.push(await rig.conversation({ priority, lastActivityAt: at(2) }));
        ids.sort().push(await rig.conversation({ priority, lastActivityAt: at(3), status: 'pending' }));
        wanted.push(await rig.conversation({ priority, lastActivityAt: at(1), status: 'snoozed' }), ...ids);
      }
      wanted.reverse();
      await rig.conversation({ priority: 'urgent', status: 'resolved' });
      for (let limit = 1; limit <= wanted.length; limit += 3) {
        expect(await pages(supervisor, { sort: 'priority', status: 'active', limit })).toEqual(wanted);
      }
      const high = { sort: 'priority', status: 'active', priority: 'high', limit: 1 } as const;
      expect(await pages(supervisor, high)).toEqual(wanted.slice(4, 8));
    });

    it('pages through equal and microsecond-close keys without loss or double', async () => {
      const made: string[] = [];
      for (let n = 0; n < 30; n += 1) {
        // Groups of three share one instant; the groups are one microsecond apart.
        const micros = String(Math.floor(n / 3)).padStart(6, '0');
        const instant = `2026-01-01T00:00:00.${micros}Z`;
        made.push(
          await rig.conversation({ lastActivityAt: instant, waitingSince: instant, windowExpiresAt: ahead(1) }),
        );
      }
      for (const sort of ['activity', 'oldest', 'waiting', 'window', 'priority'] as const) {
        const seen = await pages(supervisor, { sort, limit: 4 });
        expect(seen).toHaveLength(30);
        expect([...seen].sort()).toEqual([...made].sort());
      }
    });

    it('loses and doubles nothing that stands still while others move', async () => {
      const still: string[] = [];
      const moving: string[] = [];
      for (let n = 0; n < 40; n += 1) {
        (n % 2 === 0 ? still : moving).push(await rig.conversation({ lastActivityAt: at(n) }));
      }
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page: ConversationList = await list(supervisor, { limit: 5, ...(cursor !== undefined && { cursor }) });
        seen.push(...idsOf(page));
        cursor = page.nextCursor ?? undefined;
        await rig.inbound(moving[seen.length % moving.length] ?? '');
      } while (cursor !== undefined);
      expect(seen.filter((id) => still.includes(id))).toEqual([...still].reverse());
      expect(new Set(seen).size).toBe(seen.length);
    });

    it('refuses cursors that are not its own', async () => {
      for (let n = 0; n < 3; n += 1) await rig.conversation();
      const { nextCursor } = await list(supervisor, { limit: 1 });
      const cursor = nextCursor ?? '';
      const foreign = Buffer.from("activity.1.' or 1=1 --").toString('base64url');
      const tampered = [`${cursor}A`, `${cursor}!`, cursor.slice(2), foreign, 'x', '💥'];
      for (const text of tampered) {
        await expect(list(supervisor, { cursor: text })).rejects.toMatchObject({
          code: 'request.invalid',
          status: 400,
        });
      }
      await expect(list(supervisor, { cursor, sort: 'window' })).rejects.toMatchObject({ code: 'request.invalid' });
    });
  });

  describe('unread', () => {
    it('is each agent’s own, from the case’s beginning, and never goes backwards', async () => {
      const [ana, ben] = [await rig.agent(), await rig.agent()];
      const reading = rig.testing.get(ReadingService);
      const id = await rig.conversation();
      const messages = [];
      for (let n = 0; n < 5; n += 1) messages.push(await rig.inbound(id, `message ${n}`));
      const [first, , third] = messages;
      const unreadOf = async (agent: AuthenticatedAgent) => {
        const { unreadCount, readSeq } = await inbox.get(agent, id);
        expect((await list(agent)).items[0]).toMatchObject({ unreadCount, readSeq });
        return { unreadCount, readSeq };
      };
      expect(await unreadOf(ana)).toEqual({ unreadCount: 5, readSeq: 0 });
      await reading.markRead(ana, id, { messageId: third?.id ?? '' });
      expect(await unreadOf(ana)).toEqual({ unreadCount: 2, readSeq: 3 });
      expect(await unreadOf(ben)).toEqual({ unreadCount: 5, readSeq: 0 });
      await reading.markRead(ana, id, { messageId: first?.id ?? '' });
      await reading.markRead(ana, id, { messageId: third?.id ?? '' });
      expect(await unreadOf(ana)).toEqual({ unreadCount: 2, readSeq: 3 });
      const events = (await rig.events(id)).filter((event) => event.type === 'read.updated');
      expect(events).toMatchObject([{ agentId: ana.id }]);
      await expect(reading.markRead(ana, id, { messageId: id })).rejects.toMatchObject({ code: 'message.not_found' });

      const ownership = rig.testing.get(OwnershipService);
      await ownership.resolve(ben, id);
      await ownership.reopen(ben, id);
      expect(await unreadOf(ben)).toEqual({ unreadCount: 0, readSeq: 0 });
    });

    it('is made by the agent alone, from the customer’s newest message on, and a look from before does not undo it', async () => {
      const [ana, ben] = [await rig.agent(), await rig.agent()];
      const reading = rig.testing.get(ReadingService);
      const id = await rig.conversation();
      const stateOf = async (agent: AuthenticatedAgent) => {
        const { unreadCount, readSeq, readRewinds } = await inbox.get(agent, id);
        return [unreadCount, readSeq, readRewinds];
      };
      // Nobody wrote: there is nothing to be unread.
      expect(await reading.markUnread(ana, id)).toMatchObject({ unreadCount: 0, readRewinds: 0 });
      for (const text of ['one', 'two', 'three']) await rig.inbound(id, text);
      const newest = await rig.queuedByBot(id);
      // All is unread as it is: it does not become less.
      expect(await reading.markUnread(ana, id)).toMatchObject({ unreadCount: 3, readSeq: 0, readRewinds: 0 });

      await reading.markRead(ana, id, { messageId: newest.id, rewinds: 0 });
      await reading.markRead(ben, id, { messageId: newest.id });
      expect(await stateOf(ana)).toEqual([0, 4, 0]);
      expect(await reading.markUnread(ana, id)).toMatchObject({ unreadCount: 1, readSeq: 2, readRewinds: 1 });
      expect((await list(ana)).items[0]).toMatchObject({ id, unreadCount: 1, readRewinds: 1 });
      expect(await stateOf(ben)).toEqual([0, 4, 0]);
      await reading.markUnread(ana, id);
      expect(await stateOf(ana)).toEqual([1, 2, 1]);

      // What an open thread still says of its look from before.
      await reading.markRead(ana, id, { messageId: newest.id, rewinds: 0 });
      expect(await stateOf(ana)).toEqual([1, 2, 1]);
      await reading.markRead(ana, id, { messageId: newest.id, rewinds: 1 });
      expect(await stateOf(ana)).toEqual([0, 4, 1]);
      await reading.markUnread(ana, id);
      expect(await stateOf(ana)).toEqual([1, 2, 2]);
      // Who does not say when they looked has looked now.
      await reading.markRead(ana, id, { messageId: newest.id });
      expect(await stateOf(ana)).toEqual([0, 4, 2]);
      const told = (await rig.events(id)).filter(({ type }) => type === 'read.updated');
      expect(told.map(({ agentId }) => agentId)).toEqual([ana.id, ben.id, ana.id, ana.id, ana.id, ana.id]);
    });

    it('can be made in a case that began without the customer', async () => {
      const ana = await rig.agent();
      const [reading, ownership] = [rig.testing.get(ReadingService), rig.testing.get(OwnershipService)];
      const id = await rig.conversation();
      for (const text of ['one', 'two']) await rig.inbound(id, text);
      await ownership.resolve(ana, id);
      await ownership.reopen(ana, id);
      expect(await inbox.get(ana, id)).toMatchObject({ unreadCount: 0 });
      expect(await reading.markUnread(ana, id)).toMatchObject({ unreadCount: 1, readSeq: 1, readRewinds: 1 });
    });

    it('is counted among the agent’s own, and hidden threads cannot be marked', async () => {
      const team = await rig.team('Readers');
      const [ana, ben] = [await rig.agent({ teamIds: [team] }), await rig.agent()];
      const reading = rig.testing.get(ReadingService);
      const id = await rig.conversation({ assigneeId: ana.id, teamId: team });
      const { id: messageId } = await rig.inbound(id);
      await reading.markRead(ana, id, { messageId });
      expect(await inbox.counts(ana)).toMatchObject({ mineUnread: 0 });
      await reading.markUnread(ana, id);
      expect(await inbox.counts(ana)).toMatchObject({ mineUnread: 1 });
      await expect(reading.markUnread(ben, id)).rejects.toMatchObject({ code: 'conversation.not_found' });
    });
  });

  describe('blue ticks', () => {
    const receiptOf = (id: string) =>
      rig.sql<{ seq: number; wamid: string }>('select seq, wamid from read_receipts where conversation_id = $1', [id]);

    it('are asked for when the owner has read, and by nobody else', async () => {
      const [ana, ben] = [await rig.agent(), await rig.agent()];
      const reading = rig.testing.get(ReadingService);
      const id = await rig.conversation({ assigneeId: ana.id });
      const first = await rig.inbound(id);
      const second = await rig.inbound(id);
      for (const looker of [supervisor, ben]) await reading.markRead(looker, id, { messageId: second.id });
      expect(await receiptOf(id)).toEqual([]);
      await reading.markRead(ana, id, { messageId: first.id });
      expect(await receiptOf(id)).toEqual([{ seq: 1, wamid: first.wamid }]);
      await reading.markRead(ana, id, { messageId: second.id });
      expect(await receiptOf(id)).toEqual([{ seq: 2, wamid: second.wamid }]);
    });

    it('wait for the claim of who has read before', async () => {
      const ana = await rig.agent();
      const id = await rig.conversation();
      const message = await rig.inbound(id);
      await rig.testing.get(ReadingService).markRead(ana, id, { messageId: message.id });
      expect(await receiptOf(id)).toEqual([]);
      await rig.testing.get(OwnershipService).claim(ana, id);
      expect(await receiptOf(id)).toEqual([{ seq: 1, wamid: message.wamid }]);
    });

    it('are not asked for on opening where the policy says on reply or never', async () => {
      const ana = await rig.agent();
      for (const policy of ['on_reply', 'never'] as const) {
        const id = await rig.conversation({ assigneeId: ana.id, channelId: await rig.channel(policy) });
        const message = await rig.inbound(id);
        await rig.testing.get(ReadingService).markRead(ana, id, { messageId: message.id });
        expect(await receiptOf(id)).toEqual([]);
      }
    });
  });

  describe('a thread', () => {
    it('is shown by event second, then arrival, with every line once', async () => {
      const id = await rig.conversation();
      const ana = await rig.agent();
      const late = [];
      for (let n = 0; n < 6; n += 1) late.push(await rig.inbound(id, `on time ${n}`, at(n)));
      const ownership = rig.testing.get(OwnershipService);
      await ownership.claim(ana, id);
      const early = await rig.inbound(id, 'sent first, delivered last', at(0));
      await ownership.release(ana, id);

      const shown: string[] = [];
      const lines: string[] = [];
      let before: string | undefined;
      do {
        const page = await inbox.messages(ana, id, { limit: 2, ...(before !== undefined && { before }) });
        shown.push(...page.items.map((message) => message.id));
        lines.push(...page.timeline.map((line) => line.kind));
        before = page.nextCursor ?? undefined;
      } while (before !== undefined);
      const [first, ...rest] = late;
      expect(shown).toEqual([...rest.reverse().map((message) => message.id), early.id, first?.id]);
      expect(lines.sort()).toEqual(['claimed', 'released']);
      const whole = await inbox.messages(ana, id, { limit: 100 });
      expect(whole.nextCursor).toBeNull();
      expect(whole.timeline).toMatchObject([
        { kind: 'claimed', afterSeq: 6, actor: { type: 'agent', id: ana.id, name: 'Ana' }, target: null },
        { kind: 'released', afterSeq: 7, target: { id: ana.id, name: 'Ana' } },
      ]);
      await expect(inbox.messages(ana, id, { limit: 5, before: 'nonsense' })).rejects.toMatchObject({
        code: 'request.invalid',
      });
    });

    it('shows lines of a thread without messages', async () => {
      const id = await rig.conversation();
      const ana = await rig.agent();
      await rig.testing.get(OwnershipService).claim(ana, id);
      expect(await inbox.messages(ana, id, { limit: 5 })).toMatchObject({
        items: [],
        timeline: [{ kind: 'claimed' }],
        nextCursor: null,
      });
    });
  });

  describe('costs', () => {
    it('at most three queries for a list, five for opening a thread', async () => {
      const ana = await rig.agent();
      const ids = await Promise.all(Array.from({ length: 20 }, () => rig.conversation()));
      for (const id of ids) await rig.inbound(id);
      const [id = ''] = ids;
      const spy = vi.spyOn(rig.database.pool, 'query');
      // The cheapest of three: a sweeper's look that falls into one of them is not the request's.
      const costOf = async (work: () => Promise<unknown>) => {
        const costs: number[] = [];
        for (let run = 0; run < 3; run += 1) {
          spy.mockClear();
          await work();
          costs.push(spy.mock.calls.length);
        }
        return Math.min(...costs);
      };
      expect(await costOf(() => list(ana, { q: 'maria' }))).toBeLessThanOrEqual(3);
      expect(await costOf(() => inbox.counts(ana))).toBeLessThanOrEqual(3);
      expect(await costOf(() => inbox.get(ana, id))).toBeLessThanOrEqual(3);
      expect(await costOf(() => inbox.messages(ana, id, { limit: 50 }))).toBeLessThanOrEqual(5);
      spy.mockRestore();
    });
  });
});
