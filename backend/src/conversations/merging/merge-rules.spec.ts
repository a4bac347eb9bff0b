import { describe, expect, it } from 'vitest';
import type { ConversationRow } from '../conversation.row.js';
import { closesYoungersCase, filledFrom, mergedState, pairsOf } from './merge-rules.js';

const at = (minute: number): Date => new Date(Date.UTC(2026, 0, 1, 12, minute));
const row = (over: Partial<ConversationRow>): ConversationRow => ({
  id: 'a',
  channelId: 'channel',
  kind: 'direct',
  contactId: 'from',
  groupId: null,
  status: 'open',
  assigneeId: null,
  lastAssigneeId: null,
  teamId: null,
  snoozedUntil: null,
  blockedAt: null,
  priority: null,
  tags: [],
  version: 1,
  rev: 1,
  lastSeq: 0,
  inboundCount: 0,
  lastInboundSeq: 0,
  lastMessageId: null,
  lastCallId: null,
  lastActivityAt: at(0),
  windowExpiresAt: null,
  waitingSince: null,
  caseId: null,
  caseInboundBase: 0,
  mergedIntoId: null,
  createdAt: at(0),
  ...over,
});

/** From the least to the most human. */
const STATES = [
  ['resolved', { status: 'resolved' }],
  ['snoozed', { status: 'snoozed', snoozedUntil: at(30) }],
  ['pending', { status: 'pending' }],
  ['open', { status: 'open' }],
  ['owned', { status: 'open', assigneeId: 'agent' }],
] as const satisfies readonly (readonly [string, Partial<ConversationRow>])[];

describe('the state of two threads that become one', () => {
  it.each(STATES.flatMap(([left], one) => STATES.map(([right], other) => [left, right, one, other] as const)))(
    'of %s and a younger %s is that of the more human, whole',
    (_left, _right, one, other) => {
      const mine = { ...STATES[one]?.[1], teamId: 'survivors', caseId: 'c1', waitingSince: at(5) };
      const theirs = { ...STATES[other]?.[1], teamId: 'youngers', caseId: 'c2', waitingSince: at(3) };
      const pair = { survivor: row(mine), younger: row({ ...theirs, id: 'b' }) };
      const leader = other > one ? pair.younger : pair.survivor;
      const state = mergedState(pair);
      const { status, assigneeId, teamId, snoozedUntil } = leader;
      expect(state).toMatchObject({ status, assigneeId, teamId, snoozedUntil });
      // What the table's constraints demand.
      expect(state.status === 'pending' && state.assigneeId !== null).toBe(false);
      expect(state.snoozedUntil !== null).toBe(state.status === 'snoozed');
      // A resolved thread's customer waits for nothing, and one open case is left.
      expect(state.waitingSince).toEqual(other > 0 ? at(3) : one > 0 ? at(5) : null);
      expect(state.caseId).toBe(one === 0 && other > 0 ? 'c2' : 'c1');
      expect(closesYoungersCase(pair)).toBe(one > 0 && other > 0);
    },
  );

  it('numbers the younger’s behind the survivor’s end', () => {
    const survivor = row({
      lastSeq: 5,
      inboundCount: 3,
      lastInboundSeq: 4,
      lastMessageId: 'm5',
      windowExpiresAt: at(9),
    });
    const younger = row({
      lastSeq: 2,
      inboundCount: 1,
      lastInboundSeq: 1,
      lastMessageId: 'm2',
      windowExpiresAt: at(8),
      lastActivityAt: at(4),
      priority: 'high',
      tags: ['Refund', 'new'],
    });
    expect(mergedState({ survivor: { ...survivor, priority: 'low', tags: ['refund'] }, younger })).toMatchObject({
      lastSeq: 7,
      inboundCount: 4,
      lastInboundSeq: 6,
      lastMessageId: 'm2',
      lastActivityAt: at(4),
      windowExpiresAt: at(9),
      priority: 'high',
      tags: ['refund', 'new'],
    });
    const empty = row({ lastSeq: 0 });
    expect(mergedState({ survivor, younger: empty })).toMatchObject({ lastInboundSeq: 4, lastMessageId: 'm5' });
  });

  it('counts a case that comes with the younger from where it began there', () => {
    const survivor = row({ status: 'resolved', caseId: 'c1', inboundCount: 3, caseInboundBase: 2 });
    const younger = row({ caseId: 'c2', inboundCount: 4, caseInboundBase: 1 });
    expect(mergedState({ survivor, younger })).toMatchObject({ caseId: 'c2', caseInboundBase: 4 });
    expect(mergedState({ survivor: younger, younger: survivor })).toMatchObject({ caseId: 'c2', caseInboundBase: 1 });
  });
});

describe('pairs', () => {
  it('are made by channel, the older surviving whoever it belongs to; groups and merged ones are left out', () => {
    const rows = [
      row({ id: 'a1', channelId: 'one', createdAt: at(1) }),
      row({ id: 'b1', channelId: 'one', contactId: 'into', createdAt: at(2) }),
      row({ id: 'a2', channelId: 'two', createdAt: at(3) }),
      row({ id: 'b2', channelId: 'two', contactId: 'into', createdAt: at(2) }),
      row({ id: 'a3', channelId: 'three' }),
      row({ id: 'b4', channelId: 'four', contactId: 'into' }),
      row({ id: 'a4', channelId: 'four', mergedIntoId: 'x' }),
      row({ id: 'g', channelId: 'three', kind: 'group', contactId: 'into' }),
    ];
    expect(pairsOf(rows, 'from', 'into').map(({ survivor, younger }) => [survivor.id, younger.id])).toEqual([
      ['a1', 'b1'],
      ['b2', 'a2'],
    ]);
  });
});

describe('what is known of a person', () => {
  const nothing = {
    name: '',
    namedAt: null,
    username: null,
    usernameAt: null,
    phone: null,
    language: null,
    attributes: {},
  };

  it('is filled where it is empty', () => {
    const known = {
      name: 'Zoe',
      namedAt: at(3),
      username: 'zoe',
      usernameAt: null,
      phone: '1',
      language: 'de',
      attributes: { city: 'Bonn', plan: 'pro' },
    };
    expect(filledFrom(nothing, known)).toEqual(known);
    const own = { ...known, name: 'Zoë', phone: '2', attributes: { city: 'Köln' } };
    expect(filledFrom(own, known)).toEqual({ ...own, attributes: { city: 'Köln', plan: 'pro' } });
  });

  it('is called as Meta told last', () => {
    const [older, newer] = [
      { ...nothing, name: 'Zoe', namedAt: at(1), username: 'zoe.new', usernameAt: at(2) },
      { ...nothing, name: 'Zoë', namedAt: at(2), username: 'zoe', usernameAt: at(1) },
    ];
    const both = { name: 'Zoë', namedAt: at(2), username: 'zoe.new', usernameAt: at(2) };
    expect(filledFrom(older, newer)).toMatchObject(both);
    expect(filledFrom(newer, older)).toMatchObject(both);
    expect(filledFrom({ ...older, namedAt: null }, { ...newer, name: '' })).toMatchObject({ name: 'Zoe' });
  });
});
