import { createHmac, randomUUID } from 'node:crypto';
import type pg from 'pg';
import { JWT_SECRET } from './instance.ts';

/** Longer than any benchmark; the instance only believes it because it shares the secret of this run. */
const TOKEN_SECONDS = 6 * 3_600;
const ISSUER = 'parley';
const AUDIENCE = 'parley-console';

/**
 * Access tokens of many agents without signing in a thousand times (a password costs 30 ms by design): a session row for
 * each, and a token signed as the instance signs.
 */
export async function tokensOf(database: pg.Client, agentIds: readonly string[]): Promise<string[]> {
  const sessionIds = agentIds.map(() => randomUUID());
  await database.query(
    `insert into sessions (id, agent_id, expires_at)
     select s.id, s.agent_id, now() + interval '1 day' from unnest($1::uuid[], $2::uuid[]) as s (id, agent_id)`,
    [sessionIds, agentIds],
  );
  return agentIds.map((agentId, index) => sign({ sub: agentId, sid: sessionIds[index], typ: 'access' }));
}

/** Agents that nobody has to sign in as, and their tokens. */
export async function makeAgents(database: pg.Client, count: number): Promise<{ id: string; token: string }[]> {
  const ids = Array.from({ length: count }, () => randomUUID());
  await database.query(
    `insert into agents (id, name, email, role, password_hash)
     select id, 'Agent ' || n, id || '@bench.example', 'agent', 'none' from unnest($1::uuid[]) with ordinality as a (id, n)`,
    [ids],
  );
  const tokens = await tokensOf(database, ids);
  return ids.map((id, index) => ({ id, token: tokens[index] ?? '' }));
}

function sign(claims: object): string {
  const seconds = Math.floor(Date.now() / 1_000);
  const whole = { ...claims, iat: seconds, exp: seconds + TOKEN_SECONDS, iss: ISSUER, aud: AUDIENCE };
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(whole)}`;
  return `${text}.${createHmac('sha256', JWT_SECRET).update(text).digest('base64url')}`;
}
