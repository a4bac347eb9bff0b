import { conversationListQuerySchema, type ConversationListQuery } from '@parley/contract';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { AuthenticatedAgent } from '../src/common/access/authenticated-agent.js';
import { InboxService } from '../src/conversations/inbox/inbox.service.js';
import { triedRow } from '../src/conversations/inbox/search-conditions.js';
import { parseSearch } from '../src/conversations/inbox/search-terms.js';
import { ConversationsRig } from './support/conversations-rig.js';

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  Plans?: PlanNode[];
}

describe('search and plans', () => {
  let rig: ConversationsRig;
  let inbox: InboxService;
  let agent: AuthenticatedAgent;
  const named: Record<string, string> = {};

  beforeAll(async () => {
    rig = await ConversationsRig.start();
    inbox = rig.testing.get(InboxService);
    agent = await rig.agent({ role: 'supervisor' });
    const channel = await rig.channel();
    named['joão'] = await rig.conversation({ contact: { name: 'João Ávila', phone: '5511987650001' } });
    named['peggy'] = await rig.conversation({ contact: { name: "Peggy O'Neil", phone: '12025550101' } });
    named['percent'] = await rig.conversation({ contact: { name: '100%_sure\\', phone: '12025550102' } });
    named['user'] = await rig.conversation({ contact: { name: '', phone: null, username: 'pixel.fan' } });
    named['li'] = await rig.conversation({ contact: { name: 'Wei Li', phone: '8613800000000' } });
    named['body'] = await rig.conversation({ contact: { name: 'Somebody', phone: '12025550103' } });
    await rig.inbound(named['body'], 'Quanto custa a edição especial? Señor, naïve café-latte');
    await rig.inbound(named['body'], 'Plain letters: pedido atrasado, cod. RASTREIO');
    await rig.inbound(named['body'], 'it\'s a "test" & more | !not (paren) :* \\ back');
    await rig.sql(
      `with people as (
         insert into contacts (id, name, phone)
         select gen_random_uuid(), md5(n::text), (49000000000 + n)::text from generate_series(1, 4000) n returning id
       ), threads as (
         insert into conversations (id, channel_id, contact_id, status, last_activity_at, waiting_since, window_expires_at)
         select gen_random_uuid(), $1, id, (array['open', 'resolved', 'resolved', 'resolved'])[1 + random() * 3],
           now() - random() * interval '100 days', now() - random() * interval '1 day', now() + random() * interval '1 day'
         from people returning id
       )
       insert into messages (conversation_id, id, channel_id, seq, direction, sender_type, type, body, status, event_at,
         event_second, inbound_number)
       select id, gen_random_uuid(), $1, n, 'inbound', 'contact', 'text', md5(id::text || n) || ' lorem ' || n, 'received',
         now(), n, n
       from threads, generate_series(1, 6) n`,
      [channel],
    );
    // Also empties the pending lists of the GIN indexes, which the planner rightly shuns.
    await rig.sql('vacuum analyze');
  }, 60_000);
  afterAll(() => rig.close());

  const find = async (q: string): Promise<string[]> => {
    const { items } = await inbox.list(agent, conversationListQuerySchema.parse({ q, limit: 100 }));
    return items.map((item) => item.id);
  };

  it('finds somebody by the id that Meta knows or knew them by, and nobody by another’s', async () => {
    const [current, former, parent] = ['US.13491208655302741918', 'US.9', 'US.ENT.11815799212886844830'];
    await rig.sql(
      `insert into contact_identities (kind, scope, value, contact_id, retired_at)
       select id.kind, channel.portfolio_id, id.value, thread.contact_id, id.retired_at
       from (values ('bsuid', $2::text, null), ('bsuid', $3, now()), ('parent_bsuid', $4, null)) id (kind, value, retired_at),
         conversations thread join channels channel on channel.id = thread.channel_id
       where thread.id = $1`,
      [named['user'], current, former, parent],
    );
    for (const id of [current, former, parent]) expect(await find(id)).toEqual([named['user']]);
    expect(await find('US.1349120865530274191')).toEqual([]);
  });

  const FINDS: [string, string][] = [
    ['joao avila', 'joão'],
    ['ÁVILA', 'joão'],
    ['avi', 'joão'],
    ['jo', 'joão'],
    ['+55 (11) 98765-0001', 'joão'],
    ['55 11 98765', 'joão'],
    ['987650001', 'joão'],
    ["o'neil", 'peggy'],
    ['100%_sure', 'percent'],
    ['%_s', 'percent'],
    ['sure\\', 'percent'],
    ['pixel', 'user'],
    ['li', 'li'],
    ['edicao', 'body'],
    ['EDIÇÃO esp', 'body'],
    ['senor cafe', 'body'],
    ['naive', 'body'],
    ['"test"', 'body'],
    ['rastreio', 'body'],
    ['pedido atras', 'body'],
  ];
  it.each(FINDS)('%s finds %s', async (q, name) => {
    expect(await find(q)).toContain(named[name]);
  });

  it.each(FINDS)('%s finds %s row by row as well, as where too many messages have the words', async (q, name) => {
    const search = parseSearch(q);
    if (!search) throw new Error('nothing to look for');
    const parameters: unknown[] = [];
    const tried = triedRow(search, (value) => `$${String(parameters.push(value))}`);
    const rows = await rig.sql<{ id: string }>(
      `select c.id from conversations c where ${tried} order by id`,
      parameters,
    );
    const ids = rows.map(({ id }) => id);
    expect(ids).toContain(named[name]);
    expect(ids).toEqual((await find(q)).toSorted());
  });

  it.each([
    ["' or 1=1 --"],
    ["'); drop table messages; --"],
    ['%'],
    ['_'],
    ['\\'],
    ["'"],
    ['& | ! ( ) <-> :* \\'],
    ['zz\0zz'],
    ['zz\ud800'],
    ['$1x $2x'],
    ['💥💥💥'],
    [Array.from({ length: 40 }, (_, n) => `w${n}`).join(' ')],
  ])('%j is only text', async (q) => {
    const found = await find(q);
    expect(found.length).toBeLessThan(50);
  });

  it('a word that is everywhere finds page after page', async () => {
    const request = { q: 'lorem', limit: 100 };
    const first = await inbox.list(agent, conversationListQuerySchema.parse(request));
    const cursor = first.nextCursor ?? '';
    const second = await inbox.list(agent, conversationListQuerySchema.parse({ ...request, cursor }));
    const ids = [...first.items, ...second.items].map((item) => item.id);
    expect(new Set(ids).size).toBe(200);
    const none = conversationListQuerySchema.parse({ ...request, assignee: 'me' });
    expect((await inbox.list(agent, none)).items).toEqual([]);
    expect(await find('lorem maria')).toEqual([]);
  });

  it('a common beginning beside other words only narrows what those find', async () => {
    const id = named['body'] ?? '';
    await rig.inbound(id, 'Zebra lorem');
    expect(await find('zebra lor')).toEqual([id]);
    expect(await find('zebra lorem')).toEqual([id]);
    expect(await find('quanto lorem')).toEqual([]);
    expect((await find('--- lorem')).length).toBeGreaterThan(50);
  });

  it('blank text filters nothing', async () => {
    expect(await find('   ')).toHaveLength(100);
  });

  it('wildcards stand for themselves', async () => {
    expect(await find('1%2')).toEqual([]);
    expect(await find('j_ão')).toEqual([]);
  });

  describe('plans', () => {
    /** The nodes of the plan that the page's own statement gets, the last one of its kind. */
    async function planOf(work: () => Promise<unknown>, isIt: RegExp): Promise<PlanNode[]> {
      // Of the driver: TypeORM does not see what is prepared.
      const spy = vi.spyOn(pg.Client.prototype, 'query');
      await work();
      const statements = spy.mock.calls.map(([statement, values]: unknown[]) =>
        typeof statement === 'string' ? { text: statement, values } : (statement as { text: string; values: unknown }),
      );
      spy.mockRestore();
      const found = statements.findLast(({ text }) => isIt.test(text));
      if (!found) throw new Error('the statement was not seen');
      const { text, values: parameters } = found;
      const [row] = await rig.sql<{ 'QUERY PLAN': { Plan: PlanNode }[] }>(
        `explain (format json) ${text}`,
        parameters as unknown[],
      );
      const nodes: PlanNode[] = [];
      const walk = (node: PlanNode): void => {
        nodes.push(node);
        node.Plans?.forEach(walk);
      };
      row?.['QUERY PLAN'].forEach(({ Plan }) => walk(Plan));
      return nodes;
    }
    const listPlan = (request: Partial<ConversationListQuery>) =>
      planOf(() => inbox.list(agent, conversationListQuerySchema.parse({ limit: 20, ...request })), /keyMicros/);
    const scanned = (nodes: PlanNode[]): string[] =>
      nodes.flatMap((node) => (node['Node Type'] === 'Seq Scan' ? (node['Relation Name'] ?? []) : []));
    const indexes = (nodes: PlanNode[]): string[] => nodes.flatMap((node) => node['Index Name'] ?? []);

    it.each([['avila'], ['jo'], ['+49 000 000 12'], ['abc def']])('searching %s reads indexes only', async (q) => {
      const nodes = await listPlan({ q });
      expect(scanned(nodes)).not.toEqual(
        expect.arrayContaining([expect.stringMatching(/messages|contacts|conversations/)]),
      );
      expect(indexes(nodes)).toEqual(expect.arrayContaining(['contacts_search', 'messages_search']));
    });

    it('a word that is everywhere walks the inbox in order', async () => {
      const nodes = await listPlan({ q: 'lorem' });
      expect(scanned(nodes)).not.toEqual(expect.arrayContaining([expect.stringMatching(/messages|conversations/)]));
      expect(indexes(nodes)).toEqual(expect.arrayContaining(['conversations_activity']));
    });

    it.each([
      [{}, /conversations_activity/],
      [{ status: 'open' }, /conversations_(status_activity|activity|queue)/],
      [{ status: 'open', assignee: 'none' }, /conversations_(queue|status_activity)/],
      [{ status: 'resolved' }, /conversations_(resolved|activity)/],
      [{ sort: 'oldest' }, /conversations_activity/],
      [{ sort: 'oldest', status: 'open', assignee: 'none' }, /conversations_(queue|status_activity)/],
      [{ sort: 'waiting' }, /conversations_waiting/],
      [{ sort: 'window' }, /conversations_window/],
      [{ sort: 'priority' }, /conversations_priority/],
      [{ sort: 'priority', status: 'active' }, /conversations_priority/],
      [{ sort: 'priority', status: 'resolved', priority: 'low' }, /conversations_priority/],
    ] as [Partial<ConversationListQuery>, RegExp][])('the list %j walks its index in order', async (request, index) => {
      const nodes = await listPlan(request);
      expect(indexes(nodes).join(' ')).toMatch(index);
      expect(scanned(nodes)).not.toEqual(expect.arrayContaining(['conversations']));
      expect(scanned(nodes)).not.toEqual(expect.arrayContaining(['messages']));
    });
  });
});
