import { QueryFailedError } from 'typeorm';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { AppLogger } from './app-logger.js';

describe('the log of the application', () => {
  const printed: string[] = [];
  afterEach(() => printed.splice(0));

  it.each([true, false])(
    'tells where an error came from and nothing of what it carries (production: %s)',
    (production) => {
      for (const stream of [process.stdout, process.stderr]) {
        vi.spyOn(stream, 'write').mockImplementation((text) => printed.push(String(text)) > 0);
      }
      const cause = Object.assign(new Error('duplicate key'), { detail: 'Key (name)=(Maria) exists' });
      const error = new QueryFailedError('insert into contacts', ['Maria'], cause);
      const logger = new AppLogger({ production });
      logger.error('a turn failed', error, 'Bot');
      logger.warn(error, 'Bot');
      logger.fatal('the end', error, 'Bot');
      vi.restoreAllMocks();
      const text = printed.join('');
      expect(text).toContain('a turn failed');
      expect(text).toContain('duplicate key');
      expect(text).toContain('app-logger.spec');
      expect(text).not.toContain('Maria');
    },
  );
});
