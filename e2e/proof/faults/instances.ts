import type { Fault, Scene } from '../fault.ts';
import { waitFor } from '../../topology/wait-for.ts';
import { Screen } from '../screen.ts';

const SHUTDOWN_TARGET_SECONDS = 30;
const DELIVERY_LEASE_SECONDS = 4;
/** The lease that died with its instance, and the work. */
const REDONE_TARGET_SECONDS = 5;
const MS = 1_000;
const SECONDS_PER_MINUTE = 60;
const ABSENCE_MINUTES = 1;
const ABANDONED = 20;
const RELEASE_TOLERANCE_SECONDS = 15;
const BAD = 300;
const BACK_TARGET_SECONDS = 5;

/** Kills at random, and again and again with a batch leased and not committed. */
export const killedInstances: Fault = {
  id: 'F1',
  title: 'Instances are killed (SIGKILL) at random and in the middle of a batch',
  target: 'what was half done is done within a lease (3 s)',
  asked: '100,000 items, 20 kills. Fewer items: the same number of kills falls into denser traffic',
  async run({ rig, traffic, ledger, random, size, recovers, doorToScreen }) {
    await traffic.begin(size(8, 200));
    const kills = size(2, 20);
    const halfDone = size(1, 3);
    await traffic.while(
      async () => {
        for (let kill = 0; kill < kills; kill += 1) {
          const before = (await rig.count('webhook_deliveries')) + random.below(10);
          await waitFor(async () => (await rig.count('webhook_deliveries')) > before, 'traffic');
          await rig.killAndRestart(random.below(2));
        }
      },
      { least: kills * size(60, 600), perTurn: size(4, 30) },
    );
    for (let time = 0; time < halfDone; time += 1) {
      const [first] = ledger.correspondences;
      const letGo = await rig.holdThread(first!.conversationId);
      const held = await traffic.writeInHaste(first!);
      await waitFor(() => rig.isBatchHeldUp(), 'a batch');
      await Promise.all([rig.topology.killInstance(0), rig.topology.killInstance(1)]);
      await letGo();
      if (rig.options.hurriesClock) await rig.putClockForward(DELIVERY_LEASE_SECONDS);
      await Promise.all([rig.topology.startInstance(0), rig.topology.startInstance(1)]);
      await recovers('a batch that died half done, on every screen', REDONE_TARGET_SECONDS, () =>
        rig.screens.every(({ wamids }) => held.every(({ wamid }) => wamids.has(wamid))),
      );
      await recovers('a new message on every screen after both instances died', BACK_TARGET_SECONDS, doorToScreen);
    }
    ledger.facts['kills'] = kills + halfDone * 2;
  },
};

/** Whoever drops comes back to what is theirs; whoever stays away loses it, by the workspace's rule, and nobody else does. */
export const droppedAgents: Fault = {
  id: 'F10',
  title: 'Agents drop: their sockets are cut, their instance is killed; one stays away (full profile)',
  target: '0 wrong releases; what waits for who is gone is free after the minutes of the rule, within 15 s',
  asked: '500 drops',
  async run(scene) {
    const { rig, traffic, ledger, size, recovers, doorToScreen } = scene;
    await traffic.begin(size(4, 40));
    const drops = size(3, 60);
    const rule = size(0, ABSENCE_MINUTES);
    if (rule > 0) await rig.admin.ask('PATCH', '/workspace', { releaseAfterMinutes: rule });
    await traffic.while(async () => {
      for (let drop = 0; drop < drops; drop += 1) {
        for (const screen of rig.screens) screen.dropLine();
        await recovers('every screen live after its line was cut', BACK_TARGET_SECONDS, () =>
          rig.screens.every(({ isLive }) => isLive),
        );
      }
      for (const index of [0, 1].slice(0, size(1, 2))) {
        await rig.topology.killInstance(index);
        await recovers('every screen live at the other instance', BACK_TARGET_SECONDS, () =>
          rig.screens.every(({ isLive }) => isLive),
        );
        await rig.topology.startInstance(index);
      }
    });
    await recovers('a new message on every screen', BACK_TARGET_SECONDS, doorToScreen);
    const stayers = ledger.conversationIds;
    if (rule > 0) await stayAway(scene, rule);
    const released = await rig.count(
      `timeline_entries where conversation_id = any($1) and kind in ('released', 'assigned')`,
      [stayers],
    );
    if (released > 0) ledger.blame('owned twice', `${String(released)} threads changed hands by themselves`);
    ledger.facts['lines cut'] = drops * rig.screens.length;
    ledger.facts['kills'] = size(1, 2);
  },
};

