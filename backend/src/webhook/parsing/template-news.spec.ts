import { describe, expect, it } from 'vitest';
import { templateChangeOf } from './template-news.js';

const RECEIVED_AT = new Date(1_795_100_000_000);
const announced = (category_update_timestamp: unknown) =>
  templateChangeOf(
    'template_category_update',
    { id: '1', time: 1_795_000_000 },
    {
      message_template_name: 'pickup_ready',
      message_template_language: 'en-US',
      new_category: 'UTILITY',
      correct_category: 'MARKETING',
      category_update_timestamp,
    },
    RECEIVED_AT,
  );

describe('the announced change of a category', () => {
  it.each([
    [1_795_086_400, new Date(1_795_086_400_000)],
    ['1795086400', new Date(1_795_086_400_000)],
    // Milliseconds, or anything else that no calendar has: PostgreSQL could not keep it.
    [1_795_086_400_000, null],
    [9_007_199_254_740_991, null],
    ['soon', null],
    [undefined, null],
  ])('at %s is for %s', (said, from) => {
    expect(announced(said)).toMatchObject({ news: { part: 'upcoming', category: 'marketing', from } });
  });
});
