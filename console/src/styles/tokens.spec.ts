// @vitest-environment node
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const css = readFileSync(join(import.meta.dirname, 'tokens.css'), 'utf8');
const tokens = new Map(
  [...css.matchAll(/--color-([\w-]+): light-dark\((#[\da-f]{6}), (#[\da-f]{6})\)/g)].map(([, name, light, dark]) => [
    name ?? '',
    { light: light ?? '', dark: dark ?? '' },
  ]),
);
const themes = ['light', 'dark'] as const;

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(front: string, back: string, theme: (typeof themes)[number]): number {
  const [a = 0, b = 0] = [front, back].map((name) => {
    const token = tokens.get(name);
    if (!token) throw new Error(`no token ${name}`);
    return luminance(token[theme]);
  });
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

const grounds = ['canvas', 'sunken', 'thread', 'surface', 'raised', 'hover', 'selected'];
const bubbles = ['bubble-in', 'bubble-out', 'bubble-bot'];
const textPairs = [
  ...['ink', 'ink-2', 'ink-3'].flatMap((ink) => [...grounds, ...bubbles].map((ground) => [ink, ground])),
  ...['accent-ink', 'red-ink', 'amber-ink', 'green-ink'].flatMap((ink) => grounds.map((ground) => [ink, ground])),
  ...['accent-ink', 'red-ink'].flatMap((ink) => bubbles.map((ground) => [ink, ground])),
  ...['accent', 'red', 'amber', 'green'].map((name) => [`${name}-ink`, `${name}-soft`]),
  ['on-accent', 'accent'],
  ['on-accent', 'accent-hover'],
  ['on-tooltip', 'tooltip'],
  ...[0, 1, 2, 3, 4, 5].map((tint) => ['on-tint', `tint-${tint}`]),
];
const statePairs = [
  ...['accent', 'red', 'amber', 'green', 'edge-strong'].flatMap((name) =>
    ['canvas', 'surface', 'raised', 'hover', 'selected'].map((ground) => [name, ground]),
  ),
  ['tick-read', 'bubble-out'],
  ['tick-read', 'bubble-bot'],
];

describe.each(themes)('colours of the %s theme', (theme) => {
  it.each(textPairs)('%s is readable as text on %s', (ink, ground) => {
    expect(contrast(ink ?? '', ground ?? '', theme)).toBeGreaterThanOrEqual(4.5);
  });
  it.each(statePairs)('%s can be told from %s', (mark, ground) => {
    expect(contrast(mark ?? '', ground ?? '', theme)).toBeGreaterThanOrEqual(3);
  });
});
