import { textBody } from './bodies.ts';
import { Ledger, type Violation } from './ledger.ts';
import { Oracle } from './oracle.ts';
import { Random } from './random.ts';
import { waitFor } from '../topology/wait-for.ts';
import type { Rig } from './rig.ts';
import { Traffic } from './traffic.ts';

export type Profile = 'short' | 'full';

/** How long something took, beside what is asked for. */
export interface Recovery {
  what: string;
  seconds: number;
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
  /** Notes what was measured elsewhere. */
  took(what: string, targetSeconds: number, tookMs: number): void;
  /** A new message of a customer reaches every screen. */
  doorToScreen(): Promise<boolean>;
  /** A customer whom no correspondence knows writes; what is answered with 200 is owed from then on. */
  knock(url?: string, more?: object): Promise<{ status: number; tookMs: number }>;
}

export interface Fault {
  id: string;
  title: string;
  /** What has to hold besides the oracle's zeros. */
  target: string;
  /** How much of it is enough to be believed, and why the full profile does less where it does. */
  asked: string;
  run(scene: Scene): Promise<void>;
}

export interface Finding {
  id: string;
  title: string;
  target: string;
  asked: string;
  tookSeconds: number;
  facts: Record<string, number>;
  recoveries: Recovery[];
  violations: Violation[];
}

const MS = 1_000;
const RENEW_EVERY_MS = 60_000;
const OK = 200;
const round = (seconds: number): number => Math.round(seconds * 100) / 100;

/** Does one fault to the rig, under traffic of its own, and judges what is left. */
export async function prove(rig: Rig, fault: Fault, profile: Profile): Promise<Finding> {
  const beganAtMs = performance.now();
  const ledger = new Ledger();
  const random = new Random(rig.options.seed, fault.id);
  const recoveries: Recovery[] = [];
  await rig.begin();
  const traffic = new Traffic(rig, ledger, random);
  const took = (what: string, targetSeconds: number, tookMs: number): void => {
    recoveries.push({ what, targetSeconds, seconds: round(tookMs / MS) });
  };
  const scene: Scene = {
    rig,
    random,
    ledger,
    traffic,
    size: (short, full) => (profile === 'short' ? short : full),
    took,
    async recovers(what, targetSeconds, isBack) {
      const sinceMs = performance.now();
      await waitFor(isBack, what);
      took(what, targetSeconds, performance.now() - sinceMs);
    },
    async doorToScreen() {
      const [news] = await traffic.write(ledger.correspondences.slice(0, 1), 1);
      return waitFor(() => rig.screens.every(({ wamids }) => wamids.has(news!.wamid)), 'a message on every screen');
    },
    async knock(url, more) {
      const phone = rig.nextPhone();
      const answer = await rig.post(textBody(phone, more), url);
      if (answer.status === OK) ledger.taken.push(`wamid.other.${phone}`);
      return answer;
    },
  };
  const renewing = setInterval(() => {
    rig.renewTokens(ledger.crowd).catch(() => undefined); // the next time then
  }, RENEW_EVERY_MS);
  try {
    await fault.run(scene);
  } catch (error) {
    ledger.blame('unexplained', error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
  try {
    await new Oracle(rig, ledger).judge();
  } catch (error) {
    ledger.blame(
      'unexplained',
      `no judgement: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
  }
  clearInterval(renewing);
  for (const screen of ledger.crowd) screen.close();
  const { id, title, target, asked } = fault;
  const tookSeconds = round((performance.now() - beganAtMs) / MS);
  return { id, title, target, asked, tookSeconds, facts: ledger.facts, recoveries, violations: ledger.violations };
}
