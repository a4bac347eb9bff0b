import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { APP_SECRET, startBackend, startProgram } from './support/instance.ts';
import { flood } from './support/raw-client.ts';
import { latencyRows, median, round, type Row, writeResults } from './support/results.ts';
import { prepareRequests } from './support/webhooks.ts';

/** Deliveries accepted a second over 32 connections, beside a bare server that stores the same bytes. */
const CONNECTIONS = 32;
const SECONDS = 5;
/** Compiled code is what runs in production: neither side is counted cold. */
const WARM_UP_SECONDS = 4;
const ROUNDS = 3;
const PREPARED = 320_000;
const CUSTOMERS = 500;

const database = new pg.Client({ connectionString: process.env['DATABASE_URL'] });
await database.connect();

/**
 * Waits until every accepted delivery was also processed and PostgreSQL has cleaned up and written out what that left, so
 * that one round's work never falls into the next.
 */
async function settle(): Promise<void> {
  for (;;) {
    const { rows } = await database.query<{ due: boolean }>(
      `select exists (select from webhook_deliveries where state in ('new', 'processing', 'retry')) as due`,
    );
    if (rows[0]?.due === false) break;
    await delay(100);
  }
  await database.query('vacuum (analyze)');
  await database.query('checkpoint');
}

const floors: number[] = [];
const doors: number[] = [];
const latencies: number[] = [];
let refused = 0;
for (let round = 0; round < ROUNDS; round += 1) {
  // A process each, one after the other: neither steals the other's core.
  for (const target of ['floor', 'door'] as const) {
    const requests = prepareRequests(PREPARED, CUSTOMERS, `${target}${String(round)}`);
    const instance =
      target === 'floor'
        ? await startProgram(path.join(import.meta.dirname, 'support/floor-server.ts'), { FLOOR_SECRET: APP_SECRET })
        : await startBackend();
    let next = 0;
    const nextRequest = (): Buffer => {
      const request = requests[next];
      next += 1;
      if (!request) throw new Error('not enough requests were prepared');
      return request;
    };
    await flood(instance.url, CONNECTIONS, WARM_UP_SECONDS, nextRequest);
    const result = await flood(instance.url, CONNECTIONS, SECONDS, nextRequest);
    await settle();
    if (target === 'door') {
      latencies.push(...result.latenciesMs);
      refused += result.refused;
    }
    await instance.stop();
    (target === 'floor' ? floors : doors).push(result.perSecond);
  }
}
await database.end();

const ratios = doors.map((door, index) => door / (floors[index] ?? Number.NaN));
const rows: Row[] = [
  {
    measure: `deliveries accepted, ${String(CONNECTIONS)} connections`,
    value: Math.round(median(doors)),
    unit: '/s',
    floor: Math.round(median(floors)),
    ratio: round(median(ratios)),
    target: '>= 0.8 of the floor',
  },
  ...latencyRows('answer to Meta', latencies),
  { measure: 'deliveries refused', value: refused, unit: '' },
];
writeResults('door', rows);
