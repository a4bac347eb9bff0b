import type { Fault, Scene } from '../fault.ts';
import { waitFor } from '../../topology/wait-for.ts';
import { Screen } from '../screen.ts';

const SILENCE_MS = 2_000;
const RESYNC_TARGET_SECONDS = 2;
const BACK_TARGET_SECONDS = 5;
const LATE_COMMITS = 3;
const LATE_MS = 1_500;

/** Lines are cut, the network is silent, the gateway restarts, an instance dies: whoever was away misses nothing. */
export const brokenNetwork: Fault = {
  id: 'F11',
  title: 'Networks are cut and silent, repeatedly; the gateway restarts; an instance dies',
  target: '0 events missed after resume; p99 of a resume below 2 s',
  asked: '2,000 clients, 100,000 events. Fewer clients: they, the load and all that is tried share two processors',
  async run(scene) {
    const { rig, traffic, ledger, random, size, recovers } = scene;
    const people = [rig.admin, ...rig.agents];
    const crowd = await Promise.all(
      Array.from({ length: size(8, 200) }, (_, index) => Screen.open(rig.topology.url, people[index % people.length]!)),
    );
    const everybody = [...rig.screens, ...crowd];
    ledger.crowd.push(...crowd);
    const isBack = (): boolean => everybody.every(({ isLive }) => isLive);
    await waitFor(isBack, 'the crowd');
    for (const screen of everybody) screen.resyncMs.length = 0;
    const receivedBefore = everybody.reduce((sum, { received }) => sum + received, 0);
    await traffic.begin(size(6, 40));
    await commitOutOfOrder(scene);
    await traffic.while(
      async () => {
        for (let time = 0; time < size(1, 3); time += 1) {
          for (const screen of crowd) if (random.chance(0.5)) screen.dropLine();
          await waitFor(isBack, 'the screens after a cut');
          await silenceGateway(scene);
          await waitFor(isBack, 'the screens after the silence');
          await rig.topology.nginx.stop();
          await rig.topology.startNginx();
          await recovers('every socket live after the gateway’s restart', BACK_TARGET_SECONDS, isBack);
          await rig.killAndRestart(random.below(2));
          await waitFor(isBack, 'the screens after a death');
        }
      },
      { least: size(60, 3_000), perTurn: size(4, 20) },
    );
    const resyncs = everybody.flatMap(({ resyncMs }) => resyncMs).sort((left, right) => left - right);
    scene.took('a resume, p99', RESYNC_TARGET_SECONDS, resyncs[Math.floor(resyncs.length * 0.99)] ?? 0);
    ledger.facts['sockets'] = everybody.length;
    ledger.facts['resumes'] = resyncs.length;
    ledger.facts['events received'] = everybody.reduce((sum, { received }) => sum + received, 0) - receivedBefore;
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
