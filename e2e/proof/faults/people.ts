import type { Conversation } from '@parley/contract';
import type { Fault, Scene } from '../fault.ts';
import type { Correspondence } from '../ledger.ts';
import type { Person } from '../people.ts';
import { waitFor } from '../../topology/wait-for.ts';
import { Screen } from '../screen.ts';

const OK = 200;
const UNAUTHORISED = 401;
const CONFLICT = 409;
const BAD = 300;
const QUIET_AFTER_MS = 2_000;
const RACES_AT_ONCE = 3;
const SIGN_INS_AT_ONCE = 2;

/** Many agents claim the same threads at two instances, and people act on the same version of them. */
export const claimRaces: Fault = {
  id: 'F9',
  title: 'Claim races over two instances',
  target: 'one owner, one event and one line in the timeline each; of two who act on the same version one wins',
  asked: '10,000 threads, 10 to 50 agents, 3 instances. Fewer threads: `npm run bench` has raced 10,000',
  async run(scene) {
    const { rig, traffic, ledger, size } = scene;
    await traffic.begin(size(8, 600), { claims: false });
    const racers = [rig.admin, ...rig.agents];
    while (racers.length < size(6, 10)) racers.push(await rig.admin.colleague(`Racer-${rig.nextPhone()}`));
    const threads = [...ledger.correspondences];
    const races = async (): Promise<void> => {
      for (let one = threads.pop(); one; one = threads.pop()) await raceFor(scene, one, racers);
    };
    await Promise.all(Array.from({ length: RACES_AT_ONCE }, races));
    await oneLineEach(scene);
    for (const one of ledger.correspondences.slice(0, size(8, 200))) await actOnOneVersion(scene, one, racers);
    ledger.facts['claims'] = racers.length * ledger.correspondences.length;
  },
};

async function raceFor(
  { rig, ledger, random }: Scene,
  thread: Correspondence,
  racers: readonly Person[],
): Promise<void> {
  const { conversationId: id } = thread;
  const answers = await Promise.all(
    random.shuffled(racers).map(async (racer, index) => {
      const path = `/conversations/${id}/claim`;
      return { racer, ...(await racer.askOnce('POST', path, undefined, rig.instanceUrl(index))) };
    }),
  );
  const winners = answers.filter(({ status }) => status === OK);
  thread.ownerId = winners[0]?.racer.id ?? null;
  if (winners.length !== 1) ledger.blame('owned twice', `${id} was claimed by ${String(winners.length)} agents`);
  for (const { status } of answers)
    if (status !== OK && status !== CONFLICT) ledger.blame('bad answer', `a claim was answered with ${String(status)}`);
  const [row] = await rig.sql<{ owner: string }>('select assignee_id as owner from conversations where id = $1', [id]);
  if (winners.length === 1 && row?.owner !== winners[0]!.racer.id)
    ledger.blame('owned twice', `${id} belongs to another than the one who was told so`);
}

async function oneLineEach({ rig, ledger }: Scene): Promise<void> {
  const ids = ledger.conversationIds;
  for (const from of [
    `timeline_entries where kind in ('claimed', 'taken_over')`,
    'events where assignee_before is null and assignee_after is not null',
  ]) {
    const single = await rig.count(
      `(select conversation_id from ${from} and conversation_id = any($1) group by 1 having count(*) = 1) one`,
      [ids],
    );
    if (single !== ids.length)
      ledger.blame('owned twice', `${String(ids.length - single)} threads have not exactly one claim in ${from}`);
  }
}

/** Two programs assign the same version of a thread to two other agents, at two instances. */
async function actOnOneVersion(
  { rig, ledger, random }: Scene,
  thread: Correspondence,
  people: readonly Person[],
): Promise<void> {
  const { conversationId: id } = thread;
  const { body } = await rig.admin.ask<Conversation>('GET', `/conversations/${id}`);
  const others = random.shuffled(people.filter((person) => person.id !== body.assignee?.id)).slice(0, 2);
  const answers = await Promise.all(
    others.map(({ id: agentId }, index) => {
      const request = { agentId, expectedVersion: body.version };
      return rig.admin.askOnce('POST', `/conversations/${id}/assign`, request, rig.instanceUrl(index));
    }),
  );
  const won = others.filter((_, index) => answers[index]?.status === OK);
  if (won.length === 1) thread.ownerId = won[0]!.id;
  else
    ledger.blame('owned twice', `${String(won.length)} of two who acted on one version of ${id} were told it is done`);
}

/** Agents lose their right while the stream runs: nothing more for them, at once in the API and within 2 s on sockets. */
export const revokedAgents: Fault = {
  id: 'F14',
  title: 'Agents are revoked: switched off, given another role, their password reset, signed out',
  target: 'no event after 2 s; the API refuses at once',
  asked: '500 sockets',
  async run(scene) {
    const { rig, traffic, ledger, size, random } = scene;
    await traffic.begin(size(4, 20));
    const leavers: Person[] = [];
    const newcomers = async (share: number): Promise<void> => {
      for (let nth = share; nth < size(8, 100); nth += SIGN_INS_AT_ONCE)
        leavers.push(await rig.admin.colleague(`Leaver-${rig.nextPhone()}`));
    };
    await Promise.all(Array.from({ length: SIGN_INS_AT_ONCE }, (_, share) => newcomers(share)));
    const screens = await Promise.all(
      Array.from({ length: leavers.length * size(1, 5) }, (_, index) =>
        Screen.open(rig.instanceUrl(index), leavers[index % leavers.length]!),
      ),
    );
    await waitFor(() => screens.every(({ isLive }) => isLive), 'the sockets');
    await traffic.while(async () => {
      for (const [index, person] of leavers.entries()) await revoke(scene, person, WAYS[index % WAYS.length]!);
      const sinceMs = performance.now();
      await waitFor(() => performance.now() - sinceMs > QUIET_AFTER_MS, 'two seconds to pass');
      const before = screens.map(({ received }) => received);
      const [news] = await traffic.write([random.pick(ledger.correspondences)], 1);
      await waitFor(() => rig.screens.every(({ wamids }) => wamids.has(news!.wamid)), 'a message on all other screens');
      for (const [index, screen] of screens.entries())
        if (screen.received !== before[index]) ledger.blame('leaked', `${screen.person.email} still gets events`);
    });
    for (const screen of screens) screen.close();
    ledger.facts['agents revoked'] = leavers.length;
    ledger.facts['sockets revoked'] = screens.length;
  },
};

const WAYS = [
  { active: false },
  { role: 'supervisor' },
  { password: 'another long enough password' },
  'signs out',
] as const;

async function revoke({ rig, ledger }: Scene, person: Person, way: (typeof WAYS)[number]): Promise<void> {
  const { status } =
    way === 'signs out' ? await person.signOut() : await rig.admin.ask('PATCH', `/agents/${person.id}`, way);
  if (status >= BAD) ledger.blame('bad answer', `a revocation was answered with ${String(status)}`);
  for (let index = 0; index < rig.topology.instancePorts.length; index += 1) {
    const after = await person.askOnce('GET', '/agents/me', undefined, rig.instanceUrl(index));
    if (after.status !== UNAUTHORISED)
      ledger.blame('leaked', `after ${JSON.stringify(way)} ${person.email} still gets ${String(after.status)}`);
  }
}
