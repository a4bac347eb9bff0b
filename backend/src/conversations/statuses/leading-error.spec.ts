import { describe, expect, it } from 'vitest';
import { toMessageError } from './status-application.repository.js';

const error = (code: number | null, detail: string) => ({ code, title: null, detail });

describe('of several errors of one failure', () => {
  it.each([
    ['the one that says what was wrong leads, wherever it stands', [131_000, 131_053], 131_053],
    ['the first leads where each says something', [131_053, 131_026], 131_053],
    ['a vague one leads where there is no other', [131_000], 131_000],
    ['one with a code leads before one without', [null, 131_000], 131_000],
  ])('%s', (_sentence, codes, leading) => {
    expect(toMessageError(codes.map((code) => error(code, `detail of ${String(code)}`)))).toMatchObject({
      code: leading,
      detail: `detail of ${leading}`,
    });
  });

  it('none with a code is unknown, in Meta’s words', () => {
    expect(toMessageError([error(null, 'no reason given')])).toMatchObject({
      code: 'unknown',
      detail: 'no reason given',
    });
    expect(toMessageError(null)).toMatchObject({ code: 'unknown', retryable: true });
  });
});
