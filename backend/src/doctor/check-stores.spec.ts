import { describe, expect, it } from 'vitest';
import { checkDisk } from './check-stores.js';

describe('the disk', () => {
  const having = (bavail: number) =>
    checkDisk({ dataDir: '/data' }, async () => ({ bavail, blocks: 1_000, bsize: 1e7 }));

  it.each([
    [160, 'ok'],
    [149, 'warn'],
    [49, 'fail'],
    [0, 'fail'],
  ])('with %i of 1,000 blocks free: %s', async (free, state) => {
    expect(await having(free)).toMatchObject({ id: 'disk', state });
  });

  it('says what is free and what to do', async () => {
    expect(await having(49)).toMatchObject({ detail: '0.5 GB free (5 %)', todo: expect.stringContaining('/data') });
  });

  it('that cannot be read is a fault of its own', async () => {
    expect(await checkDisk({ dataDir: '/nowhere/at/all' })).toMatchObject({ state: 'fail', detail: 'cannot be read' });
  });
});
