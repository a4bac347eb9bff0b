import type { ChannelProgress, DoorAttempt, Setup } from '@parley/contract';
import { describe, expect, it } from 'vitest';
import { SILENCE_MS, stepsOf } from './setup-steps.js';

const now = '2026-11-26T12:00:00.000Z';
const nowMs = Date.parse(now);
const ago = (minutes: number): string => new Date(nowMs - minutes * 60_000).toISOString();
const setup = (over: Partial<Setup> = {}): Setup => ({
  now,
  callbackUrl: 'https://inbox.example.com/api/webhooks/whatsapp',
  callbackReach: 'public',
  verifyToken: 'x',
  admins: 1,
  agents: 1,
  channels: [],
  lastHandshakeAt: null,
  lastDeliveryAt: null,
  attempts: [],
  unrouted: [],
  demo: false,
  simulatorUrl: null,
  ...over,
});
const channel = (over: Partial<ChannelProgress> = {}): ChannelProgress => ({
  id: 'c',
  name: 'Shop',
  phoneNumberId: '42',
  displayPhoneNumber: '',
  hasToken: true,
  hasAppSecret: true,
  firstMessageAt: null,
  lastMessageAt: null,
  reply: null,
  firstDeliveredAt: null,
  ...over,
});
const attempt = (kind: DoorAttempt['kind'], minutes = 1, phoneNumberId: string | null = null): DoorAttempt => ({
  id: kind,
  kind,
  at: ago(minutes),
  count: 1,
  address: '192.0.2.1',
  phoneNumberId,
});
const present = (given: Setup, about: ChannelProgress | null, waitingMs = 0) =>
  stepsOf(given, about, nowMs, nowMs - waitingMs).find(({ state }) => state === 'now');

describe('the steps of the set-up', () => {
  it('follow each other, and each is done by what happened', () => {
    expect(present(setup(), null)).toMatchObject({ key: 'credentials', fault: null });
    expect(present(setup(), channel())).toMatchObject({ key: 'callback' });
    const shaken = setup({ lastHandshakeAt: ago(1) });
    expect(present(shaken, channel())).toMatchObject({ key: 'message', fault: null });
    const written = channel({ firstMessageAt: ago(1) });
    expect(present(shaken, written)).toMatchObject({ key: 'reply', fault: null });
    expect(present(shaken, { ...written, firstDeliveredAt: ago(0) })).toMatchObject({ key: 'team' });
    expect(present({ ...shaken, agents: 2 }, { ...written, firstDeliveredAt: ago(0) })).toBeUndefined();
  });

  it('name what Meta has just tried in vain', () => {
    const tried = (...attempts: DoorAttempt[]) => present(setup({ attempts }), channel())?.fault;
    expect(tried(attempt('handshake_wrong_token'))).toMatchObject({ kind: 'wrong_token' });
    expect(tried(attempt('handshake_malformed'), attempt('handshake_wrong_token', 3))).toMatchObject({
      kind: 'malformed',
    });
    expect(tried(attempt('handshake_wrong_token', 20))).toBeNull();

    const shaken = { lastHandshakeAt: ago(5) };
    const signed = (...attempts: DoorAttempt[]) => present(setup({ ...shaken, attempts }), channel())?.fault;
    expect(signed(attempt('signature_bad', 1, '42'))).toMatchObject({ kind: 'signature_bad' });
    expect(signed(attempt('signature_missing'))).toMatchObject({ kind: 'signature_missing' });
    expect(signed(attempt('signature_bad', 1, '43'))).toBeNull();
  });

  it('name the wrong number, silence, and why a reply did not go out', () => {
    const shaken = setup({ lastHandshakeAt: ago(5) });
    const stray = { ...shaken, unrouted: [{ phoneNumberId: '77', count: 1, lastAt: ago(1) }] };
    expect(present(stray, channel())?.fault).toEqual({ kind: 'other_number', phoneNumberId: '77' });
    expect(present(shaken, channel(), SILENCE_MS - 1)?.fault).toBeNull();
    expect(present(shaken, channel(), SILENCE_MS)?.fault).toEqual({ kind: 'silence' });
    const replied = (status: string, minutes: number) =>
      present(
        shaken,
        channel({
          firstMessageAt: ago(5),
          reply: {
            status,
            at: ago(minutes),
            error: status === 'failed' ? { code: 133010, title: 'Not registered' } : null,
          },
        }),
      )?.fault;
    expect(replied('failed', 0)).toEqual({ kind: 'send_failed', code: 133010, title: 'Not registered' });
    expect(replied('accepted', 0)).toBeNull();
    expect(replied('accepted', 2)).toEqual({ kind: 'unsent' });
  });
});
