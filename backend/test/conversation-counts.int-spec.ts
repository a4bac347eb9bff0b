import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { AuthenticatedAgent } from '../src/common/access/authenticated-agent.js';
import { CountsFolder } from '../src/conversations/inbox/counts.folder.js';
import { InboxService } from '../src/conversations/inbox/inbox.service.js';
import { FirstConversationCounts1795310000012 } from '../src/database/migrations/1795310000012-first-conversation-counts.js';
import { ConversationsRig } from './support/conversations-rig.js';

const STATUSES = ['open', 'pending', 'snoozed', 'resolved'] as const;

describe('live counts', () => {
  let rig: ConversationsRig;
  let inbox: InboxService;
  let folder: CountsFolder;
  let teams: string[];
  let viewers: AuthenticatedAgent[];

  beforeAll(async () => {
    rig = await ConversationsRig.start();
    inbox = rig.testing.get(InboxService);
    folder = rig.testing.get(CountsFolder);
    teams = [await rig.team('Sales'), await rig.team('Support'), await rig.team('Returns')];
    const [sales = '', support = ''] = teams;
    viewers = [
      await rig.agent({ role: 'supervisor' }),
      await rig.agent(),
      await rig.agent({ teamIds: [sales] }),
      await rig.agent({ teamIds: [sales, support] }),
    ];
  });
  afterEach(() => rig.sql('truncate conversations, contacts cascade'));
  afterAll(() => rig.close());

  /** The same counts, by looking at every row. */
  async function looked(agent: AuthenticatedAgent): Promise<Record<string, unknown> | undefined> {
    const [row] = await rig.sql<Record<string, unknown>>(
      `select count(*) filter (where status = 'open' and assignee_id = $1) as "mine",
         count(*) filter (where status = 'open' and assignee_id = $1
           and c.inbound_count > coalesce(seen.inbound_number, c.case_inbound_base)) as "mineUnread",
         count(*) filter (where status = 'open' and assignee_id is null) as "unassigned",
         count(*) filter (where status = 'open') as "open", count(*) filter (where status = 'pending') as "pending",
         count(*) filter (where status = 'snoozed') as "snoozed",
         (select json_agg(json_build_object('id', t.id, 'name', t.name,
             'unassigned', (select count(*) from conversations o where o.team_id = t.id and o.merged_into_id is null
               and o.status = 'open' and o.assignee_id is null),
             'open', (select count(*) from conversations o where o.team_id = t.id and o.merged_into_id is null
               and o.status = 'open'),
             'pending', (select count(*) from conversations o where o.team_id = t.id and o.merged_into_id is null
               and o.status = 'pending'),
             'snoozed', (select count(*) from conversations o where o.team_id = t.id and o.merged_into_id is null
               and o.status = 'snoozed')) order by t.name) from teams t
           where $2 or t.id = any($3::uuid[])) as "teams"
       from conversations c left join read_cursors seen on seen.conversation_id = c.id and seen.agent_id = $1
       where merged_into_id is null and ($2 or team_id is null or team_id = any($3::uuid[]) or assignee_id = $1)`,
      [agent.id, agent.role !== 'agent', agent.teamIds],
    );
    return row;
  }

  async function expectExact(): Promise<void> {
    for (const viewer of viewers) {
      const { syncCursor, ...counts } = await inbox.counts(viewer);
      expect(syncCursor).not.toBe('');
      const seen = await looked(viewer);
      expect(counts).toEqual({ ...seen, teams: seen?.teams ?? [] });
    }
  }

  /** Moves a conversation to the place that `n` names, by one statement. */
  const move = (id: string, n: number): Promise<unknown> => {
    const status = STATUSES[n % 4] ?? 'open';
    const owner = status === 'pending' ? null : ([null, ...viewers.map((viewer) => viewer.id)][n % 5] ?? null);
    return rig.sql(
      `update conversations set status = $2, assignee_id = $3, team_id = $4,
         snoozed_until = case when $2 = 'snoozed' then now() + interval '1 day' end where id = $1`,
      [id, status, owner, [null, ...teams][n % 4] ?? null],
    );
  };

  it('are what looking at every row gives, for whoever asks, folded or not', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 24; n += 1) ids.push(await rig.conversation());
    for (const id of ids.slice(0, 12)) await rig.inbound(id);
    await expectExact();
    for (let n = 0; n < 60; n += 1) {
      await move(ids[(n * 7) % ids.length] ?? '', n * 11 + Math.floor(n / 5));
      if (n % 13 === 0) await folder.fold();
    }
    await expectExact();
    expect(await folder.fold()).toBeGreaterThan(0);
    expect(await folder.fold()).toBe(0);
    await expectExact();
    await rig.sql('update conversations set merged_into_id = $2 where id = $1', [ids[0], ids[1]]);
    await rig.sql('delete from conversations where id = any($1)', [ids.slice(4, 6)]);
    await expectExact();
  });

  it('stay exact while many write, others roll back and two instances fold', async () => {
    const ids = await Promise.all(Array.from({ length: 12 }, () => rig.conversation()));
    let isWriting = true;
    const folding = [0, 1].map(async () => {
      while (isWriting) await folder.fold();
    });
    await Promise.all(
      ids.map(async (id, index) => {
        for (let n = 0; n < 15; n += 1) {
          await move(id, n * 3 + index);
          await rig.database
            .transaction(async (tx) => {
              await tx.query(`update conversations set status = 'resolved', snoozed_until = null where id = $1`, [id]);
              throw new Error('not this one');
            })
            .catch(() => undefined);
        }
      }),
    );
    isWriting = false;
    await Promise.all(folding);
    await expectExact();
  });

  it('a new message notes nothing: it changes no count', async () => {
    const id = await rig.conversation();
    await folder.fold();
    await rig.inbound(id);
    expect(await rig.sql('select from conversation_count_steps')).toEqual([]);
  });

  it('are counted for the first time while others write', async () => {
    const ids = await Promise.all(Array.from({ length: 8 }, () => rig.conversation()));
    await folder.fold();
    // As an update finds it: the triggers have just begun to note.
    await rig.sql('delete from conversation_counts');
    await rig.sql('delete from conversation_count_steps');
    const writing = Promise.all(ids.map((id, n) => move(id, n)));
    const runner = { query: (text: string) => rig.sql(text) };
    await new FirstConversationCounts1795310000012().up(runner as never);
    await writing;
    await expectExact();
  });
});
