import type { PushPayload } from '@parley/contract';
import { describe, expect, it } from 'vitest';
import { wordsOf } from './push-words.js';

const texts = {
  message: 'A new message',
  messages: 'New messages: {n}',
  mention: '{by} mentioned you',
  test: 'It works',
};
const push = (over: Partial<PushPayload>): PushPayload => ({
  kind: 'message',
  tag: 'message 1',
  path: '/inbox/all/1',
  title: 'Maria',
  count: 1,
  by: null,
  text: null,
  ...over,
});

describe('what a push says', () => {
  it.each([
    [{}, 'A new message'],
    [{ count: 3 }, 'New messages: 3'],
    [{ text: 'Where is it?' }, 'Where is it?'],
    [{ count: 2, text: 'Hello?' }, 'New messages: 2 · Hello?'],
    [{ kind: 'mention', by: 'Ana' }, 'Ana mentioned you'],
    [{ kind: 'mention', by: 'Ana', count: 2 }, 'Ana mentioned you'],
    [{ kind: 'test' }, 'It works'],
    [{ kind: 'window' }, ''],
  ] as const)('%j: %s', (over, words) => expect(wordsOf(push(over), texts)).toBe(words));
});
