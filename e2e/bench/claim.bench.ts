import type { Problem } from '@parley/contract';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { call, conversationIds, signInAgents } from './support/api.ts';
import { startBackend } from './support/instance.ts';
import { postAll } from './support/raw-client.ts';
import { latencyRows, nowMs, round, type Row, writeResults } from './support/results.ts';
import { bodyOf, requestOf } from './support/webhooks.ts';

/** Ten agents reach for the same conversation at once, ten thousand times. */
const AGENTS = 10;
const RACES = 10_000;
const MESSAGES_PER_BODY = 200;
const RACES_AT_ONCE = 4;
/** The API's own limit is a hundred requests a second for each agent; the races keep below it. */
const PACE_MS = (1_000 / 90) * RACES_AT_ONCE;

const backend = await startBackend();
const agents = await signInAgents(backend.url, AGENTS);
const [first] = agents;
if (!first) throw new Error('no agents');

const bodies = Array.from({ length: RACES / MESSAGES_PER_BODY }, (_, body) =>
  requestOf(
    bodyOf(
      Array.from({ length: MESSAGES_PER_BODY }, (_unused, index) => {
        const customer = body * MESSAGES_PER_BODY + index;
        return { customer, wamid: `wamid.claim.${String(customer)}`, text: 'Hello' };
      }),
    ),
  ),
);
await postAll(backend.url, bodies, 4);

const database = new pg.Client({ connectionString: process.env['DATABASE_URL'] });
await database.connect();
let ids: string[] = [];
while (ids.length < RACES) {
  await delay(250);
  const { rows } = await database.query<{ count: number }>('select count(*)::int as count from conversations');
  if ((rows[0]?.count ?? 0) >= RACES) ids = await conversationIds(backend.url, first.token);
}

const latencies: number[] = [];
let wrong = 0;
async function race(id: string): Promise<void> {
  const answers = await Promise.all(
    agents.map(async ({ token }) => {
      const startedAt = nowMs();
      const answer = await call<Problem>(backend.url, token, 'POST', `/conversations/${id}/claim`);
      latencies.push(nowMs() - startedAt);
      return answer;
    }),
  );
  const winners = answers.filter(({ status }) => status === 200).length;
  const told = answers.filter(({ body }) => body.code === 'conversation.already_claimed').length;
  if (winners !== 1 || told !== AGENTS - 1) wrong += 1;
}

const startedAt = nowMs();
for (let index = 0; index < ids.length; index += RACES_AT_ONCE) {
  await Promise.all([...ids.slice(index, index + RACES_AT_ONCE).map(race), delay(PACE_MS)]);
}
const seconds = (nowMs() - startedAt) / 1_000;

const { rows: doubles } = await database.query<{ count: number }>(
  `select count(*)::int as count from (
     select conversation_id from timeline_entries where kind = 'claimed' group by 1 having count(*) <> 1) as doubled`,
);
await database.end();
await backend.stop();

const rows: Row[] = [
  ...latencyRows(`claim, ${String(AGENTS)} at once`, latencies),
  { measure: 'races', value: ids.length, unit: '' },
  { measure: 'races without exactly one winner', value: wrong, unit: '', target: '0' },
  { measure: 'conversations without exactly one claim line', value: doubles[0]?.count ?? -1, unit: '', target: '0' },
  { measure: 'claims judged', value: round(latencies.length / seconds), unit: '/s' },
];
writeResults('claim', rows);
if (wrong > 0 || doubles[0]?.count !== 0) process.exitCode = 1;
