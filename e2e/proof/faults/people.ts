import type { Conversation } from '@parley/contract';
import type { Fault, Scene } from '../fault.ts';
import type { Person } from '../people.ts';
import { waitFor } from '../rig.ts';
import { Screen } from '../screen.ts';

const OK = 200;
const UNAUTHORISED = 401;
const CONFLICT = 409;
const QUIET_AFTER_MS = 2_000;

/** Many agents claim the same threads at two instances, and people act on the same version of them. */
export const claimRaces: Fault = {
  id: 'F9',
  title: 'Claim races over two instances',
  target: 'one owner, one event and one line in the timeline each; of two who act on the same version one wins',
  async run(scene) {
    const { rig, traffic, ledger, size } = scene;
    await traffic.begin(size(8, 200), { claims: false });
    const racers = [rig.admin, ...rig.agents];
    while (racers.length < size(6, 20)) racers.push(await rig.admin.colleague(`Racer-${rig.nextPhone()}`));
    for (const { conversationId } of ledger.correspondences) await raceFor(scene, conversationId, racers);
    await oneLineEach(scene);
    for (const { conversationId } of ledger.correspondences) await actOnOneVersion(scene, conversationId, racers);
    ledger.facts['claims'] = racers.length * ledger.correspondences.length;
  },
};

async function raceFor({ rig, ledger, random }: Scene, id: string, racers: readonly Person[]): Promise<void> {
  const answers = await Promise.all(
    random.shuffled(racers).map(async (racer, index) => {
      const path = `/conversations/${id}/claim`;
      return { racer, ...(await racer.askOnce('POST', path, undefined, rig.instanceUrl(index))) };
    }),
  );
  const winners = answers.filter(({ status }) => status === OK);
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
async function actOnOneVersion({ rig, ledger, random }: Scene, id: string, people: readonly Person[]): Promise<void> {
  const { body } = await rig.admin.ask<Conversation>('GET', `/conversations/${id}`);
  const others = random.shuffled(people.filter((person) => person.id !== body.assignee?.id)).slice(0, 2);
  const answers = await Promise.all(
    others.map(({ id: agentId }, index) => {
      const request = { agentId, expectedVersion: body.version };
      return rig.admin.askOnce('POST', `/conversations/${id}/assign`, request, rig.instanceUrl(index));
    }),
  );
  const won = answers.filter(({ status }) => status === OK).length;
  if (won !== 1)
    ledger.blame('owned twice', `${String(won)} of two who acted on one version of ${id} were told it is done`);
}

/** Agents lose their right while the stream runs: nothing more for them, at once in the API and within 2 s on sockets. */
export const revokedAgents: Fault = {
  id: 'F14',
  title: 'Agents are revoked: switched off, given another role, their password reset',
  target: 'no event after 2 s; the API refuses at once',
  async run(scene) {
    const { rig, traffic, ledger, size, random } = scene;
    await traffic.begin(size(4, 20));
    const screens: Screen[] = [];
    for (let index = 0; index < size(6, 60); index += 1) {
      const person = await rig.admin.colleague(`Leaver-${rig.nextPhone()}`);
      screens.push(await Screen.open(rig.instanceUrl(index), person));
    }
    await waitFor(() => screens.every(({ isLive }) => isLive), 'the sockets');
    await traffic.while(async () => {
      for (const screen of screens) await revoke(scene, screen);
      const sinceMs = performance.now();
      await waitFor(() => performance.now() - sinceMs > QUIET_AFTER_MS, 'two seconds to pass');
      const before = screens.map(({ received }) => received);
      const [news] = await traffic.write([random.pick(ledger.correspondences)], 1);
      await waitFor(() => rig.screens.every(({ wamids }) => wamids.has(news!.wamid)), 'a message on all other screens');
      for (const [index, screen] of screens.entries())
        if (screen.received !== before[index]) ledger.blame('leaked', `${screen.person.email} still gets events`);
    });
    for (const screen of screens) screen.close();
    ledger.facts['sockets revoked'] = screens.length;
  },
};

async function revoke({ rig, ledger, random }: Scene, { person }: Screen): Promise<void> {
  const change = random.pick([{ active: false }, { role: 'supervisor' }, { password: 'another long enough password' }]);
  const { status } = await rig.admin.ask('PATCH', `/agents/${person.id}`, change);
  if (status !== OK) ledger.blame('bad answer', `a revocation was answered with ${String(status)}`);
  for (let index = 0; index < rig.topology.instancePorts.length; index += 1) {
    const after = await person.askOnce('GET', '/agents/me', undefined, rig.instanceUrl(index));
    if (after.status !== UNAUTHORISED)
      ledger.blame('leaked', `after ${JSON.stringify(change)} ${person.email} still gets ${String(after.status)}`);
  }
}
