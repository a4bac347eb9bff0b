import type { SendInteractive } from '@parley/contract';
import { describe, expect, it } from 'vitest';
import { interactivePart } from './graph-interactive.js';
import { interactiveDraft } from '../content/interactive-draft.js';

/** From what the API is asked to what Meta gets. */
function sent(offer: SendInteractive): unknown {
  const { body, content } = interactiveDraft(offer);
  return content.interactive && interactivePart(body, content.interactive);
}

describe("what is offered, in Meta's shape", () => {
  it('reply buttons with a heading and a footer', () => {
    const buttons = [{ id: 'yes', title: 'Yes' }];
    expect(sent({ body: 'Well?', header: 'Order 7', footer: 'Until six', buttons })).toEqual({
      type: 'button',
      header: { type: 'text', text: 'Order 7' },
      body: { text: 'Well?' },
      footer: { text: 'Until six' },
      action: { buttons: [{ type: 'reply', reply: { id: 'yes', title: 'Yes' } }] },
    });
  });

  it('a list; what was left empty is not there', () => {
    expect(
      sent({
        kind: 'list',
        body: 'Which shop?',
        header: '',
        footer: null,
        buttonText: 'Shops',
        sections: [
          { title: '', rows: [{ id: 'a', title: 'Alfama', description: null }] },
          { title: 'North', rows: [{ id: 'b', title: 'Porto', description: 'Open until 8' }] },
        ],
      }),
    ).toEqual({
      type: 'list',
      body: { text: 'Which shop?' },
      action: {
        button: 'Shops',
        sections: [
          { rows: [{ id: 'a', title: 'Alfama' }] },
          { title: 'North', rows: [{ id: 'b', title: 'Porto', description: 'Open until 8' }] },
        ],
      },
    });
  });

  it('a link', () => {
    expect(sent({ kind: 'link', body: 'Your parcel', buttonText: 'Track it', url: 'https://example.org/t/1' })).toEqual(
      {
        type: 'cta_url',
        body: { text: 'Your parcel' },
        action: { name: 'cta_url', parameters: { display_text: 'Track it', url: 'https://example.org/t/1' } },
      },
    );
  });

  it.each([
    ['location_request', 'location_request_message', 'send_location'],
    ['contact_request', 'request_contact_info', 'request_contact_info'],
    ['call_permission_request', 'call_permission_request', 'call_permission_request'],
    ['call_button', 'voice_call', 'voice_call'],
  ] as const)('%s', (kind, type, name) => {
    expect(sent({ kind, body: 'Please' })).toEqual({ type, body: { text: 'Please' }, action: { name } });
  });

  it('a call button with words of its own and an end', () => {
    expect(sent({ kind: 'call_button', body: 'Talk?', buttonText: 'Call us', ttlMinutes: 60 })).toEqual({
      type: 'voice_call',
      body: { text: 'Talk?' },
      action: { name: 'voice_call', parameters: { display_text: 'Call us', ttl_minutes: 60 } },
    });
  });

  it('a form, by id with a first screen, or by name', () => {
    const flow = { id: '77', token: 'ft', mode: 'draft', action: 'navigate', screen: 'S', data: { note: '' } } as const;
    expect(sent({ kind: 'flow', body: 'Book', buttonText: 'Open', flow })).toEqual({
      type: 'flow',
      body: { text: 'Book' },
      action: {
        name: 'flow',
        parameters: {
          flow_message_version: '3',
          flow_id: '77',
          flow_cta: 'Open',
          mode: 'draft',
          flow_token: 'ft',
          flow_action: 'navigate',
          flow_action_payload: { screen: 'S', data: { note: '' } },
        },
      },
    });
    expect(sent({ kind: 'flow', body: 'Book', buttonText: 'Open', flow: { name: 'booking' } })).toMatchObject({
      action: { parameters: { flow_message_version: '3', flow_name: 'booking', flow_cta: 'Open' } },
    });
  });

  it('a request for an address, with what is known of it, what was wrong and what there is to choose from', () => {
    const asks = { kind: 'address_request' as const, body: 'Where to?', footer: 'Lantern Books' };
    const country = 'IN' as const;
    expect(sent({ ...asks, address: { country, values: {}, savedAddresses: [] } })).toEqual({
      type: 'address_message',
      body: { text: 'Where to?' },
      footer: { text: 'Lantern Books' },
      action: { name: 'address_message', parameters: { country: 'IN' } },
    });
    const address = {
      country,
      values: { name: 'Asha', city: 'Pune' },
      savedAddresses: [{ id: 'home', values: { in_pin_code: '411001' } }],
      validationErrors: { in_pin_code: 'We do not know this PIN code.' },
    };
    expect(sent({ ...asks, address })).toMatchObject({
      action: {
        parameters: {
          country: 'IN',
          values: { name: 'Asha', city: 'Pune' },
          saved_addresses: [{ id: 'home', value: { in_pin_code: '411001' } }],
          validation_errors: { in_pin_code: 'We do not know this PIN code.' },
        },
      },
    });
  });

  it('a product without words, a list of products, the catalogue', () => {
    expect(sent({ kind: 'product', catalogId: '6100', productId: 'SKU-7' })).toEqual({
      type: 'product',
      action: { catalog_id: '6100', product_retailer_id: 'SKU-7' },
    });
    const productSections = [{ title: 'Maps', productIds: ['SKU-1', 'SKU-2'] }];
    expect(sent({ kind: 'product_list', header: 'New', body: 'Look', catalogId: '6100', productSections })).toEqual({
      type: 'product_list',
      header: { type: 'text', text: 'New' },
      body: { text: 'Look' },
      action: {
        catalog_id: '6100',
        sections: [
          { title: 'Maps', product_items: [{ product_retailer_id: 'SKU-1' }, { product_retailer_id: 'SKU-2' }] },
        ],
      },
    });
    expect(sent({ kind: 'catalog', body: 'All of it', productId: 'SKU-1' })).toEqual({
      type: 'catalog_message',
      body: { text: 'All of it' },
      action: { name: 'catalog_message', parameters: { thumbnail_product_retailer_id: 'SKU-1' } },
    });
  });
});
