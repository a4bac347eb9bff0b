import { conversationListQuerySchema, type ConversationListQuery } from '@parley/contract';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { AuthenticatedAgent } from '../src/common/access/authenticated-agent.js';
import { FailuresService } from '../src/failures/failures.service.js';
import { InboxService } from '../src/conversations/inbox/inbox.service.js';
import { query } from '../src/database/database.js';
import { encodeCursor } from '../src/log/log-cursor.js';
import { EventHistory } from '../src/realtime/events/event-history.js';
import { startTestApp, type TestApp } from './support/test-app.js';

const SEED = path.join(import.meta.dirname, '../../e2e/growth/main.ts');
const CONVERSATIONS = 2_000;
/** So many times larger than it is the planner takes every table to be: a million conversations, ten million messages. */
const FACTOR = 500;
const LARGE = [
  ...['contacts', 'contact_identities', 'conversations', 'cases', 'messages', 'message_keys', 'message_statuses'],
  ...['message_reactions', 'timeline_entries', 'read_cursors', 'outbox', 'events'],
];

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Plan Rows': number;
  Plans?: PlanNode[];
}

/**
 * What the planner does on the large set, asked on a small one: the seed's own distribution gives the statistics of the
 * columns, and the number of rows that each table is believed to have is multiplied. Nothing is forbidden to it.
 */
