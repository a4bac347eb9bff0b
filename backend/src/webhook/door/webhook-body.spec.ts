import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InFlightBytes } from './in-flight-bytes.js';
import { MAX_BODY_BYTES, readBody, type WebhookBody } from './webhook-body.js';

describe('reading a body', () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
  afterEach(() => vi.useRealTimers());

  function reading(announcedBytes = 0, inFlight = new InFlightBytes(100, 100)) {
    const payload = new IncomingMessage(new Socket());
    const hold = inFlight.open('a');
    const body = new Promise<WebhookBody>((resolve) => readBody(payload, announcedBytes, hold, resolve));
    return { payload, hold, body, inFlight };
  }

  it('gives the bytes as they came', async () => {
    const { payload, body } = reading();
    payload.push(Buffer.from('one '));
    payload.push(Buffer.from('two'));
    payload.push(null);
    expect(String(await body)).toBe('one two');
  });

  it('refuses what is announced as too large before a byte is read', async () => {
    expect(await reading(MAX_BODY_BYTES + 1).body).toBe('too_large');
  });

  it('refuses what there is no room for, and gives the room back', async () => {
    const { payload, body, hold, inFlight } = reading();
    payload.push(Buffer.alloc(60));
    payload.push(Buffer.alloc(60));
    expect(await body).toBe('no_room');
    expect(inFlight.bytes).toBe(60);
    hold.release();
    hold.release();
    expect(inFlight.bytes).toBe(0);
  });

  it('gives up a sender who takes more than ten seconds, or who leaves', async () => {
    const slow = reading();
    slow.payload.push(Buffer.from('half'));
    vi.advanceTimersByTime(10_000);
    expect(await slow.body).toBe('gone');
    const left = reading();
    left.payload.destroy();
    expect(await left.body).toBe('gone');
  });
});

describe('bytes in flight', () => {
  it('are bounded in all and for each source', () => {
    const inFlight = new InFlightBytes(100, 60);
    const [first, second, other] = [inFlight.open('a'), inFlight.open('a'), inFlight.open('b')];
    expect(first.take(50)).toBe(true);
    expect(second.take(20)).toBe(false);
    expect(other.take(60)).toBe(false);
    expect(other.take(50)).toBe(true);
    first.release();
    expect(second.take(20)).toBe(true);
  });
});
