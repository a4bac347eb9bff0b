import { Ledger, type Violation } from './ledger.ts';
import { Oracle } from './oracle.ts';
import { Random } from './random.ts';
import { type Rig, waitFor } from './rig.ts';
import { Traffic } from './traffic.ts';

export type Profile = 'short' | 'full';

export interface Recovery {
  what: string;
  seconds: number;
  /** What reliability asks for; a busy machine may take longer, so it is reported and not asserted. */
  targetSeconds: number;
}

/** What a fault works with. */
export interface Scene {
  rig: Rig;
  random: Random;
  ledger: Ledger;
  traffic: Traffic;
  /** By profile: how often, how much. */
  size(short: number, full: number): number;
  /** Waits until `isBack` and notes how long that took. */
  recovers(what: string, targetSeconds: number, isBack: () => Promise<boolean> | boolean): Promise<void>;
  /** A new message of a customer reaches every screen. */
  doorToScreen(): Promise<boolean>;
}

export interface Fault {
  id: string;
  title: string;
  /** What has to hold besides the oracle's zeros. */
  target: string;
  run(scene: Scene): Promise<void>;
}

export interface Finding {
  id: string;
  title: string;
  target: string;
  tookSeconds: number;
  facts: Record<string, number>;
  recoveries: Recovery[];
  violations: Violation[];
}

const MS = 1_000;
const round = (seconds: number): number => Math.round(seconds * 100) / 100;

/** Does one fault to the rig, under traffic of its own, and judges what is left. */
export async function prove(rig: Rig, fault: Fault, profile: Profile): Promise<Finding> {
  const beganAtMs = performance.now();
  const ledger = new Ledger();
  const random = new Random(rig.options.seed, fault.id);
  const recoveries: Recovery[] = [];
  const traffic = new Traffic(rig, ledger, random);
  const scene: Scene = {
    rig,
    random,
    ledger,
    traffic,
    size: (short, full) => (profile === 'short' ? short : full),
    async recovers(what, targetSeconds, isBack) {
      const sinceMs = performance.now();
      await waitFor(isBack, what);
      recoveries.push({ what, targetSeconds, seconds: round((performance.now() - sinceMs) / MS) });
    },
    async doorToScreen() {
      const [news] = await traffic.write(ledger.correspondences.slice(0, 1), 1);
      return waitFor(() => rig.screens.every(({ wamids }) => wamids.has(news!.wamid)), 'a message on every screen');
    },
  };
  await rig.renewTokens();
  await rig.behave({});
  try {
    await fault.run(scene);
  } catch (error) {
    ledger.blame('unexplained', error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
  await new Oracle(rig, ledger).judge();
  const { id, title, target } = fault;
  const tookSeconds = round((performance.now() - beganAtMs) / MS);
  return { id, title, target, tookSeconds, facts: ledger.facts, recoveries, violations: ledger.violations };
}
