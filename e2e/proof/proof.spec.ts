import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { provideNginx } from '../../tools/services.mjs';
import { prove } from './fault.ts';
import { FAULTS } from './faults/index.ts';
import { GUARDS, proveGuard } from './guards.ts';
import { Rig } from './rig.ts';

/** The same in every run, so that what fails here fails again; `npm run proof` draws another each time. */
const SEED = 20_261_123;
const SCREENS = 4;
const PATIENCE_MS = 90_000;
const TIMEOUT_MS = 240_000;

const nginx = await provideNginx();

describe.skipIf(nginx === null)('the proof (needs nginx, or root on Debian to install it)', () => {
  let rig: Rig | undefined;

  beforeAll(async () => {
    rig = await Rig.start({ seed: SEED, screens: SCREENS, hurriesClock: true, patienceMs: PATIENCE_MS });
  }, TIMEOUT_MS);
  afterAll(() => rig?.close(), TIMEOUT_MS);

  it.each(FAULTS)(
    '$id: $title',
    async (fault) => {
      const { violations } = await prove(rig!, fault, 'short');
      expect(violations).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it.each(GUARDS)(
    'bites: without “$name” it finds what is $finds',
    async (guard) => {
      const { count } = await proveGuard(guard, SEED);
      expect(count).toBeGreaterThan(0);
    },
    TIMEOUT_MS,
  );
});
