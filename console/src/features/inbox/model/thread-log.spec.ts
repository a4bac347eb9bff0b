import type { Message, MessageList } from '@parley/contract';
import { describe, expect, it } from 'vitest';
import { at, line, message } from '../../../../test/builders.js';
import { byEventSecondThenSeq, ThreadLog } from './thread-log.js';

const page = (items: Message[], nextCursor: string | null = null): MessageList => ({
  items: items.toReversed(),
  timeline: [],
  notes: [],
  nextCursor,
  syncCursor: 's',
});
const numbered = (...seqs: number[]): Message[] => seqs.map((seq) => message({ conversationId: 'c', seq }));
const loaded = (...seqs: number[]): ThreadLog => {
  const log = new ThreadLog();
  log.applyFirst(page(numbered(...seqs), 'older'));
  return log;
};
const seqs = (log: ThreadLog): number[] => log.messages.map(({ seq }) => seq);

describe('thread log', () => {
  it('orders by the second of the event, then by arrival', () => {
    const log = loaded(5, 6);
    log.apply(message({ conversationId: 'c', seq: 7, createdAt: at(5).replace('.000', '.400') }));
    log.apply(message({ conversationId: 'c', seq: 8, createdAt: at(1) }));
    expect(seqs(log)).toEqual([8, 5, 7, 6]);
  });

  it('has the order of a fresh sorting however messages come and change while it is looked at', () => {
    const log = loaded(3, 4);
    const looks: (readonly Message[])[] = [log.messages];
    const arrive = (over: Partial<Message> & { seq: number }): void => {
      log.apply(message({ conversationId: 'c', ...over }));
      looks.push(log.messages);
      expect(log.messages).toEqual([...log.messages].sort(byEventSecondThenSeq));
    };
    arrive({ seq: 5 });
    arrive({ seq: 4, rev: 2, status: 'read' });
    expect(log.messages.map(({ status }) => status)[1]).toBe('read');
    arrive({ seq: 6, createdAt: at(0) });
    arrive({ seq: 7, createdAt: at(9) });
    arrive({ seq: 6, rev: 2, createdAt: at(20) });
    log.applyOlder(page(numbered(1, 2)));
    expect(seqs(log)).toEqual([1, 2, 3, 4, 5, 7, 6]);
    expect(log.newest?.seq).toBe(7);
    // What was given out before is as it was: whoever shows it compares.
    expect(looks.map(({ length }) => length)).toEqual([2, 3, 3, 4, 5, 5]);
  });

  it('takes a message only with a greater rev, however often it comes', () => {
    const log = loaded(1);
    expect(log.apply(message({ conversationId: 'c', seq: 1, rev: 3, status: 'read' }))).toBe(true);
    expect(log.apply(message({ conversationId: 'c', seq: 1, rev: 2, status: 'sent' }))).toBe(false);
    expect(log.messages[0]?.status).toBe('read');
  });

  it('knows that something is missing until it is there', () => {
    const log = loaded(3, 4);
    log.apply(message({ conversationId: 'c', seq: 6 }));
    expect([log.hasGap, log.heldThroughSeq]).toEqual([true, 4]);
    log.apply(message({ conversationId: 'c', seq: 5 }));
    expect([log.hasGap, log.heldThroughSeq]).toEqual([false, 6]);
  });

  it('holds what was pushed while its first page was on the way', () => {
    const log = new ThreadLog();
    log.apply(message({ conversationId: 'c', seq: 3 }));
    expect(log.hasGap).toBe(false);
    log.applyFirst(page(numbered(1, 2)));
    expect([log.heldThroughSeq, log.hasGap, log.nextOlder]).toEqual([3, false, null]);
  });

  it('reads again down to what was there, and then nothing in between can be missing', async () => {
    const log = loaded(1, 2);
    log.apply(message({ conversationId: 'c', seq: 9 }));
    const asked: (string | null)[] = [];
    await log.refill((before) => {
      asked.push(before);
      return Promise.resolve(
        before === null ? page(numbered(6, 7, 8, 9), '6') : page(numbered(1, 2, 3, 4, 5), 'older'),
      );
    });
    expect(asked).toEqual([null, '6']);
    expect(seqs(log)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect([log.heldThroughSeq, log.nextOlder]).toEqual([9, 'older']);
  });

  it('misses the last message that it was only told of, until the pages were read again', async () => {
    const log = loaded(1, 2);
    log.tellLast(4);
    expect(log.hasGap).toBe(true);
    log.apply(message({ conversationId: 'c', seq: 3 }));
    expect([log.hasGap, log.heldThroughSeq]).toEqual([true, 3]);
    // The one that was told of is older than what the first page shows: it is not asked for again and again.
    await log.refill(() => Promise.resolve(page(numbered(1, 2, 3))));
    expect([log.hasGap, log.heldThroughSeq]).toEqual([false, 4]);
  });

  it('takes a timeline line once', () => {
    const log = loaded(1);
    expect(log.applyLine(line({ id: 'l', conversationId: 'c' }))).toBe(true);
    expect(log.applyLine(line({ id: 'l', conversationId: 'c' }))).toBe(false);
    expect(log.timeline).toHaveLength(1);
  });
});
