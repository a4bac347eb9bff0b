import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resendId } from './resend-id.js';

const ANA = '01a21bd1-171b-7049-96a2-afb8520cab6a';
const BEN = '01a21bd1-171b-7049-96a2-afb8520cab6b';
const FORM = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/u;
/** As the server makes them: version 7. */
const ids = fc.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/u);

describe('the id of a second try', () => {
  it('is a UUID, the same for the same message and agent, and another for anybody else', () => {
    fc.assert(
      fc.property(ids, (id) => {
        expect(resendId(id, ANA)).toMatch(FORM);
        expect(resendId(id.toUpperCase(), ANA)).toBe(resendId(id, ANA));
        expect(resendId(id, BEN)).not.toBe(resendId(id, ANA));
      }),
    );
  });

  it('is another for every message', () => {
    fc.assert(
      fc.property(ids, ids, (one, other) => {
        expect(resendId(one, ANA) === resendId(other, ANA)).toBe(one === other);
      }),
    );
  });
});
