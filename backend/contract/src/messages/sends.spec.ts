import { describe, expect, it } from 'vitest';
import { campaignSchema } from './sends.js';

describe('what a message is sent for', () => {
  it.each([
    ['Autumn sale', 'Autumn sale'],
    ['  حملة الخريف 🍂 ', 'حملة الخريف 🍂'],
    ['x'.repeat(64), 'x'.repeat(64)],
    [` ${'x'.repeat(64)}\n`, 'x'.repeat(64)],
  ])('%j is kept as %j', (given, kept) => {
    expect(campaignSchema.parse(given)).toBe(kept);
  });

  it.each(['', '  ', 'x'.repeat(65), 'a\u0000b', 'a\nb', 'a\u009bb', '\ud800'])('%j is refused', (given) => {
    expect(campaignSchema.safeParse(given).success).toBe(false);
  });
});
