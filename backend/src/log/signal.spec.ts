import { describe, expect, it } from 'vitest';
import { Signal } from './signal.js';

const FOR_EVER_MS = 1_000_000;

describe('a signal', () => {
  it('ends a wait, also one that begins after it, and only one', async () => {
    const signal = new Signal();
    const waiting = signal.wait(FOR_EVER_MS);
    signal.raise();
    await waiting;
    signal.raise();
    signal.raise();
    await signal.wait(FOR_EVER_MS);
    let isOver = false;
    const next = signal.wait(FOR_EVER_MS).then(() => (isOver = true));
    await Promise.resolve();
    expect(isOver).toBe(false);
    signal.raise();
    await next;
  });

  it('gives up after the time-out', async () => {
    await new Signal().wait(1);
  });
});
