import { Logger } from '@nestjs/common';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Environment } from '../../config/environment.js';
import type { ChannelHealthService } from '../channel-health.service.js';
import type { StandingRepository } from './standing.repository.js';
import { StandingSweeper } from './standing.sweeper.js';

afterEach(() => vi.restoreAllMocks());

describe('looking after the numbers', () => {
  it('goes on with the next one when one cannot be checked', async () => {
    const warned = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    const repository = { takeUnchecked: () => Promise.resolve(['gone', 'there']) } as unknown as StandingRepository;
    const recheck = vi.fn((id: string) =>
      id === 'gone' ? Promise.reject(new Error('channel.not_found')) : Promise.resolve(),
    );
    const health = { recheck } as unknown as ChannelHealthService;
    const sweeper = new StandingSweeper(repository, health, { numberChecks: false } as Environment);
    expect(await sweeper.checkDue()).toBe(2);
    expect(recheck.mock.calls).toEqual([['gone'], ['there']]);
    expect(warned.mock.calls.flat().join()).toContain('number gone is not checked');
  });
});
