import { describe, expect, it } from 'vitest';
import { graphBody, readReceiptBody, type Sendable, typingBody } from './graph-body.js';

const message: Sendable = {
  conversationId: 'c-1',
  messageId: 'm-1',
  attempt: 2,
  recipient: { phone: '12065550142' },
  type: 'text',
  body: 'Hello',
  previewUrl: null,
  quotedWamid: null,
  content: {},
  fileId: null,
  targetWamid: null,
};

describe('the body that Meta gets', () => {
  it('addresses a phone number with its plus sign and carries the callback data', () => {
    expect(graphBody(message)).toEqual({
      messaging_product: 'whatsapp',
      recipient_type: 'individual',
      to: '+12065550142',
      type: 'text',
      text: { body: 'Hello', preview_url: false },
      biz_opaque_callback_data: '{"c":"c-1","m":"m-1","a":2}',
    });
  });

  it('addresses a customer without a phone number by user id, and a group by its id', () => {
    expect(graphBody({ ...message, recipient: { userId: 'CA.8821' } })).toMatchObject({ recipient: 'CA.8821' });
    expect(graphBody({ ...message, recipient: { groupId: 'Y2FwaV9ncm91cDox' } })).toMatchObject({
      recipient_type: 'group',
      to: 'Y2FwaV9ncm91cDox',
    });
  });

  it('quotes', () => {
    expect(graphBody({ ...message, quotedWamid: 'wamid.A' })).toMatchObject({ context: { message_id: 'wamid.A' } });
  });

  it('previews a link unless the agent turned it off', () => {
    const body = 'see https://example.org';
    expect(graphBody({ ...message, body })).toMatchObject({ text: { preview_url: true } });
    expect(graphBody({ ...message, body, previewUrl: false })).toMatchObject({ text: { preview_url: false } });
  });

  it('offers reply buttons', () => {
    const buttons = [{ id: 'prices', title: 'Prices' }];
    const interactive = { kind: 'buttons' as const, id: null, title: null, description: null, buttons };
    expect(graphBody({ ...message, type: 'interactive', content: { interactive } })).toMatchObject({
      type: 'interactive',
      interactive: {
        type: 'button',
        body: { text: 'Hello' },
        action: { buttons: [{ type: 'reply', reply: { id: 'prices', title: 'Prices' } }] },
      },
    });
  });

  it.each([
    ['image/png', { type: 'image', image: { id: 'meta-1' } }],
    ['video/mp4', { type: 'video', video: { id: 'meta-1' } }],
    ['application/pdf', { type: 'document', document: { id: 'meta-1', filename: 'list.pdf' } }],
  ])('puts a file above what is offered: %s', (mimeType, header) => {
    const interactive = { kind: 'buttons' as const, id: null, title: null, description: null, buttons: [] };
    const media = { mimeType, caption: null, fileName: 'list.pdf', voice: false };
    const sent = graphBody(
      { ...message, type: 'interactive', fileId: 'ours-1', content: { interactive, media } },
      new Map([['ours-1', 'meta-1']]),
    );
    expect(sent['interactive']).toMatchObject({ header, body: { text: 'Hello' } });
  });

  it('marks a message as read', () => {
    expect(readReceiptBody('wamid.IN')).toEqual({
      messaging_product: 'whatsapp',
      status: 'read',
      message_id: 'wamid.IN',
    });
  });

  it('shows typing under the message that it marks as read', () => {
    expect(typingBody('wamid.IN')).toEqual({
      messaging_product: 'whatsapp',
      status: 'read',
      message_id: 'wamid.IN',
      typing_indicator: { type: 'text' },
    });
  });
});
