import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 10;
const TIMEOUT_MS = 15_000;

/** Polls until `probe` gives something truthy, and returns it. */
export async function waitFor<Result>(
  probe: () => Result | Promise<Result>,
  what = 'the condition',
  timeoutMs = TIMEOUT_MS,
): Promise<NonNullable<Result>> {
  const endMs = performance.now() + timeoutMs;
  for (;;) {
    const result = await probe();
    if (result) return result;
    if (performance.now() > endMs) throw new Error(`timed out waiting for ${what}`);
    await delay(POLL_MS);
  }
}
