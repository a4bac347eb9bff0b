import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeMessage, makeTimelineEntry } from '../testing/samples.js';
import { estimateItemPx, lettersPerLine, messageKey, threadItemsBuilder, type ThreadItem } from './thread-items.js';

const buildThreadItems = (...inputs: Parameters<ReturnType<typeof threadItemsBuilder>>): ThreadItem[] =>
  threadItemsBuilder()(...inputs);

const at = (day: number, hour: number, minute = 0, second = 0): string =>
  new Date(2026, 10, day, hour, minute, second).toISOString();

const sketch = (items: ThreadItem[]): string[] =>
  items.map((item) => {
    if (item.kind === 'message') {
      return `${item.startsGroup ? '[' : ''}${item.message.seq}${item.endsGroup ? ']' : ''}`;
    }
    return item.kind === 'timeline' ? item.entry.kind : item.kind;
  });

describe('items of a thread', () => {
  it('opens each day once', () => {
    const messages = [
      makeMessage({ seq: 1, createdAt: at(16, 23, 59) }),
      makeMessage({ seq: 2, createdAt: at(17, 0, 1) }),
      makeMessage({ seq: 3, createdAt: at(17, 12) }),
    ];
    expect(sketch(buildThreadItems(messages, [], null))).toEqual(['day', '[1]', 'day', '[2]', '[3]']);
  });

  it('groups one sender within a minute, and nobody else', () => {
    const agent = { type: 'agent' as const, id: 'a1', name: 'Ana' };
    const messages = [
      makeMessage({ seq: 1, createdAt: at(17, 12, 0, 0) }),
      makeMessage({ seq: 2, createdAt: at(17, 12, 0, 59) }),
      makeMessage({ seq: 3, createdAt: at(17, 12, 1, 59) }),
      makeMessage({ seq: 4, createdAt: at(17, 12, 3, 0) }),
      makeMessage({ seq: 5, createdAt: at(17, 12, 3, 1), direction: 'outbound', sender: agent }),
      makeMessage({ seq: 6, createdAt: at(17, 12, 3, 2), direction: 'outbound', sender: { ...agent, id: 'a2' } }),
    ];
    expect(sketch(buildThreadItems(messages, [], null))).toEqual(['day', '[1', '2', '3]', '[4]', '[5]', '[6]']);
  });

  it('puts a timeline line after its message and breaks the group there', () => {
    const messages = [1, 2, 3].map((seq) => makeMessage({ seq, createdAt: at(17, 12, 0, seq) }));
    const timeline = [
      makeTimelineEntry({ afterSeq: 2, kind: 'resolved', createdAt: at(17, 12, 5) }),
      makeTimelineEntry({ afterSeq: 2, kind: 'claimed', createdAt: at(17, 12, 1) }),
      makeTimelineEntry({ afterSeq: 0, kind: 'opened', createdAt: at(17, 11) }),
    ];
    expect(sketch(buildThreadItems(messages, timeline, null))).toEqual([
      'day',
      'opened',
      '[1',
      '2]',
      'claimed',
      'resolved',
      '[3]',
    ]);
  });

  it('puts a line whose message is not loaded after the nearest earlier one', () => {
    const messages = [5, 8].map((seq) => makeMessage({ seq, createdAt: at(17, seq) }));
    const timeline = [makeTimelineEntry({ afterSeq: 6, kind: 'snoozed', createdAt: at(17, 6) })];
    expect(sketch(buildThreadItems(messages, timeline, null))).toEqual(['day', '[5]', 'snoozed', '[8]']);
  });

  it('divides before the first unread message of the customer', () => {
    const messages = [
      makeMessage({ seq: 1, createdAt: at(17, 9) }),
      makeMessage({ seq: 2, createdAt: at(17, 10), direction: 'outbound' }),
      makeMessage({ seq: 3, createdAt: at(17, 11) }),
    ];
    expect(sketch(buildThreadItems(messages, [], 2))).toEqual(['day', '[1]', '[2]', 'unread', '[3]']);
  });

  it('keeps an optimistic message last, above no line, with a key that outlives the answer', () => {
    const local = makeMessage({ seq: 0, clientMessageId: 'c1', createdAt: at(17, 12), local: { state: 'sending' } });
    const timeline = [makeTimelineEntry({ afterSeq: 1, kind: 'claimed', createdAt: at(17, 11) })];
    const items = buildThreadItems([makeMessage({ seq: 1, createdAt: at(17, 10) }), local], timeline, null);
    expect(sketch(items)).toEqual(['day', '[1]', 'claimed', '[0]']);
    expect(messageKey({ ...local, id: 'server-id', local: undefined })).toBe(items.at(-1)?.key);
  });
});

