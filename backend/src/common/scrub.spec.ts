import { describe, expect, it } from 'vitest';
import { scrub } from './scrub.js';

describe('what a log keeps of a text', () => {
  it.each([
    'invalid input syntax for type integer: "CANARY and "quotes""',
    'value "CANARY" is out of range for type integer',
    'Unexpected token C, "{"a":CANARY" is not valid JSON',
    'authorization: Bearer CANARY',
    '{"access_token":"CANARY"}',
    'GET /v26.0/debug_token?input_token=CANARY&x=1',
    'connect postgresql://parley:CANARY@db:5432/parley failed',
    'password=CANARY',
  ])('takes the value out of %s', (text) => {
    expect(scrub(text)).not.toContain('CANARY');
  });

  it.each(['to +12065550142 failed', 'to 12065550142.', '(12065550142)', 'maria@example.org wrote'])(
    'takes the person out of %s',
    (text) => {
      expect(scrub(text)).toMatch(/…/);
      expect(scrub(text)).not.toMatch(/2065550142|maria/);
    },
  );

  it.each([
    'item 3 of delivery 01a217fa-e97c-7588-967f-ccb49714208b failed (2 of 5 tries)',
    'connect ECONNREFUSED 127.0.0.1:41395',
    'at Sender.start (file:///opt/parley/backend/dist/outbound/sender.js:120:15)',
    'duplicate key value violates unique constraint',
    'stopped in 1200 ms',
  ])('leaves %s as it is', (text) => {
    expect(scrub(text)).toBe(text);
  });
});
