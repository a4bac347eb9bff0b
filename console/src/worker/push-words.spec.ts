import type { PushPayload } from '@parley/contract';
import { describe, expect, it } from 'vitest';
import { titleOf, wordsOf } from './push-words.js';

const texts = {
  message: 'A new message',
  messages: 'New messages: {n}',
  mention: '{by} mentioned you',
  test: 'It works',
  callsGiven: 'May be called',
  callsForGood: 'May always be called',
  callsRefused: 'Not to be called',
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
    [{ callPermission: { isGiven: true, until: '2026-12-01T09:00:00.000Z' } }, 'May be called'],
    [{ callPermission: { isGiven: true, until: null, isPermanent: true } }, 'May always be called'],
    [{ count: 2, callPermission: { isGiven: false, until: null } }, 'New messages: 2 · Not to be called'],
  ] as const)('%j: %s', (over, words) => expect(wordsOf(push(over), texts)).toBe(words));

  it('is about a group, where the server knows no name', () => {
    expect(titleOf(push({}), texts)).toBe('Maria');
    expect(titleOf(push({ title: '' }), { group: 'Chat de grupo' })).toBe('Chat de grupo');
    expect(titleOf(push({ title: '' }), {})).toBe('Parley');
  });

  it('an answer about calls, while the page that leaves the words was of an older version', () => {
    const { message } = texts;
    expect(wordsOf(push({ callPermission: { isGiven: true, until: null } }), { message })).toBe(message);
  });
});
