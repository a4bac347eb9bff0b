import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 25;
/** The machine may be busy with other things: no figure is asserted by this, only reported. */
const PATIENCE_MS = 120_000;

/** Polls until `probe` gives something truthy, and returns it. */
export async function waitFor<Result>(
  probe: () => Result | Promise<Result>,
  what: string,
  patienceMs = PATIENCE_MS,
): Promise<NonNullable<Result>> {
  const endMs = performance.now() + patienceMs;
  for (;;) {
    const result = await probe();
    if (result) return result;
    if (performance.now() > endMs) throw new Error(`timed out waiting for ${what}`);
    await delay(POLL_MS);
  }
}
