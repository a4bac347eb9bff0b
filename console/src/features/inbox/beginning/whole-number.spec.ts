import { beginConversationSchema } from '@parley/contract';
import { expect, it } from 'vitest';
import { isWholeNumber } from './whole-number.js';

const ID = '01990000-0000-7000-8000-000000000001';
const isTaken = (to: string): boolean =>
  beginConversationSchema.safeParse({ channelId: ID, to, template: { name: 'hello', language: 'en' } }).success;

it.each([
  ['+49 (151) 2345-6789', true],
  ['+1234567', true],
  ['+123456789012345', true],
  ['+1234567890123456', false],
  ['+123456', false],
  ['Maren', false],
  ['', false],
])('a number to write to, here and at the server: %s', (text, isWhole) => {
  expect(isWholeNumber(text)).toBe(isWhole);
  expect(isTaken(text)).toBe(isWhole);
});

it('wants the country code said, where the server takes digits for whole', () => {
  expect(isWholeNumber('491512345678')).toBe(false);
  expect(isTaken('491512345678')).toBe(true);
});
