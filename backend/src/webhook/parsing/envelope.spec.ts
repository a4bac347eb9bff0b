import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type DeliveryItem, parseBody, type ParsedBody } from './envelope.js';

const PAYLOADS = path.join(import.meta.dirname, '../../../../e2e/fixtures/payloads');
const RECEIVED_AT = new Date(1_795_100_000_000);

const parse = (body: unknown): ParsedBody => parseBody(Buffer.from(JSON.stringify(body)), RECEIVED_AT);
const parseFile = (file: string): ParsedBody => parseBody(readFileSync(path.join(PAYLOADS, file)), RECEIVED_AT);
const inValue = (value: unknown, field: unknown = 'messages') => ({ entry: [{ changes: [{ field, value }] }] });

type MessageEffect = Extract<Exclude<DeliveryItem['effect'], string>, { kind: 'message' }>;
const messagesOf = ({ items }: ParsedBody): MessageEffect[] =>
  items.flatMap(({ effect }) => (typeof effect !== 'string' && effect.kind === 'message' ? [effect] : []));
const first = (file: string): MessageEffect => {
  const [message] = messagesOf(parseFile(file));
  if (!message) throw new Error(`${file} holds no message`);
  return message;
};

/** Every string that would reach PostgreSQL. */
function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null || value instanceof Date) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...stringsIn(inner)]);
}