describe('on a large set no statement reads a table from end to end:', () => {
  let test: TestApp;
  let inbox: InboxService;
  let events: EventHistory;
  let supervisor: AuthenticatedAgent;
  let agent: AuthenticatedAgent;
  let facts: { conversationId: string; teamId: string; channelId: string; phone: string; name: string; xid: string };

  beforeAll(async () => {
    test = await startTestApp();
    inbox = test.app.get(InboxService, { strict: false });
    events = test.app.get(EventHistory, { strict: false });
    await promisify(execFile)(process.execPath, [
      ...[SEED, '--database', test.testDatabase.url, '--replace'],
      ...['--conversations', String(CONVERSATIONS), '--agents', '100'],
    ]);
    const { pool } = test.database;
    // The GIN indexes' pending lists are emptied too: the planner rightly shuns an index that has many entries there.
    await pool.query('vacuum analyze');
    await pool.query(
      `update pg_class set reltuples = reltuples * $1
       where relnamespace = 'public'::regnamespace and relkind in ('r', 'i') and reltuples > 0
         and relname not in ('agents', 'teams', 'channels', 'conversation_counts', 'conversation_count_steps')`,
      [FACTOR],
    );
    const people = await query<AuthenticatedAgent>(
      pool,

      `select a.id, a.name, a.role, coalesce((select array_agg(team_id) from team_members where agent_id = a.id), '{}')
         as "teamIds" from agents a order by a.role desc, a.id limit 2`,
    );
    const [first, second] = people;
    if (!first || !second) throw new Error('nobody was seeded');
    [supervisor, agent] = [first, second];
    const [drawn] = await query<typeof facts>(
      pool,

      `select c.id as "conversationId", (select id from teams limit 1) as "teamId", c.channel_id as "channelId",
         p.phone, p.name, (select xid from events order by xid limit 1) as xid
       from conversations c join contacts p on p.id = c.contact_id where c.last_seq > 20 and c.team_id is null limit 1`,
    );
    if (!drawn) throw new Error('nothing was seeded');
    facts = drawn;
  }, 120_000);
  afterAll(() => test.close());

  const explain = (text: string, parameters: unknown[] = []) =>
    query<{ 'QUERY PLAN': { Plan: PlanNode }[] }>(test.database.pool, text, parameters);

  /** Every statement of the work, planned again with the same parameters. */
  async function plansOf(work: () => Promise<unknown>): Promise<PlanNode[][]> {
    const seen: { text: string; values: unknown[] }[] = [];
    const spy = vi.spyOn(pg.Client.prototype, 'query');
    await work();
    for (const [first, second] of spy.mock.calls as unknown as [unknown, unknown][]) {
      const { text, values } =
        typeof first === 'string' ? { text: first, values: second } : (first as (typeof seen)[0]);
      seen.push({ text, values: Array.isArray(values) ? (values as unknown[]) : [] });
    }
    spy.mockRestore();
    const plans: PlanNode[][] = [];
    for (const { text, values } of seen) {
      // What sweepers and the log's tailer do meanwhile is planned as well; only a statement that reads can be.
      if (!/^\s*(select|with)\b/i.test(text)) continue;
      const rows = await explain(`explain (format json) ${text}`, values);
      plans.push(rows.flatMap((row) => row['QUERY PLAN'].flatMap(({ Plan }) => nodesOf(Plan))));
    }
    return plans;
  }

  async function expectNoScan(work: () => Promise<unknown>): Promise<void> {
    const plans = await plansOf(work);
    expect(plans.length).toBeGreaterThan(0);
    const scanned = plans.flat().filter((node) => node['Node Type'].includes('Seq Scan'));
    expect(scanned.map((node) => node['Relation Name']).filter((table) => LARGE.includes(table ?? ''))).toEqual([]);
  }

  it('the planner is told the truth about nothing else', async () => {
    const [plan] = await explain(`explain (format json) select * from messages where body = 'not indexed'`);
    expect(JSON.stringify(plan)).toContain('Seq Scan');
    const [all] = await explain('explain (format json) select * from messages');
    expect(all?.['QUERY PLAN'][0]?.Plan['Plan Rows']).toBeGreaterThan(5_000_000);
  });

  const filters: Partial<ConversationListQuery>[] = [
    {},
    { status: 'active' },
    { status: 'open' },
    { status: 'pending' },
    { status: 'snoozed' },
    { status: 'resolved' },
    { status: 'open', assignee: 'none' },
    { status: 'open', assignee: 'me' },
    { assignee: 'me' },
  ];
  const sorts = ['activity', 'waiting', 'window', 'priority'] as const;
  it.each(filters.flatMap((filter) => sorts.map((sort) => ({ ...filter, sort }))))('the list %j', async (filter) => {
    for (const asking of [supervisor, agent]) {
      for (const scope of [{}, { team: facts.teamId }, { channel: facts.channelId }]) {
        const request = conversationListQuerySchema.parse({ limit: 20, ...filter, ...scope });
        await expectNoScan(async () => {
          const { nextCursor } = await inbox.list(asking, request);
          if (nextCursor !== null) await inbox.list(asking, { ...request, cursor: nextCursor });
        });
      }
    }
  });

  it.each(['+1 200 000 0042', 'maria', 'jo', 'silva santos', 'LM-12345678', 'please', 'the you', 'zzyx', 'o'])(
    'the search for %s',
    async (q) => {
      for (const asking of [supervisor, agent]) {
        const request = conversationListQuerySchema.parse({ limit: 20, q });
        await expectNoScan(() => inbox.list(asking, request));
        await expectNoScan(() => inbox.list(asking, { ...request, status: 'open', assignee: 'none' }));
      }
    },
  );

  it('the counts', async () => {
    await expectNoScan(() => inbox.counts(supervisor));
    await expectNoScan(() => inbox.counts(agent));
  });

  it('a conversation, its thread and an older page', async () => {
    const id = facts.conversationId;
    await expectNoScan(() => inbox.get(supervisor, id));
    await expectNoScan(async () => {
      const { nextCursor } = await inbox.messages(agent, id, { limit: 10 });
      expect(nextCursor).not.toBeNull();
      await inbox.messages(agent, id, { limit: 10, before: nextCursor ?? '' });
    });
  });

  it('the failure desk, its groups and their pages', async () => {
    const failures = test.app.get(FailuresService, { strict: false });
    // A few hundred messages of the sample failed, stay unknown or wait: thousands in what the planner takes it for.
    await test.database.pool.query(`
      with chosen as (select conversation_id, id, row_number() over () as n from messages
                    where direction = 'outbound' and type = 'text' limit 300)
      update messages m set status = case chosen.n % 3 when 0 then 'failed' when 1 then 'unknown' else 'queued' end,
             error = case chosen.n % 3 when 0 then jsonb_build_object('code', 131026, 'retryable', false) end,
             failed_at = m.event_at
      from chosen where m.conversation_id = chosen.conversation_id and m.id = chosen.id`);
    for (const asking of [supervisor, agent]) {
      await expectNoScan(() => failures.groups(asking));
      for (const [state, code] of [
        ['failed', '131026'],
        ['unknown', 'unknown'],
        ['paused', '190'],
        ['limited', '131056'],
      ] as const) {
        await expectNoScan(async () => {
          const { nextCursor } = await failures.list(asking, { state, code, limit: 5 });
          if (nextCursor !== null) await failures.list(asking, { state, code, limit: 5, cursor: nextCursor });
        });
      }
    }
  });

  it('the log, from its head and from somewhere', async () => {
    const { cursor } = await events.list(agent, { limit: 100 });
    const epoch = Buffer.from(cursor, 'base64url').toString().split('.')[0] ?? '';
    await expectNoScan(() => events.list(agent, { limit: 100 }));
    const since = encodeCursor({ epoch, xid: facts.xid, id: 0 });
    await expectNoScan(async () => {
      const page = await events.list(supervisor, { limit: 100, since });
      expect(page.reset).toBe(false);
    });
  });
});

function nodesOf(plan: PlanNode): PlanNode[] {
  return [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];
}
