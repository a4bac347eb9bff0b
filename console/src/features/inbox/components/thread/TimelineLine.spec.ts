import { callOutcomes, timelineKinds } from '@parley/contract';
import { afterEach, describe, expect, it } from 'vitest';
import { mountInApp, wordsOf } from '../testing/mount.js';
import { makeTimelineEntry } from '../testing/samples.js';
import type { TimelineEntry } from '../types.js';
import TimelineLine from './TimelineLine.vue';

const ana = { type: 'agent', id: 'ana', name: 'Ana Silva' } as const;
const ben = { id: 'ben', name: 'Ben Okafor' };
const lineOf = (given: Partial<TimelineEntry>, currentAgentId = 'chen'): string =>
  wordsOf(mountInApp(TimelineLine, { entry: makeTimelineEntry(given), currentAgentId }));

afterEach(() => {
  document.body.innerHTML = '';
});

describe('a timeline line', () => {
  it.each([
    [{ kind: 'claimed', actor: ana }, 'Ana Silva claimed the conversation'],
    [{ kind: 'assigned', actor: ana, target: ben }, 'Ana Silva assigned it to Ben Okafor'],
    [{ kind: 'assigned', actor: ana, target: null }, 'Ana Silva released it to the queue'],
    [{ kind: 'replied_by_other', actor: ana, target: ben }, 'Ana Silva replied for Ben Okafor'],
    [{ kind: 'reopened', actor: { type: 'contact', id: 'c', name: 'Maria' } }, 'Maria reopened the conversation'],
    [{ kind: 'reopened', actor: { type: 'contact', id: null, name: '' } }, 'The customer reopened the conversation'],
    [{ kind: 'taken_over', actor: { type: 'system', id: null, name: '' } }, 'Somebody replied from the business phone'],
    [
      { kind: 'released', actor: { type: 'system', id: null, name: '' }, target: ben },
      'Ben Okafor is away: back in the queue',
    ],
    [{ kind: 'bot_handed_over', actor: { type: 'bot', id: null, name: '' } }, 'The bot handed over to the team'],
    [{ kind: 'bot_handed_over', actor: ana }, 'Ana Silva handed it from the bot to the team'],
  ] as const)('%#: %j', (given, words) => {
    expect(lineOf(given)).toContain(words);
  });

  it('speaks to the agent whose act or gain it is', () => {
    expect(lineOf({ kind: 'claimed', actor: ana }, 'ana')).toContain('You claimed the conversation');
    expect(lineOf({ kind: 'assigned', actor: ana, target: ben }, 'ben')).toContain('assigned it to you');
  });

  it.each([
    [{ direction: 'inbound', outcome: 'missed', seconds: null }, 'Missed call'],
    [{ direction: 'inbound', outcome: 'answered', seconds: 137 }, 'Incoming call, 2:17'],
    [{ direction: 'outbound', outcome: 'declined', seconds: null }, 'Outgoing call, declined'],
    [{ direction: 'outbound', outcome: 'answered', seconds: null }, 'Outgoing call, answered'],
  ] as const)('says what became of a call: %j', (call, words) => {
    const startedAt = '2026-11-18T11:00:00.000Z';
    expect(lineOf({ kind: 'call', call: { ...call, startedAt } })).toContain(words);
  });

  it('has words for every outcome of a call', () => {
    for (const outcome of callOutcomes) {
      const direction = outcome === 'declined' || outcome === 'failed' ? 'outbound' : 'inbound';
      for (const side of [direction, 'outbound'] as const) {
        const call = { direction: side, outcome, seconds: null, startedAt: '2026-11-18T11:00:00.000Z' };
        expect(lineOf({ kind: 'call', call })).not.toContain('thread.call');
      }
    }
  });

  it('has words for every kind', () => {
    for (const kind of timelineKinds.filter((kind) => kind !== 'call')) {
      for (const viewer of ['ana', 'chen'])
        expect(lineOf({ kind, actor: ana, target: ben }, viewer)).not.toContain('thread.line');
    }
  });
});
