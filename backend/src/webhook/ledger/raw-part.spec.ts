import { describe, expect, it } from 'vitest';
import { partOf } from './raw-part.js';

const metadata = { phone_number_id: '1' };
const body = (...values: object[]): Uint8Array =>
  Buffer.from(JSON.stringify({ entry: [{ id: 'w', changes: values.map((value) => ({ field: 'messages', value })) }] }));
const parsed = (part: string | null): unknown => (part === null ? null : JSON.parse(part));

describe('of a body, the part that is about one message', () => {
  it('is that message in its envelope, and nothing of other customers', () => {
    const mine = { id: 'wamid.A', text: { body: 'mine' } };
    const contacts = [{ wa_id: '15550001', profile: { name: 'Somebody Else' } }];
    const part = partOf(body({ metadata, contacts, messages: [mine, { id: 'wamid.B' }] }), 'wamid.A');
    expect(parsed(part)).toEqual({ field: 'messages', value: { metadata, messages: [mine] } });
    expect(part).not.toContain('Somebody Else');
  });

  it('is each of its statuses, also where they came in several changes', () => {
    const status = (state: string) => ({ id: 'wamid.A', status: state });
    const part = partOf(
      body({ metadata, statuses: [status('sent'), { id: 'wamid.B' }] }, { metadata, statuses: [status('read')] }),
      'wamid.A',
    );
    expect(parsed(part)).toEqual([
      { field: 'messages', value: { metadata, statuses: [status('sent')] } },
      { field: 'messages', value: { metadata, statuses: [status('read')] } },
    ]);
  });

  it.each([
    ['no wamid is known', body({ messages: [{ id: 'wamid.A' }] }), null],
    ['it is about others', body({ messages: [{ id: 'wamid.B' }] }), 'wamid.A'],
    ['it is no JSON', Buffer.from('{'), 'wamid.A'],
    ['it is JSON of another shape', Buffer.from('[[{"entry":7}]]'), 'wamid.A'],
    ['entries are no objects', Buffer.from('{"entry":[1,{"changes":[null,{"value":[]}]}]}'), 'wamid.A'],
  ])('is nothing when %s', (_when, bytes, wamid) => {
    expect(partOf(bytes, wamid)).toBeNull();
  });
});