/**
 * An agent with waiting customers leaves for good. Half of the threads a colleague takes over in time: those stay the
 * colleague's. The others are in the queue again when the rule's minutes are over, neither much earlier nor later.
 */
async function stayAway({ rig, traffic, ledger, took }: Scene, minutes: number): Promise<void> {
  const leaver = await rig.admin.colleague(`Leaver-${rig.nextPhone()}`);
  const screen = await Screen.open(rig.instanceUrl(0), leaver);
  await waitFor(() => screen.isLive, 'who will leave');
  const before = ledger.correspondences.length;
  await traffic.begin(ABANDONED, { claims: false });
  const threads = ledger.correspondences.slice(before);
  for (const { conversationId } of threads) await leaver.ask('POST', `/conversations/${conversationId}/claim`);
  await traffic.write(threads, 1); // they wait
  // So that the leaver has been seen: the rounds that note who is here come every few seconds.
  await waitFor(async () => (await rig.count('agent_presence where agent_id = $1', [leaver.id])) > 0, 'being seen');
  screen.close();
  const leftAtMs = performance.now();
  const [colleague] = rig.agents;
  const taken = threads.filter((_, index) => index % 2 === 0);
  for (const thread of taken) {
    const path = `/conversations/${thread.conversationId}/assign`;
    const { status } = await rig.admin.ask('POST', path, { agentId: colleague!.id });
    if (status >= BAD) ledger.blame('bad answer', `taking over got ${String(status)}`);
  }
  const abandoned = threads.filter((_, index) => index % 2 === 1).map(({ conversationId }) => conversationId);
  const free = `conversations where id = any($1) and assignee_id is null`;
  await waitFor(async () => (await rig.count(free, [abandoned])) > 0, 'the first release');
  const earlySeconds = minutes * SECONDS_PER_MINUTE - (performance.now() - leftAtMs) / MS;
  if (earlySeconds > RELEASE_TOLERANCE_SECONDS)
    ledger.blame(
      'owned twice',
      `an absent agent's thread was released ${String(Math.round(earlySeconds))} s too early`,
    );
  await waitFor(async () => (await rig.count(free, [abandoned])) === abandoned.length, 'the releases');
  const targetSeconds = minutes * SECONDS_PER_MINUTE + RELEASE_TOLERANCE_SECONDS;
  took('what an absent agent left is free', targetSeconds, performance.now() - leftAtMs);
  const kept = await rig.count(`conversations where id = any($1) and assignee_id = $2`, [
    taken.map(({ conversationId }) => conversationId),
    colleague!.id,
  ]);
  if (kept !== taken.length)
    ledger.blame('owned twice', `${String(taken.length - kept)} threads that a colleague took were released`);
  await rig.admin.ask('PATCH', '/workspace', { releaseAfterMinutes: null });
  ledger.facts['threads left behind'] = threads.length;
}

/** Each instance is stopped as an upgrade stops it, and started again, under load. */
export const rollingRestart: Fault = {
  id: 'F15',
  title: 'Rolling restart under load',
  target: 'each instance ends in order within 30 s; no 5xx that a repetition does not take away',
  asked: '50,000 items. Fewer: every instance is stopped several times while all of them come in',
  async run({ rig, traffic, ledger, size, recovers }) {
    await traffic.begin(size(6, 100));
    for (const person of [rig.admin, ...rig.agents]) person.refused.length = 0;
    const stops = size(1, 3) * 2;
    await traffic.while(
      async () => {
        for (let turn = 0; turn < stops; turn += 1) {
          let code: number | null = null;
          await recovers('an instance has stopped', SHUTDOWN_TARGET_SECONDS, async () => {
            code = (await rig.topology.stopInstance(turn % 2))?.code ?? null;
            return true;
          });
          if (code !== 0) ledger.blame('bad answer', `an instance ended with ${String(code)}`);
          await rig.topology.startInstance(turn % 2);
        }
      },
      { least: size(60, 8_000), perTurn: size(4, 30) },
    );
    const refused = [rig.admin, ...rig.agents].flatMap((person) => person.refused);
    ledger.facts['stops'] = stops;
    ledger.facts['requests repeated'] = refused.length;
  },
};
