import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { amend, type AmendableMessage, type Change, refill } from './amendments.js';
import type { MessageContent } from './inbound-item.js';

const said = (body: string): MessageContent => ({
  type: 'text',
  rawType: null,
  body,
  content: { text: { body } },
  forwarded: false,
  replyToWamid: null,
});
const second = (n: number): Date => new Date(1_795_000_000_000 + n * 1_000);
const original: AmendableMessage = {
  type: 'text',
  body: 'red',
  content: { text: { body: 'red' } },
  revisions: null,
  eventAt: second(0),
};
const edit = (wamid: string, at: number, body: string): Change => ({ wamid, at: second(at), message: said(body) });
const revoke = (wamid: string, at: number): Change => ({ wamid, at: second(at), message: null });

describe('an edited message', () => {
  it('shows its latest wording and keeps every one', () => {
    const amended = amend(original, [edit('b', 2, 'blue'), edit('a', 1, 'green')]);
    expect(amended).toMatchObject({ body: 'blue', content: { text: { body: 'blue' } }, editedAt: second(2) });
    expect(amended.revisions.map(({ kind, body }) => [kind, body])).toEqual([
      ['original', 'red'],
      ['edit', 'green'],
      ['edit', 'blue'],
    ]);
  });

  it('that is a picture stays the same file under another caption', () => {
    const media = {
      mediaId: '1',
      mimeType: 'image/png',
      sha256: null,
      fileName: null,
      caption: 'old',
      voice: false,
      animated: false,
    };
    const picture: AmendableMessage = { ...original, type: 'image', body: 'old', content: { media } };
    const message = {
      ...said('new'),
      type: 'image' as const,
      content: { media: { ...media, mediaId: '2', caption: 'new' } },
    };
    expect(amend(picture, [{ wamid: 'a', at: second(1), message }]).content.media).toEqual({
      ...media,
      caption: 'new',
    });
  });
});

describe('a deleted message', () => {
  it('shows nothing of what it said, and keeps it', () => {
    const amended = amend(original, [revoke('a', 1)]);
    expect(amended).toMatchObject({ type: 'text', body: '', content: {}, revokedAt: second(1), editedAt: null });
    expect(amended.revisions[0]).toMatchObject({ kind: 'original', body: 'red' });
  });

  it('stays deleted when an edit comes afterwards', () => {
    expect(amend(original, [revoke('b', 1), edit('a', 2, 'green')])).toMatchObject({ body: '', revokedAt: second(1) });
  });
});

it('is the same whatever order its changes come in, and in whatever portions', () => {
  const change = fc
    .record({ wamid: fc.uuid(), at: fc.nat(3), body: fc.option(fc.string(), { nil: null, freq: 5 }) })
    .map(({ wamid, at, body }) => (body === null ? revoke(wamid, at) : edit(wamid, at, body)));
  fc.assert(
    fc.property(
      fc
        .uniqueArray(change, { selector: ({ wamid }) => wamid, maxLength: 6 })
        .chain((changes) =>
          fc.tuple(
            fc.constant(changes),
            fc.shuffledSubarray(changes, { minLength: changes.length, maxLength: changes.length }),
            fc.nat(changes.length),
          ),
        ),
      ([changes, shuffled, cut]) => {
        const whole = amend(original, changes);
        const half = amend(original, shuffled.slice(0, cut));
        const rest = amend({ ...original, ...half, revisions: cut === 0 ? null : half.revisions }, shuffled.slice(cut));
        expect(rest).toEqual(whole);
      },
    ),
  );
});

describe('a message whose file comes after it', () => {
  const media = { mediaId: '7', mimeType: 'image/png', sha256: null, fileName: null, voice: false, animated: false };
  const picture = (mediaId: string, caption: string): MessageContent => ({
    ...said(caption),
    type: 'image',
    content: { media: { ...media, mediaId, caption } },
  });
  const placeholder: AmendableMessage = { ...original, type: 'unsupported', body: '', content: {} };

  it('is the file, if nothing was changed', () => {
    expect(refill(null, picture('7', 'shelf'))).toEqual({
      type: 'image',
      body: 'shelf',
      content: { media: { ...media, caption: 'shelf' } },
      revisions: null,
    });
  });

  it('is the same whichever came first, the file or what was edited and deleted', () => {
    const change = fc.record({
      wamid: fc.uuid(),
      at: fc.integer({ min: 0, max: 3 }).map(second),
      message: fc.option(fc.string({ maxLength: 5 }).map((caption) => picture('9', caption))),
    });
    const changesOf = fc.uniqueArray(change, { maxLength: 5, selector: ({ wamid }) => wamid, minLength: 1 });
    const file = picture('7', 'shelf');
    fc.assert(
      fc.property(changesOf, (changes) => {
        const before = refill(amend(placeholder, changes).revisions, file);
        expect(before).toEqual(amend({ ...placeholder, ...file }, changes));
      }),
    );
  });
});
