import pg from 'pg';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { grow } from '../growth/grow.ts';
import { growthPlan } from '../growth/plan.ts';
import { measures, readFacts, type Asker } from './growth/measures.ts';
import { Getter } from './support/getter.ts';
import { PHONE_NUMBER_ID, startBackend } from './support/instance.ts';
import { nowMs, percentile, round, type Row, writeResults } from './support/results.ts';
import { tokensOf } from './support/tokens.ts';

/**
 * What the console asks for, on a small set and on a large one: how long it takes, and how much longer. `--large` is a
 * million conversations; `--database <url>` measures one that is filled already, beside nothing; `--cold` leaves on the disk
 * what is there.
 */
const SMALL = 10_000;
const MIDDLING = 100_000;
const LARGE = 1_000_000;
const ASKERS = 8;
const WARM_UP = 40;
/** The API lets an agent ask a hundred times a second. */
const ASKS_EVERY_MS = 11;
const TURNS = 400;
const GROWTH_TARGET = 1.5;
/** Below this a ratio says more about the clock than about the database. */
const NOISE_MS = 5;

const { values: options } = parseArgs({
  options: {
    large: { type: 'boolean', default: false },
    database: { type: 'string' },
    conversations: { type: 'string' },
    turns: { type: 'string' },
    only: { type: 'string' },
    cold: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
  },
});
const turns = Number(options.turns ?? TURNS);
const seed = Number(options.seed);

interface Figure {
  p50: number;
  p95: number;
  p99: number;
  targetMs: number;
}

/**
 * Reads every table and index once, as `autoprewarm` does after a restart: it is a database in use that is measured, not one
 * whose rows nobody has read since they were loaded.
 */
async function warmUp(database: pg.Client): Promise<void> {
  await database.query('create extension if not exists pg_prewarm');
  await database.query(
    `select sum(pg_prewarm(c.oid::regclass, 'read')) from pg_class c
     where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'i', 'm')`,
  );
}

/** Asks every question many times, two agents at once, and keeps what it took. */
async function ask(databaseUrl: string): Promise<Map<string, Figure>> {
  const database = new pg.Client({ connectionString: databaseUrl });
  await database.connect();
  // An earlier run sealed a token there with a key of its own.
  await database.query(
    `update channels set access_token_sealed = null, app_secret_sealed = null where phone_number_id = $1`,
    [PHONE_NUMBER_ID],
  );
  if (!options.cold) await warmUp(database);
  const backend = await startBackend({ DATABASE_URL: databaseUrl });
  const getter = new Getter(backend.url);
  const figures = new Map<string, Figure>();
  try {
    const { rows } = await database.query<{ id: string }>(
      `select id from agents where role <> 'admin' order by role desc, id limit ${String(ASKERS)}`,
    );
    const tokens = await tokensOf(
      database,
      rows.map(({ id }) => id),
    );
    const mayAskAtMs = new Map<Asker, number>();
    const askers: Asker[] = rows.map(({ id }, index) => ({ id, token: tokens[index] ?? '' }));
    const head = await getter.get<{ cursor: string }>('/events', askers[0]?.token ?? '');
    const facts = await readFacts(database, head.body.cursor);
    for (const measure of measures(facts, seed)) {
      if (options.only && !measure.name.includes(options.only)) continue;
      const samples: number[] = [];
      const askInTurn = async (from: number): Promise<void> => {
        for (let turn = from; turn < turns + WARM_UP; turn += 2) {
          const asker = askers[turn % askers.length];
          if (!asker) throw new Error('nobody to ask');
          const startsAtMs = Math.max(nowMs(), mayAskAtMs.get(asker) ?? 0);
          mayAskAtMs.set(asker, startsAtMs + ASKS_EVERY_MS);
          await delay(Math.max(0, startsAtMs - nowMs()));
          const path = measure.path(asker, turn);
          const { status, ms } = await getter.get(path, asker.token);
          if (status !== 200) throw new Error(`${path} was answered ${String(status)}`);
          if (turn >= WARM_UP) samples.push(ms);
        }
      };
      await Promise.all([askInTurn(0), askInTurn(1)]);
      const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => round(percentile(samples, share)));
      const figure = { p50: p50 ?? 0, p95: p95 ?? 0, p99: p99 ?? 0, targetMs: measure.targetMs };
      figures.set(measure.name, figure);
      console.log(`${measure.name}: p50 ${String(p50)}, p95 ${String(p95)}, p99 ${String(p99)} ms`);
    }
  } finally {
    getter.close();
    await backend.stop();
    await database.end();
  }
  return figures;
}

const url = process.env['DATABASE_URL'] ?? '';
let small: Map<string, Figure> | null = null;
let large: Map<string, Figure>;
let size: number;
if (options.database) {
  size = Number.NaN;
  large = await ask(options.database);
} else {
  size = Number(options.conversations ?? (options.large ? LARGE : MIDDLING));
  await grow(url, growthPlan({ conversations: SMALL, seed }), { replace: true });
  small = await ask(url);
  await grow(url, growthPlan({ conversations: size, seed }), { replace: true });
  large = await ask(url);
}

const rows: Row[] = [...large].map(([measure, { p50, p95, p99, targetMs }]) => {
  const floor = small?.get(measure)?.p99;
  return {
    measure: `${measure} p99`,
    value: p99,
    unit: 'ms',
    p50,
    p95,
    ...(floor === undefined ? {} : { floor, ratio: round(p99 / floor) }),
    target: `< ${String(targetMs)} ms, ratio <= ${String(GROWTH_TARGET)}`,
  };
});
const missed = [...large].filter(([measure, { p99, targetMs }]) => {
  const floor = small?.get(measure)?.p99 ?? p99;
  return p99 > targetMs || (p99 > NOISE_MS && p99 / floor > GROWTH_TARGET);
});
rows.push({ measure: 'conversations', value: size, unit: '', floor: SMALL });
rows.push({ measure: 'measures that miss a target', value: missed.length, unit: '', target: '0' });
writeResults('growth', rows);
for (const [measure, { p99 }] of missed) console.log(`missed: ${measure}, p99 ${String(p99)} ms`);
