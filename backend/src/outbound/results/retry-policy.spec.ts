import { describe, expect, it } from 'vitest';
import { AWAIT_STATUS_MS, judge, NO_PAST_TRIES } from './retry-policy.js';

type NotAccepted = Parameters<typeof judge>[0];

const refused = (code: number, isTransient = false): NotAccepted => ({
  kind: 'refused',
  code,
  title: `(#${code}) Title`,
  detail: 'why',
  isTransient,
  httpStatus: 400,
});
const always = (value: number) => () => value;

describe('what a try comes to', () => {
  it('is unknown, and never repeated, when bytes may have left without a Graph answer', () => {
    const outcome: NotAccepted = { kind: 'ambiguous', detail: 'socket closed', httpStatus: null };
    expect(judge(outcome, NO_PAST_TRIES, 'agent')).toEqual({ state: 'unknown' });
  });

  it('is repeated with growing, jittered pauses while no connection is made', () => {
    const outcome: NotAccepted = { kind: 'not_connected', detail: 'ECONNREFUSED' };
    const delays = [0, 1, 2, 5, 20].map((notConnected) =>
      judge(outcome, { ...NO_PAST_TRIES, notConnected }, 'agent', always(1)),
    );
    expect(delays).toEqual([1_000, 2_000, 4_000, 32_000, 60_000].map((delayMs) => ({ state: 'queued', delayMs })));
    expect(judge(outcome, NO_PAST_TRIES, 'agent', always(0))).toEqual({ state: 'queued', delayMs: 500 });
  });

  it('fails with a reason that invites another try once it was repeated often enough', () => {
    const outcome: NotAccepted = { kind: 'not_connected', detail: 'ECONNREFUSED' };
    expect(judge(outcome, { ...NO_PAST_TRIES, notConnected: 99 }, 'agent')).toMatchObject({
      state: 'failed',
      error: { code: 'not_connected', retryable: true },
    });
    expect(judge(refused(131_016), { ...NO_PAST_TRIES, refused: 7 }, 'agent')).toMatchObject({
      state: 'failed',
      error: { code: 131_016, retryable: true },
    });
  });

  it('keeps the message waiting behind a number that its refusal stops', () => {
    for (const code of [0, 10, 190, 368, 131_031]) {
      expect(judge(refused(code), NO_PAST_TRIES, 'agent')).toEqual({ state: 'queued', delayMs: 0 });
    }
  });

  it('backs off for 130429 by how often it was told so before', () => {
    const past = { ...NO_PAST_TRIES, slowedDown: 2 };
    expect(judge(refused(130_429), past, 'agent', always(1))).toEqual({ state: 'queued', delayMs: 4_000 });
  });

  it('backs the pair off by 4^n seconds for 131056', () => {
    const delays = [0, 1, 2, 3].map((pairLimited) =>
      judge(refused(131_056), { ...NO_PAST_TRIES, pairLimited }, 'agent'),
    );
    expect(delays.map((verdict) => verdict.state === 'queued' && verdict.delayMs)).toEqual([
      1_000, 4_000, 16_000, 64_000,
    ]);
  });

  it('waits for a status before it repeats what Meta may have taken, and never repeats it for the bot', () => {
    for (const code of [1, 2, 131_000]) {
      expect(judge(refused(code), NO_PAST_TRIES, 'agent')).toEqual({ state: 'queued', delayMs: AWAIT_STATUS_MS });
      expect(judge(refused(code), NO_PAST_TRIES, 'bot')).toEqual({ state: 'unknown' });
    }
  });

  it('fails at once where nothing can help, and closes the window for 131047', () => {
    expect(judge(refused(131_026), NO_PAST_TRIES, 'agent')).toMatchObject({ state: 'failed', closesWindow: false });
    expect(judge(refused(131_047), NO_PAST_TRIES, 'agent')).toMatchObject({ state: 'failed', closesWindow: true });
  });
});
