import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { provideNginx } from '../../tools/services.mjs';
import { Topology } from './topology.ts';
import { meta, Person } from './traffic.ts';
import { waitFor } from './wait-for.ts';

const SCREENS = 20;
const CUSTOMERS = 8;
const PACE_MS = 20;
const FIRST_PHONE = 12_065_550_100;
const TIMEOUT_MS = 150_000;
const QUIET_TIMEOUT_MS = 40_000;

interface StoredMessage {
  id: string;
  conversationId: string;
  /** PostgreSQL's bigint, as text. */
  seq: string;
  rev: string;
  direction: string;
  status: string;
  wamid: string;
  clientMessageId: string | null;
}

const nginx = await provideNginx();

describe.skipIf(nginx === null)('a rolling restart under load (needs nginx, or root on Debian to install it)', () => {
  const writtenWamids: string[] = [];
  const answers: { clientMessageId: string; id: string }[] = [];
  const statuses = new Set<number>();
  const ends: unknown[] = [];
  let topology: Topology | undefined;
  let screens: Person[] = [];
  let stored: StoredMessage[] = [];
  let accepted: string[] = [];

  async function sql<Row extends object>(at: Topology, text: string): Promise<Row[]> {
    const client = new pg.Client({ connectionString: at.postgres.url });
    await client.connect();
    try {
      return (await client.query<Row>(text)).rows;
    } finally {
      await client.end();
    }
  }

  /** Customers write, one screen lists, one claims and answers, until the restarts are over. */
  async function restartUnderLoad(at: Topology, [lister, writer]: [Person, Person]): Promise<void> {
    let isOver = false;
    const keepOn = async (act: (turn: number) => Promise<unknown>): Promise<void> => {
      for (let turn = 0; !isOver; turn += 1) {
        await act(turn);
        await delay(PACE_MS);
      }
    };
    const customers = keepOn((turn) => customerWrites(at, turn % CUSTOMERS));
    const lists = keepOn(async () => statuses.add((await lister.conversations()).status));
    const { body } = await writer.conversations();
    const replies = keepOn(async (turn) => {
      const thread = body.items[turn % body.items.length]!;
      if (turn < body.items.length) statuses.add((await writer.claim(thread)).status);
      const clientMessageId = randomUUID();
      const answer = await writer.write(thread, clientMessageId, `answer ${String(turn)}`);
      statuses.add(answer.status);
      answers.push({ clientMessageId, id: answer.body.id });
    });
    try {
      for (let index = 0; index < at.instancePorts.length; index += 1) {
        const before = answers.length;
        await waitFor(() => answers.length > before + CUSTOMERS, 'traffic', QUIET_TIMEOUT_MS);
        ends.push(await at.restartInstance(index));
      }
    } finally {
      isOver = true;
      await Promise.all([customers, lists, replies]);
    }
  }

  async function customerWrites(at: Topology, customer: number): Promise<void> {
    const id = `wamid.${randomUUID()}`;
    writtenWamids.push(id);
    const from = String(FIRST_PHONE + customer);
    await meta(at, 'POST', 'inbound?wait=false', {
      contacts: [{ profile: { name: `Customer ${from}` }, wa_id: from }],
      messages: [{ from, id, type: 'text', text: { body: `question ${String(writtenWamids.length)}` } }],
    });
  }

  const isQuiet = async (at: Topology): Promise<boolean> => {
    const { pending } = await meta<{ pending: number }>(at, 'GET', 'webhooks');
    const [row] = await sql<{ open: string }>(
      at,
      `select (select count(*) from webhook_deliveries where state <> 'done')
            + (select count(*) from messages where direction = 'outbound' and status <> 'read') as open`,
    );
    return pending === 0 && row?.open === '0';
  };

  const holdsAll = (screen: Person): boolean =>
    stored.every(({ id, rev, status }) => {
      const held = screen.messages.get(id);
      return held?.rev === Number(rev) && held.status === status;
    });

  beforeAll(async () => {
    const at = await Topology.start();
    topology = at;
    await meta(at, 'POST', 'faults', {
      webhooks: { retrySpeed: 60, timeoutMs: 5_000 },
      statuses: { sentMs: 20, deliveredMs: 60, readMs: 150 },
      limits: { pair: false, messagesPerSecond: 0 },
    });
    screens = await Person.at(at, SCREENS);
    await waitFor(() => screens.every(({ isLive }) => isLive), 'the sockets', QUIET_TIMEOUT_MS);
    const [lister, writer] = screens;
    for (let customer = 0; customer < CUSTOMERS; customer += 1) await customerWrites(at, customer);
    await waitFor(
      async () => (await lister!.conversations()).body.items.length === CUSTOMERS,
      'the threads',
      QUIET_TIMEOUT_MS,
    );

    await restartUnderLoad(at, [lister!, writer!]);

    await waitFor(() => isQuiet(at), 'the end of all work', QUIET_TIMEOUT_MS);
    stored = await sql<StoredMessage>(
      at,
      `select id, conversation_id as "conversationId", seq, rev, direction, status, wamid,
              client_message_id as "clientMessageId" from messages order by conversation_id, seq`,
    );
    const sent = await meta<{ items: { wamid: string }[] }>(at, 'GET', 'sent?limit=10000');
    accepted = sent.items.map(({ wamid }) => wamid);
    await waitFor(() => screens.every((screen) => screen.isLive && holdsAll(screen)), 'the screens', QUIET_TIMEOUT_MS);
  }, TIMEOUT_MS);

  afterAll(async () => {
    for (const screen of screens) screen.close();
    await topology?.close();
  }, TIMEOUT_MS);

  it('ends each instance in order', () => {
    expect(ends).toEqual([
      { code: 0, signal: null },
      { code: 0, signal: null },
    ]);
  });

  it('answers every request, at worst when it is repeated', () => {
    expect([...statuses].sort()).toEqual([200, 201]);
    // No answer (0), a gateway's 502, or a 503: what clients repeat.
    for (const screen of screens) for (const status of screen.refused) expect([0, 502, 503]).toContain(status);
  });

  it('loses and doubles nothing that customers wrote', () => {
    const inbound = stored.filter(({ direction }) => direction === 'inbound').map(({ wamid }) => wamid);
    expect(inbound.sort()).toEqual([...writtenWamids].sort());
  });

  it('sends every answer once', () => {
    const outbound = stored.filter(({ direction }) => direction === 'outbound');
    const ids = (all: { clientMessageId: string | null; id: string }[]): string[] =>
      all.map(({ clientMessageId, id }) => `${clientMessageId ?? ''} ${id}`).sort();
    expect(ids(outbound)).toEqual(ids(answers));
    expect(outbound.map(({ wamid }) => wamid).sort()).toEqual([...accepted].sort());
  });

  it('numbers every thread without a gap', () => {
    const next = new Map<string, number>();
    for (const { conversationId, seq } of stored) {
      expect(Number(seq)).toBe((next.get(conversationId) ?? 0) + 1);
      next.set(conversationId, Number(seq));
    }
  });

  it('has every socket back, with everything and without starting anew', () => {
    for (const screen of screens) expect(screen.resets).toBe(0);
    expect(screens.every(({ losses }) => losses > 0)).toBe(true);
  });
});
