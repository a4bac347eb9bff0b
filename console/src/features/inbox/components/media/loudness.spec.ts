import { describe, expect, it } from 'vitest';
import { barsOf, resample } from './loudness.js';

describe('the bars of a recording', () => {
  it('are the peaks of even parts, the loudest being 100', () => {
    const samples = new Float32Array([0, 0.1, -0.5, 0.2, 0.25, 0]);
    expect(barsOf(samples, 3)).toEqual([20, 100, 50]);
  });

  it('of silence, and of nothing, are flat', () => {
    expect(barsOf(new Float32Array(10), 2)).toEqual([0, 0]);
    expect(barsOf(new Float32Array(0), 2)).toEqual([0, 0]);
  });

  it('are as many as are drawn, whatever is known', () => {
    expect(resample([10, 100], 4)).toEqual([10, 10, 100, 100]);
    expect(resample([10, 20, 30, 40], 2)).toEqual([20, 40]);
    expect(resample([], 3)).toEqual([0, 0, 0]);
  });
});
