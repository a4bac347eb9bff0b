import type pg from 'pg';
import type { GrowthPlan, Population } from './plan.ts';

/** Number of the first channel; the others count on. A benchmark's backend takes this one as its own. */
export const FIRST_PHONE_NUMBER_ID = '274119865530142';

/** Agents (who cannot sign in until an admin gives them a password), teams and numbers. */
export async function insertPopulation(client: pg.Client, plan: GrowthPlan, people: Population): Promise<void> {
  const { agents, teamIds, channelIds } = people;
  await client.query(
    `insert into teams (id, name) select id, 'Team ' || n from unnest($1::uuid[]) with ordinality as t (id, n)`,
    [teamIds],
  );
  await client.query(
    `insert into agents (id, name, email, role, password_hash)
     select id, name, 'agent' || n || '@growth.example', case when n = 1 then 'supervisor' else 'agent' end, 'none'
     from unnest($1::uuid[], $2::text[]) with ordinality as t (id, name, n)`,
    [agents.map(({ id }) => id), agents.map(({ name }) => name)],
  );
  const members = agents.flatMap((agent) => agent.teamIds.map((teamId) => [teamId, agent.id]));
  await client.query('insert into team_members select * from unnest($1::uuid[], $2::uuid[])', [
    members.map(([teamId]) => teamId),
    members.map(([, agentId]) => agentId),
  ]);
  await client.query(
    `insert into channels (id, name, phone_number_id, display_phone_number, business_account_id, portfolio_id)
     select id, 'Number ' || n, ($2::bigint + n - 1)::text, (12025550100 + n)::text, 'growth', 'growth'
     from unnest($1::uuid[]) with ordinality as t (id, n)`,
    [channelIds, FIRST_PHONE_NUMBER_ID],
  );
}

/** The week that the log holds, as many transactions wrote it: an event for each message, and its thread's change. */
export async function insertEvents(client: pg.Client, onProgress: (done: number) => void): Promise<number> {
  const { rows } = await client.query<{ from: Date; to: Date }>(
    `select max(last_activity_at) - interval '7 days' as from, max(last_activity_at) as to from conversations`,
  );
  const [bounds] = rows;
  if (!bounds) return 0;
  const STEPS = 7 * 24;
  const stepMs = (bounds.to.getTime() - bounds.from.getTime()) / STEPS;
  let written = 0;
  for (let step = 0; step < STEPS; step += 1) {
    const since = bounds.from.getTime() + step * stepMs;
    // A statement, and with it a transaction, for each hour.
    const result = await client.query(
      `insert into events (type, conversation_id, message_id, team_before, team_after, assignee_before, assignee_after,
         created_at)
       select kind.type, c.id, kind.message_id, c.team_id, c.team_id, c.assignee_id, c.assignee_id, c.last_activity_at
       from conversations c
       cross join lateral (values ('message.created', c.last_message_id), ('conversation.updated', null)) kind (type, message_id)
       where c.last_activity_at > $1 and c.last_activity_at <= $2
       order by c.last_activity_at, c.id`,
      [new Date(since), new Date(since + stepMs)],
    );
    written += result.rowCount ?? 0;
    onProgress(written);
  }
  return written;
}
