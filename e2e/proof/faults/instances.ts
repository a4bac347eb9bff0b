import type { Fault } from '../fault.ts';
import { waitFor } from '../rig.ts';

const SHUTDOWN_TARGET_SECONDS = 30;
const DELIVERY_LEASE_SECONDS = 11;
const BACK_TARGET_SECONDS = 15;

/** Kills at random, and once with a batch leased and not committed. */
export const killedInstances: Fault = {
  id: 'F1',
  title: 'Instances are killed (SIGKILL) at random and in the middle of a batch',
  target: 'what was half done is done within a lease (10 s)',
  async run({ rig, traffic, ledger, random, size, recovers, doorToScreen }) {
    await traffic.begin(size(8, 40));
    const kills = size(2, 20);
    await traffic.while(
      async () => {
        for (let kill = 0; kill < kills; kill += 1) {
          const before = (await rig.count('webhook_deliveries')) + random.below(10);
          await waitFor(async () => (await rig.count('webhook_deliveries')) > before, 'traffic');
          await rig.killAndRestart(random.below(2));
        }
      },
      { least: kills * size(60, 400), perTurn: size(4, 30) },
    );
    const [first] = ledger.correspondences;
    const letGo = await rig.holdThread(first!.conversationId);
    await traffic.write([first!], 1);
    await waitFor(() => rig.isBatchHeldUp(), 'a batch');
    await Promise.all([rig.topology.killInstance(0), rig.topology.killInstance(1)]);
    await letGo();
    if (rig.options.hurriesClock) await rig.putClockForward(DELIVERY_LEASE_SECONDS);
    await Promise.all([rig.topology.startInstance(0), rig.topology.startInstance(1)]);
    await recovers('a new message on every screen after both instances died', BACK_TARGET_SECONDS, doorToScreen);
    ledger.facts['kills'] = kills + 2;
  },
};

/** Whoever drops comes back to what is theirs: nothing is released by a drop, nothing is missed. */
export const droppedAgents: Fault = {
  id: 'F10',
  title: 'Agents drop: their sockets are cut, their instance is killed',
  target: '0 wrong releases; nothing missed on return',
  async run({ rig, traffic, ledger, size, recovers, doorToScreen }) {
    await traffic.begin(size(4, 20));
    const drops = size(3, 50);
    await traffic.while(async () => {
      for (let drop = 0; drop < drops; drop += 1) {
        for (const screen of rig.screens) screen.dropLine();
        await waitFor(() => rig.screens.every(({ isLive }) => isLive), 'the screens');
      }
      await rig.topology.killInstance(0);
      await waitFor(() => rig.screens.every(({ isLive }) => isLive), 'the screens at the other instance');
      await rig.topology.startInstance(0);
    });
    await recovers('a new message on every screen', BACK_TARGET_SECONDS, doorToScreen);
    const released = await rig.count(
      `timeline_entries where conversation_id = any($1) and kind in ('released', 'assigned')`,
      [ledger.conversationIds],
    );
    if (released > 0) ledger.blame('owned twice', `${String(released)} threads changed hands by themselves`);
    ledger.facts['lines cut'] = drops * rig.screens.length;
  },
};

/** Each instance is stopped as an upgrade stops it, and started again, under load. */
export const rollingRestart: Fault = {
  id: 'F15',
  title: 'Rolling restart under load',
  target: 'each instance ends in order within 30 s; no 5xx that a repetition does not take away',
  async run({ rig, traffic, ledger, size, recovers }) {
    await traffic.begin(size(6, 30));
    for (const person of [rig.admin, ...rig.agents]) person.refused.length = 0;
    await traffic.while(
      async () => {
        for (let turn = 0; turn < size(1, 3) * 2; turn += 1) {
          let code: number | null = null;
          await recovers(`instance ${String(turn % 2)} has stopped`, SHUTDOWN_TARGET_SECONDS, async () => {
            code = (await rig.topology.stopInstance(turn % 2))?.code ?? null;
            return true;
          });
          if (code !== 0) ledger.blame('bad answer', `an instance ended with ${String(code)}`);
          await rig.topology.startInstance(turn % 2);
        }
      },
      { least: size(60, 4_000), perTurn: size(4, 30) },
    );
    const refused = [rig.admin, ...rig.agents].flatMap((person) => person.refused);
    ledger.facts['requests repeated'] = refused.length;
  },
};