describe('taking a body apart', () => {
  it.each(readdirSync(PAYLOADS).filter((file) => /^\d.*\.json$/.test(file)))(
    '%s yields only what can be stored',
    (file) => {
      const parsed = parseFile(file);
      expect(parsed.items.map(({ ordinal }) => ordinal)).toEqual(parsed.items.map((_, index) => index));
      for (const text of stringsIn(parsed.items)) {
        expect(text.isWellFormed()).toBe(true);
        expect(text).not.toContain('\u0000');
      }
    },
  );

  it('reads what other tools would trip over', () => {
    expect(first('161-bom-prefixed.json').message.type).toBe('text');
    expect(first('145-null-char-escape.json').message.body).not.toContain('\u0000');
    expect(first('146-lone-surrogates.json').message.body).toContain('\uFFFD');
    expect(first('169-invalid-utf8.json').message.body).toContain('\uFFFD');
    expect(first('159-duplicate-json-keys.json').message).toMatchObject({ type: 'text', body: 'FIRST' });
    expect(first('138-text-4096.json').message.content.text?.body).toHaveLength(4_096);
    expect(first('151-deep-nesting-6000.json').message.type).toBe('text');
    expect(first('158-prototype-pollution.json').message.type).toBe('text');
    expect(Object.prototype).not.toHaveProperty('polluted');
    expect(parseFile('167-truncated.json')).toMatchObject({ items: [], isBroken: true });
    expect(parseFile('171-top-level-null.json')).toMatchObject({ items: [], isBroken: false });
  });

  it('joins contacts by id, not by their place', () => {
    const names = messagesOf(parseFile('136-contacts-order-mismatch.json')).map(({ sender }) => [
      sender.waId,
      sender.name,
    ]);
    const book = JSON.parse(readFileSync(path.join(PAYLOADS, '136-contacts-order-mismatch.json'), 'utf8')) as {
      entry: { changes: { value: { contacts: { wa_id: string; profile: { name: string } }[] } }[] }[];
    };
    const contacts = book.entry[0]?.changes[0]?.value.contacts ?? [];
    for (const [waId, name] of names) expect(contacts.find(({ wa_id }) => wa_id === waId)?.profile.name).toBe(name);
  });

  it('tells kinds of messages apart and stays honest about the rest', () => {
    const face = (file: string) => {
      const { type, rawType, body } = first(file).message;
      return { type, rawType, body };
    };
    expect(face('020-interactive-button-reply.json')).toMatchObject({ type: 'interactive', rawType: null });
    expect(first('020-interactive-button-reply.json').message.content.interactive).toMatchObject({
      kind: 'button_reply',
    });
    expect(first('021-interactive-list-reply.json').message.content.interactive).toMatchObject({ kind: 'list_reply' });
    expect(first('026-button-template-quick-reply.json').message.content.interactive).toMatchObject({
      kind: 'template_button',
    });
    expect(face('023-interactive-nfm-flow.json')).toMatchObject({ type: 'interactive', rawType: 'nfm_reply' });
    expect(first('011-audio-voice-note.json').message.content.media).toMatchObject({
      voice: true,
      mimeType: 'audio/ogg; codecs=opus',
    });
    expect(face('016-location-place.json')).toMatchObject({ type: 'location', rawType: 'location' });
    expect(face('036-unsupported-poll.json')).toEqual({ type: 'unsupported', rawType: 'poll_creation', body: '' });
    expect(face('134-future-type.json').type).toBe('unsupported');
    expect(first('036-unsupported-poll.json').opensWindow).toBe(false);
    expect(first('002-text-quoted-reply.json').message.replyToWamid).toMatch(/^wamid\./);
    expect(first('003-text-forwarded.json').message).toMatchObject({ forwarded: true, replyToWamid: null });
    expect(first('019-contacts-request-reply.json').sender).toMatchObject({
      waId: '14165550163',
      bsuid: expect.any(String) as string,
    });
    const hostile = messagesOf(parseFile('177-media-ids-hostile.json')).map(
      ({ message }) => message.content.media?.mediaId,
    );
    for (const id of hostile) expect(id === null || /^\d+$/.test(id ?? '')).toBe(true);
  });

  it.each([
    ['1795000000', '2026-11-18T11:06:40.000Z', null],
    [1_795_000_000, '2026-11-18T11:06:40.000Z', null],
    ['1795000000000', RECEIVED_AT.toISOString(), '1795000000000'],
    ['0', RECEIVED_AT.toISOString(), '0'],
    ['soon', RECEIVED_AT.toISOString(), 'soon'],
    [undefined, RECEIVED_AT.toISOString(), null],
    [Infinity, RECEIVED_AT.toISOString(), null],
  ])('takes the time %j as %s', (timestamp, at, original) => {
    const [message] = messagesOf(parse(inValue({ messages: [{ id: 'x', from: '1', type: 'text', timestamp }] })));
    expect(message?.time).toEqual({ at: new Date(at), original });
  });

  it('never throws and never yields anything that cannot be stored, whatever the JSON is', () => {
    const json = fc.jsonValue({ maxDepth: 4 });
    const key = fc.constantFrom(
      'id',
      'from',
      'type',
      'text',
      'timestamp',
      'context',
      'reaction',
      'system',
      'errors',
      '__proto__',
      'status',
    );
    const item = fc.dictionary(key, json);
    const value = fc.record({
      metadata: fc.oneof(json, fc.constant({ phone_number_id: '1' })),
      contacts: fc.oneof(json, fc.array(item)),
      messages: fc.oneof(json, fc.array(item)),
      statuses: fc.oneof(json, fc.array(item)),
      errors: fc.oneof(json, fc.array(item)),
      message_echoes: fc.array(item),
      history: json,
    });
    const field = fc.oneof(
      json,
      fc.constantFrom('messages', 'history', 'standby', 'smb_message_echoes', 'user_id_update'),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          json,
          fc.tuple(value, field).map(([inner, name]) => inValue(inner, name)),
        ),
        (body) => {
          for (const text of stringsIn(parse(body).items))
            expect(text.isWellFormed() && !text.includes('\u0000')).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('never throws on bytes that are no JSON', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(() => parseBody(bytes, RECEIVED_AT)).not.toThrow();
      }),
    );
  });

  it('survives nesting and lists that go beyond reason', () => {
    const deep = '['.repeat(1_000_000) + ']'.repeat(1_000_000);
    expect(() => parseBody(Buffer.from(deep), RECEIVED_AT)).not.toThrow();
    const crowd = parse(inValue({ messages: Array.from({ length: 12_000 }, () => ({})) }));
    expect(crowd).toMatchObject({ problem: 'more than 10000 items' });
    expect(crowd.items).toHaveLength(10_000);
  });
});
