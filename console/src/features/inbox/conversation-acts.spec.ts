import type { AgentRole } from '@parley/contract';
import { expect, it } from 'vitest';
import { conversation } from '../../../test/builders.js';
import { actsOn } from './conversation-acts.js';

const me = { id: 'me', role: 'agent' as AgentRole };
const theirs = { assignee: { id: 'ana', name: 'Ana' }, handler: 'agent' as const };
const mine = { assignee: { id: 'me', name: 'Me' }, handler: 'agent' as const };
const names = (over: object, role: AgentRole = 'agent') =>
  Object.entries(actsOn(conversation({ id: 'c', ...over }), { ...me, role }))
    .filter(([, may]) => may)
    .map(([act]) => act);

it.each([
  ['an unowned open one', {}, ['claim', 'assign', 'snooze', 'resolve', 'block']],
  ['the bot’s', { status: 'pending', handler: 'bot' }, ['takeOver', 'assign', 'resolve', 'block']],
  ['my own', mine, ['release', 'assign', 'snooze', 'resolve', 'block']],
  ['a colleague’s', theirs, []],
  ['my snoozed one', { ...mine, status: 'snoozed' }, ['release', 'assign', 'snooze', 'resolve', 'block', 'reopen']],
  ['a resolved one', { status: 'resolved' }, ['block', 'reopen']],
])('an agent may do with %s what the server allows', (_name, over, acts) => {
  expect(names(over)).toEqual(acts);
});

it('lets a supervisor act on a colleague’s', () => {
  expect(names(theirs, 'supervisor')).toEqual(['takeOver', 'release', 'assign', 'snooze', 'resolve', 'block']);
});
