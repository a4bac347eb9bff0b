import type pg from 'pg';
import { Random } from '../../proof/random.ts';
import { personName, word } from '../../growth/words.ts';

/** Somebody who asks, with what they need to. */
export interface Asker {
  id: string;
  token: string;
}

/** One kind of question: its path for the nth time it is asked. */
export interface Measure {
  name: string;
  /** p99 that it must keep on the largest set, in milliseconds. */
  targetMs: number;
  path(asker: Asker, turn: number): string;
}

const PAGE_MS = 50;
const SEARCH_MS = 200;
const PAGE_LIMIT = 50;

/** What the questions are about: drawn from the data once, by a seed. */
export interface Facts {
  conversationIds: string[];
  /** Threads that have many pages, each with a cursor into its middle. */
  older: { id: string; before: string }[];
  agentIds: string[];
  teamIds: string[];
  channelIds: string[];
  phones: string[];
  names: string[];
  orderNumbers: string[];
  /** Positions in the log, spread over it. */
  cursors: string[];
  oldestMs: number;
  newestMs: number;
}

const SAMPLES = 500;

/** Draws what is asked for from the data itself. */
export async function readFacts(database: pg.Client, headCursor: string): Promise<Facts> {
  const column = async (text: string): Promise<string[]> =>
    (await database.query<{ value: string }>(text)).rows.map(({ value }) => value);
  const sample = (table: string): string => `${table} tablesample system_rows(${String(SAMPLES)})`;
  await database.query('create extension if not exists tsm_system_rows');
  const { rows: long } = await database.query<{ id: string; second: string; seq: string }>(
    `select c.id, m.event_second as second, m.seq from conversations c
     join messages m on m.conversation_id = c.id and m.seq = c.last_seq / 2
     where c.last_seq > 150 and c.team_id is null order by c.id limit ${String(SAMPLES)}`,
  );
  const { rows: places } = await database.query<{ xid: string; id: string }>(
    `select xid, id from (select xid, id, row_number() over (order by xid, id) as n, count(*) over () as of from events) e
     where n % greatest(of / ${String(SAMPLES)}, 1) = 0`,
  );
  const [epoch = ''] = Buffer.from(headCursor, 'base64url').toString().split('.');
  const { rows: bounds } = await database.query<{ oldest: Date; newest: Date }>(
    'select min(last_activity_at) as oldest, max(last_activity_at) as newest from conversations',
  );
  return {
    conversationIds: await column(`select id as value from ${sample('conversations')} where team_id is null`),
    older: long.map(({ id, second, seq }) => ({ id, before: encode(second, seq, seq) })),
    agentIds: await column('select id as value from agents'),
    teamIds: await column('select id as value from teams'),
    channelIds: await column(`select id as value from channels`),
    phones: await column(`select phone as value from ${sample('contacts')}`),
    names: await column(`select name as value from ${sample('contacts')}`),
    orderNumbers: await column(
      `select substring(body from 'LM-\\d{8}') as value from ${sample('messages')} where body ~ 'LM-\\d{8}'`,
    ),
    cursors: places.map(({ xid, id }) => encode(epoch, xid, id)),
    oldestMs: bounds[0]?.oldest.getTime() ?? 0,
    newestMs: bounds[0]?.newest.getTime() ?? 0,
  };
}

/** Cursors are opaque to clients; a benchmark makes its own, to begin anywhere in the middle. */
const encode = (...parts: string[]): string => Buffer.from(parts.join('.')).toString('base64url');

const LISTS: [string, string][] = [
  ['all', ''],
  ['active', 'status=active'],
  ['open', 'status=open'],
  ['pending', 'status=pending'],
  ['snoozed', 'status=snoozed'],
  ['resolved', 'status=resolved'],
  ['queue', 'status=open&assignee=none'],
  ['mine', 'status=open&assignee=me'],
  ['mine of all times', 'assignee=me'],
  ["a colleague's", 'assignee={agent}'],
  ["a team's", 'team={team}'],
  ["a team's queue", 'status=open&assignee=none&team={team}'],
  ["a tag's", 'tag=vip'],
  ["a number's", 'channel={channel}'],
  ["a number's open", 'status=open&channel={channel}'],
];