describe('the height of a row that nobody has seen', () => {
  const WIDE = lettersPerLine(690);
  const heightOf = (over: Parameters<typeof makeMessage>[0], perLine = WIDE): number => {
    const [, item] = buildThreadItems([makeMessage({ seq: 1, createdAt: at(17, 12), ...over })], [], null);
    return item ? estimateItemPx(item, perLine) : Number.NaN;
  };
  const words = (length: number) => ({ text: { body: 'x'.repeat(length) } });

  it('follows the lines that the words take beside the time', () => {
    expect(heightOf(words(WIDE - 3))).toBe(40);
    expect(heightOf(words(WIDE - 2))).toBe(60);
    expect(heightOf({ ...words(WIDE - 6), direction: 'outbound' })).toBe(60);
    expect(heightOf({ text: { body: 'one\n\nthree' } })).toBe(80);
  });

  it('is taller on a phone', () => {
    const narrow = lettersPerLine(390);
    expect(narrow).toBeLessThan(WIDE);
    expect(heightOf(words(100), narrow)).toBeGreaterThan(heightOf(words(100)));
  });

  it('knows a picture by its box and a file by its card', () => {
    const file = { mediaId: 'm', mimeType: 'image/jpeg', sha256: null, fileName: null, caption: null };
    const media = (over: object) => ({ ...file, voice: false, animated: false, ...over }) as never;
    expect(heightOf({ type: 'image', text: undefined, media: media({ width: 320, height: 160 }) })).toBe(200);
    expect(heightOf({ type: 'document', text: undefined, media: media({}) })).toBe(96);
  });
});

describe('items of a thread that changes', () => {
  const agent = { type: 'agent' as const, id: 'a1', name: 'Ana' };
  const message = (seq: number, second: number, isOurs: boolean) =>
    makeMessage({
      id: `m${String(seq)}`,
      seq,
      createdAt: at(17 + Math.floor(second / 400), 23, 58, second % 400),
      ...(isOurs ? { direction: 'outbound' as const, sender: agent } : {}),
    });
  const step = fc.oneof(
    fc.record({ kind: fc.constant('append' as const), gap: fc.integer({ min: 0, max: 90 }), isOurs: fc.boolean() }),
    fc.record({ kind: fc.constant('tick' as const), fromEnd: fc.nat(6) }),
    fc.record({ kind: fc.constant('line' as const), back: fc.nat(3) }),
    fc.record({ kind: fc.constant('older' as const) }),
    fc.record({ kind: fc.constant('read' as const), fromEnd: fc.nat(3) }),
  );

  it('are at every step what they would be if built anew', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const build = threadItemsBuilder();
        let messages = [message(100, 0, false)];
        let timeline: ReturnType<typeof makeTimelineEntry>[] = [];
        let firstUnread: number | null = null;
        let [second, newest, oldest] = [0, 100, 100];
        for (const one of steps) {
          if (one.kind === 'append') {
            second += one.gap;
            newest += 1;
            messages = [...messages, message(newest, second, one.isOurs)];
          } else if (one.kind === 'older') {
            oldest -= 1;
            messages = [message(oldest, 0, true), ...messages];
          } else if (one.kind === 'tick') {
            const index = Math.max(0, messages.length - 1 - one.fromEnd);
            messages = messages.map((item, place) => (place === index ? { ...item, status: 'read' as const } : item));
          } else if (one.kind === 'line') {
            const id = `line${String(timeline.length)}`;
            timeline = [...timeline, makeTimelineEntry({ id, afterSeq: newest - one.back, createdAt: at(18, 12) })];
          } else {
            firstUnread = Math.max(oldest, newest - one.fromEnd);
          }
          expect(build(messages, timeline, firstUnread)).toEqual(buildThreadItems(messages, timeline, firstUnread));
        }
      }),
    );
  });

  it('takes over the rows above a message that came', () => {
    const build = threadItemsBuilder();
    const messages = [message(1, 0, false), message(2, 1, false), message(3, 300, true)];
    const timeline: never[] = [];
    const before = build(messages, timeline, null);
    const after = build([...messages, message(4, 301, false)], timeline, null);
    expect(after[1]).toBe(before[1]);
    expect(after).toHaveLength(before.length + 1);
  });
});
