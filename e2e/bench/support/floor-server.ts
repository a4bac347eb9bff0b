import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';

/**
 * The floor of the door: a bare `node:http` server that checks the same HMAC and stores the bytes with the same grouped
 * INSERT, and does nothing else.
 */
const GROUPS_IN_FLIGHT = 1;
const secret = process.env['FLOOR_SECRET'] ?? '';
const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'], max: GROUPS_IN_FLIGHT });
await pool.query(
  `create table if not exists bench_floor (id bigint generated always as identity primary key,
     received_at timestamptz not null default now(), body_hash bytea not null unique, body bytea not null)`,
);

interface Waiting {
  hash: Buffer;
  body: Buffer;
  answer(status: number): void;
}
let waiting: Waiting[] = [];
let inFlight = 0;

async function drain(): Promise<void> {
  if (inFlight >= GROUPS_IN_FLIGHT || waiting.length === 0) return;
  const group = waiting.sort((left, right) => left.hash.compare(right.hash));
  waiting = [];
  inFlight += 1;
  try {
    await pool.query({
      name: 'store',
      text: `insert into bench_floor (body_hash, body) select * from unnest($1::bytea[], $2::bytea[]) on conflict do nothing`,
      values: [group.map(({ hash }) => hash), group.map(({ body }) => body)],
    });
    for (const { answer } of group) answer(200);
  } catch {
    for (const { answer } of group) answer(503);
  } finally {
    inFlight -= 1;
    void drain();
  }
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks);
    const expected = createHmac('sha256', secret).update(body).digest();
    const given = Buffer.from(String(request.headers['x-hub-signature-256']).slice('sha256='.length), 'hex');
    const answer = (status: number): void => {
      response.writeHead(status, { 'content-length': '0' }).end();
    };
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return answer(401);
    waiting.push({ hash: createHash('sha256').update(body).digest(), body, answer });
    void drain();
  });
});
server.listen(0, '127.0.0.1', () => {
  process.send?.({ ready: true, url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}` });
});
process.once('SIGTERM', () => process.exit(0));
process.once('disconnect', () => process.exit(0));
