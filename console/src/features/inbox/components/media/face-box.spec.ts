import { describe, expect, it } from 'vitest';
import { makeMessage } from '../testing/samples.js';
import { faceBox, hasFace, pictureBox } from './face-box.js';

describe('the room of a face', () => {
  it.each([
    [3_000, 2_000, { width: 320, height: 213 }],
    [1_000, 4_000, { width: 96, height: 340 }],
    [40, 20, { width: 96, height: 96 }],
    [200, 100, { width: 200, height: 100 }],
    [null, null, { width: 280, height: 200 }],
  ])('of a picture of %s × %s', (width, height, expected) => {
    expect(pictureBox(width, height)).toEqual(expected);
  });

  it('is known before the face is there', () => {
    expect(faceBox(makeMessage({ type: 'sticker' }))).toEqual({ width: '128px', height: '128px' });
    expect(faceBox(makeMessage({ type: 'image' }))).toMatchObject({ aspectRatio: '280 / 200' });
  });

  it('is kept for what has a face alone', () => {
    expect(hasFace(makeMessage())).toBe(false);
    expect(hasFace(makeMessage({ type: 'location' }))).toBe(false);
    expect(hasFace(makeMessage({ type: 'location', location: { latitude: 1, longitude: 2 } }))).toBe(true);
  });
});