export function measures(facts: Facts, seed: number): Measure[] {
  const random = new Random(seed, 'growth');
  const of = <T>(items: readonly T[], turn: number): T => {
    const item = items[turn % items.length];
    if (item === undefined) throw new Error('the data has none');
    return item;
  };
  const fill = (text: string, turn: number): string =>
    text
      .replace('{agent}', of(facts.agentIds, turn))
      .replace('{team}', of(facts.teamIds, turn))
      .replace('{channel}', of(facts.channelIds, turn));
  const anywhere = (sort: string): string => {
    const span = facts.newestMs - facts.oldestMs;
    // Activity and waiting lie in the past; what closes its window does so within the day.
    const atMs = sort === 'window' ? Date.now() + random.next() * 86_400_000 : facts.oldestMs + random.next() * span;
    return encode(sort, String(Math.floor(atMs * 1_000)), '80000000-0000-7000-8000-000000000000');
  };
  const lists = (['activity', 'waiting', 'window'] as const).flatMap((sort) =>
    LISTS.filter(([name]) => sort === 'activity' || !/pending|snoozed|resolved/.test(name)).flatMap(([name, query]) => {
      const of = `list ${name}${sort === 'activity' ? '' : `, by ${sort}`}`;
      const base = (turn: number): string =>
        `/conversations?limit=${String(PAGE_LIMIT)}&sort=${sort}&${fill(query, turn)}`;
      return [
        { name: of, targetMs: PAGE_MS, path: (_asker: Asker, turn: number) => base(turn) },
        {
          name: `${of}, deep`,
          targetMs: PAGE_MS,
          path: (_: Asker, turn: number) => `${base(turn)}&cursor=${anywhere(sort)}`,
        },
      ];
    }),
  );
  const search = (name: string, text: (turn: number) => string): Measure => ({
    name: `search ${name}`,
    targetMs: SEARCH_MS,
    path: (_asker, turn) => `/conversations?limit=${String(PAGE_LIMIT)}&q=${encodeURIComponent(text(turn))}`,
  });
  const page = (name: string, path: Measure['path']): Measure => ({ name, targetMs: PAGE_MS, path });
  const thread = (turn: number): string => of(facts.conversationIds, turn);
  return [
    ...lists,
    page('conversation', (_, turn) => `/conversations/${thread(turn)}`),
    page('thread opened', (_, turn) => `/conversations/${thread(turn)}/messages?limit=${String(PAGE_LIMIT)}`),
    page('older page', (_, turn) => {
      const { id, before } = of(facts.older, turn);
      return `/conversations/${id}/messages?limit=${String(PAGE_LIMIT)}&before=${before}`;
    }),
    page('counts', () => '/conversations/counts'),
    page('events from somewhere', (_, turn) => `/events?limit=100&since=${of(facts.cursors, turn * 7)}`),
    page('events at the head', () => '/events'),
    search('whole name', (turn) => of(facts.names, turn)),
    search('first name', (turn) => of(facts.names, turn).split(' ')[0] ?? ''),
    search('two letters', (turn) => of(facts.names, turn).slice(0, 2)),
    search('whole number', (turn) => `+${of(facts.phones, turn)}`),
    search('last digits', (turn) => of(facts.phones, turn).slice(-7)),
    search('order number', (turn) => of(facts.orderNumbers, turn)),
    search('any word', () => word(random)),
    search('common word', (turn) => of(['please', 'order', 'hola', 'delivery', 'you'], turn)),
    search('two words', () => `${word(random)} ${word(random)}`),
    search('name and nothing', () => `${personName(random)} zzyx`),
  ];
}
