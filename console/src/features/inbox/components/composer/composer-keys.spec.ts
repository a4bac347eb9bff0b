import { describe, expect, it } from 'vitest';
import { charsLeft, composerAct } from './composer-keys.js';

const press = (key: string, also: Partial<KeyboardEvent> = {}) => ({
  key,
  shiftKey: false,
  altKey: false,
  ctrlKey: false,
  metaKey: false,
  isComposing: false,
  keyCode: 0,
  repeat: false,
  ...also,
});

describe('keys of the composer', () => {
  it.each([
    ['Enter', {}, 'send'],
    ['Enter', { metaKey: true }, 'send'],
    ['Enter', { ctrlKey: true }, 'send'],
    ['Enter', { shiftKey: true }, null],
    ['Enter', { altKey: true }, null],
    ['Enter', { isComposing: true }, null],
    ['Enter', { keyCode: 229 }, null],
    ['Enter', { repeat: true }, null],
    ['Escape', {}, 'escape'],
    ['Escape', { isComposing: true }, null],
    ['a', {}, null],
  ] as const)('%s with %j: %s', (key, also, act) => {
    expect(composerAct(press(key, also))).toBe(act);
  });
});

describe('counter', () => {
  it.each([
    [0, null],
    [49, null],
    [50, 50],
    [99, 1],
    [100, 0],
    [103, -3],
  ])('of %i characters out of 100: %s', (length, left) => {
    expect(charsLeft('x'.repeat(length), 100)).toBe(left);
  });
});
