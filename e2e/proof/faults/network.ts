import type { Fault, Scene } from '../fault.ts';
import { waitFor } from '../rig.ts';
import { Screen } from '../screen.ts';

const SILENCE_MS = 2_000;
const RESYNC_TARGET_MS = 2_000;
const RESYNC_TARGET_SECONDS = 2;
const LATE_COMMITS = 3;
const LATE_MS = 1_500;

/** Lines are cut, the network is silent, the gateway restarts, an instance dies: whoever was away misses nothing. */
export const brokenNetwork: Fault = {
  id: 'F11',
  title: 'Networks are cut and silent, repeatedly; the gateway restarts; an instance dies',
  target: '0 events missed after resume; p99 of a resume below 2 s',
  async run(scene) {
    const { rig, traffic, ledger, random, size, recovers } = scene;
    const people = [rig.admin, ...rig.agents];
    const crowd = await Promise.all(
      Array.from({ length: size(8, 200) }, (_, index) => Screen.open(rig.topology.url, people[index % people.length]!)),
    );
    const everybody = [...rig.screens, ...crowd];
    const isBack = (): boolean => everybody.every(({ isLive }) => isLive);
    await waitFor(isBack, 'the crowd');
    for (const screen of everybody) screen.resyncMs.length = 0;
    await traffic.begin(size(6, 40));
    await commitOutOfOrder(scene);
    await traffic.while(
      async () => {
        for (let time = 0; time < size(1, 5); time += 1) {
          for (const screen of crowd) if (random.chance(0.5)) screen.dropLine();
          await waitFor(isBack, 'the screens after a cut');
          await silenceGateway(scene);
          await waitFor(isBack, 'the screens after the silence');
          await rig.topology.nginx.stop();
          await rig.topology.startNginx();
          await recovers('every socket live after the gateway’s restart', RESYNC_TARGET_SECONDS, isBack);
          await rig.killAndRestart(random.below(2));
          await waitFor(isBack, 'the screens after a death');
        }
      },
      { least: size(60, 4_000), perTurn: size(4, 20) },
    );
    const [news] = await traffic.write(ledger.correspondences.slice(0, 1), 1);
    await waitFor(() => everybody.every(({ wamids }) => wamids.has(news!.wamid)), 'a message on every screen');
    judgeCrowd(scene, crowd);
    for (const screen of crowd) screen.close();
  },
};

/** Nothing is closed, nothing is answered: packets get lost. */
async function silenceGateway({ rig }: Scene): Promise<void> {
  const pids = await rig.gatewayPids();
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  const sinceMs = performance.now();
  await waitFor(() => performance.now() - sinceMs > SILENCE_MS, 'the silence to end');
  for (const pid of pids) process.kill(pid, 'SIGCONT');
}

/**
 * A transaction that began earlier commits later: a batch waits for a row while a reply in another thread commits. Who
 * reads the log by the order of its ids alone reads past the batch and never learns of it.
 */
async function commitOutOfOrder({ rig, traffic, ledger }: Scene): Promise<void> {
  const [held, ...others] = ledger.correspondences;
  for (const other of others.slice(0, LATE_COMMITS)) {
    const letGo = await rig.holdThread(held!.conversationId);
    await traffic.write([held!], 1);
    await waitFor(() => rig.isBatchHeldUp(), 'a batch');
    await traffic.reply(other);
    const id = other.replies.at(-1)?.messageId ?? '';
    // The horizon keeps the reply back until the batch has committed, as it should: then this runs its time.
    await waitFor(() => rig.screens.some(({ messages }) => messages.has(id)), 'the reply', LATE_MS).catch(
      () => undefined,
    );
    await letGo();
  }
}

/** What one of the rig's own screens holds (the oracle compares those with the database), each of the crowd holds. */
function judgeCrowd({ rig, ledger }: Scene, crowd: readonly Screen[]): void {
  const ids = new Set(ledger.conversationIds);
  const shown = [...rig.screens[0]!.messages.values()].filter(({ conversationId }) => ids.has(conversationId));
  for (const [index, screen] of crowd.entries()) {
    const missed = shown.filter(({ id }) => !screen.messages.has(id));
    if (missed.length > 0)
      ledger.blame('missed', `screen ${String(index)} of the crowd: ${String(missed.length)} messages`);
    if (screen.resets > 0) ledger.blame('missed', `screen ${String(index)} of the crowd had to start anew`);
  }
  const resyncs = [...rig.screens, ...crowd].flatMap(({ resyncMs }) => resyncMs).sort((left, right) => left - right);
  ledger.facts['sockets'] = crowd.length + rig.screens.length;
  ledger.facts['resumes'] = resyncs.length;
  ledger.facts['p99 of a resume, ms'] = Math.round(resyncs[Math.floor(resyncs.length * 0.99)] ?? 0);
  ledger.facts['resume target, ms'] = RESYNC_TARGET_MS;
}
