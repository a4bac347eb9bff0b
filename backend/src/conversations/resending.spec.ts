import { describe, expect, it } from 'vitest';
import { canGetThrough, resendableAt, resendObstacle, type SentMessage } from './resending.js';

const FAILED_AT = new Date('2026-11-27T10:00:00.000Z');
const after = (seconds: number): Date => new Date(FAILED_AT.getTime() + seconds * 1_000);
const sent = (over: Partial<SentMessage> = {}): SentMessage => ({
  senderType: 'agent',
  type: 'text',
  status: 'failed',
  error: { code: 131_042, retryable: true },
  failedAt: FAILED_AT,
  unknownAt: null,
  isResent: false,
  ...over,
});
const unknown = sent({ status: 'unknown', error: null, failedAt: null, unknownAt: FAILED_AT });
const heldBack = sent({ error: { code: '131049', retryable: true } });
const optedOut = sent({ error: { code: 131_050, retryable: false } });

describe('what may be sent again', () => {
  it.each<[string, SentMessage, ReturnType<typeof resendObstacle>]>([
    ['what failed for a reason that passes', sent(), null],
    ['a failure that stays', sent({ error: { code: 131_026, retryable: false } }), 'permanent'],
    ['what the customer wanted none of, as far as it says itself', optedOut, null],
    ['what the bot said', sent({ senderType: 'bot' }), 'sender'],
    ['what the phone app sent', sent({ senderType: 'system' }), 'sender'],
    ['a reaction', sent({ type: 'reaction' }), 'sender'],
    ['what was sent again', sent({ isResent: true }), 'resent'],
    ['what is on its way', sent({ status: 'queued', error: null, failedAt: null }), 'waiting'],
    ['what arrived', sent({ status: 'delivered', error: null, failedAt: null }), 'waiting'],
    ['what nobody knows of just now', unknown, 'later'],
    ['what Meta holds back', heldBack, 'later'],
  ])('%s', (_what, message, obstacle) => {
    expect(resendObstacle(message, after(1))).toBe(obstacle);
  });

  it('waits two minutes for news of what nobody knows of, and a day for what Meta holds back', () => {
    expect(resendableAt(unknown)).toEqual(after(120));
    expect(resendObstacle(unknown, after(119))).toBe('later');
    expect(resendObstacle(unknown, after(120))).toBeNull();
    expect(resendableAt(heldBack)).toEqual(after(86_400));
    expect(resendObstacle(heldBack, after(86_399))).toBe('later');
    expect(resendObstacle(heldBack, after(86_400))).toBeNull();
  });

  it.each([131_050, '131050', 'marketing_stopped'])('%s hangs on what the customer wants by now', (code) => {
    expect(canGetThrough({ code, retryable: false }, true)).toBe(false);
    expect(canGetThrough({ code, retryable: false }, false)).toBe(true);
  });

  it('any other failure does not hang on that', () => {
    for (const retryable of [true, false]) {
      for (const isStopped of [true, false]) {
        expect(canGetThrough({ code: 131_049, retryable }, isStopped)).toBe(retryable);
      }
    }
  });

  it('has no time where it may go at once or never', () => {
    expect(resendableAt(sent())).toBeNull();
    expect(resendableAt({ ...heldBack, isResent: true })).toBeNull();
    expect(resendableAt({ ...heldBack, error: { code: 131_049, retryable: false } })).toBeNull();
  });
});
