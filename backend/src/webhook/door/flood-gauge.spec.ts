import { describe, expect, it } from 'vitest';
import { FloodGauge } from './flood-gauge.js';

/** `perMs` requests enter in each of 300 ms and stay for `stayMs`. */
function flow(perMs: number, stayMs: number): FloodGauge {
  const gauge = new FloodGauge();
  for (let ms = 0; ms < 300; ms += 1) {
    for (let request = 0; request < perMs; request += 1) gauge.enter(ms);
    if (ms >= stayMs) for (let request = 0; request < perMs; request += 1) gauge.leave(ms);
  }
  return gauge;
}

describe('a flood', () => {
  it('is a high rate of requests that queue', () => {
    expect(flow(5, 6).isFlooded(300)).toBe(true);
  });

  it('is over when nothing comes any more', () => {
    const gauge = flow(5, 6);
    expect(gauge.isFlooded(301)).toBe(true);
    expect(gauge.isFlooded(450)).toBe(false);
  });

  it('is neither a high rate that the door copes with, nor a slow door, nor one pause of the process', () => {
    expect(flow(5, 1).isFlooded(300)).toBe(false);
    expect(flow(1, 30).isFlooded(300)).toBe(false);
    const paused = flow(2, 1);
    for (let request = 0; request < 100; request += 1) paused.enter(300);
    for (let request = 0; request < 100; request += 1) paused.leave(305);
    expect(paused.isFlooded(420)).toBe(false);
  });
});
