import { forwardableTypes, messageTypes, type MessageType } from '@parley/contract';
import { describe, expect, it } from 'vitest';
import { newId } from '../../common/ids.js';
import { asRequest } from './forwarding.js';
import type { Original } from './outbound.repository.js';

const fileId = newId();
const media = {
  mediaId: '77',
  mimeType: 'image/jpeg',
  sha256: null,
  fileName: 'map.pdf',
  caption: 'Look',
  voice: false,
  animated: false,
};
const location = { latitude: 1.5, longitude: 2, name: 'Here', address: null };
const card = { name: 'Ada Lark', phones: [{ number: '+1 206' }], emails: [], urls: [] };

/** A message with a part of every kind, of which only its own counts. */
const original = (type: MessageType, over: Partial<Original> = {}): Original => ({
  type,
  content: { text: { body: 'Hello' }, media, location, contacts: [card] },
  mediaId: fileId,
  revokedAt: null,
  ...over,
});

describe('a message that is sent on', () => {
  it.each<[MessageType, object]>([
    ['text', { text: { body: 'Hello' } }],
    ['image', { image: { fileId, caption: 'Look' } }],
    ['video', { video: { fileId, caption: 'Look' } }],
    ['audio', { audio: { fileId } }],
    ['document', { document: { fileId, caption: 'Look', fileName: 'map.pdf' } }],
    ['sticker', { sticker: { fileId } }],
    ['location', { location }],
    ['contacts', { contacts: [card] }],
  ])('says the same as one of ours: %s', (type, expected) => {
    const { clientMessageId, ...request } = asRequest(original(type)) ?? {};
    expect(clientMessageId).toMatch(/^[0-9a-f-]{36}$/);
    expect(request).toEqual({ type, ...expected });
  });

  it('is of no other kind', () => {
    const sendable = messageTypes.filter((type) => asRequest(original(type)) !== null);
    expect(sendable).toEqual([...forwardableTypes]);
  });

  it('is not one that was deleted, taken back, or whose file never came', () => {
    expect(asRequest(original('text', { revokedAt: new Date() }))).toBeNull();
    expect(asRequest(original('text', { content: {} }))).toBeNull();
    expect(asRequest(original('image', { mediaId: null }))).toBeNull();
  });
});
