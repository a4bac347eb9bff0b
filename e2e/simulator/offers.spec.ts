import { describe, expect, it, vi } from 'vitest';
import { asJson, asJsonList, type Json } from './core/json.ts';
import type { Simulator } from './simulator.ts';
import { type Business, control, givenBusiness, send } from './test-support.ts';

const MAREN = '12065550142';
/** In India, where addresses can be asked for. */
const ASHA = '919876543210';

const offer = (type: string, action: Json, over: Json = {}): Json => ({
  type: 'interactive',
  interactive: { type, body: { text: 'Please' }, action, ...over },
});
const named = (type: string, name: string, parameters?: Json, over: Json = {}): Json =>
  offer(type, { name, ...(parameters && { parameters }) }, over);
const flow = (over: Json = {}): Json =>
  named('flow', 'flow', { flow_message_version: '3', flow_id: '77', flow_cta: 'Book', ...over });
const asks = (over: Json = {}): Json => named('address_message', 'address_message', { country: 'IN', ...over });
const link = (over: Json = {}): Json =>
  named('cta_url', 'cta_url', { display_text: 'Open', url: 'https://x.example', ...over });

describe('what a business can offer', () => {
  let business: Business;
  let simulator: Simulator;
  givenBusiness((given) => ({ business, simulator } = given));

  const sent = async (fields: Json): Promise<string> =>
    String(asJson(asJsonList((await send(simulator, fields)).body['messages'])[0])['id']);
  const answer = async (body: Json, key = MAREN): Promise<void> => {
    const path = `${simulator.url}/phones/${key}/messages`;
    const { status } = await fetch(path, { method: 'POST', body: JSON.stringify(body) });
    expect(status).toBe(200);
  };
  const phones = async () => asJson(await (await fetch(`${simulator.url}/phones`)).json());
  const chosen = async (id: string): Promise<unknown> => {
    const chat = asJsonList((await phones())['chats']).find(({ key }) => key === MAREN);
    return asJsonList(chat?.['messages']).find((message) => message['id'] === id)?.['chosen'];
  };

  it.each<[string, Json]>([
    ['a link', link()],
    ['a request for the location', named('location_request_message', 'send_location')],
    ['a request for contact details', named('request_contact_info', 'request_contact_info')],
    ['a request to call', named('call_permission_request', 'call_permission_request')],
    ['a call button', named('voice_call', 'voice_call', { display_text: 'Call us', ttl_minutes: 60 })],
    ['a form', flow()],
    ['a request for an address', { ...asks(), to: `+${ASHA}` }],
    ['a product', offer('product', { catalog_id: '1', product_retailer_id: 'SKU' }, { body: undefined })],
    [
      'a list of products',
      offer(
        'product_list',
        { catalog_id: '1', sections: [{ product_items: [{ product_retailer_id: 'SKU' }] }] },
        { header: { type: 'text', text: 'New' } },
      ),
    ],
    ['the catalogue', named('catalog_message', 'catalog_message', {})],
  ])('takes %s', async (_name, fields) => {
    expect(await send(simulator, fields)).toMatchObject({ status: 200 });
  });

  it.each<[string, number, Json]>([
    ['a link with too many words', 131009, link({ display_text: 'x'.repeat(21) })],
    ['a link that is none', 131009, link({ url: 'javascript:alert(1)' })],
    [
      'a heading above a request',
      131009,
      named('location_request_message', 'send_location', undefined, { header: { type: 'text', text: 'x' } }),
    ],
    [
      'a footer below a request',
      131009,
      named('request_contact_info', 'request_contact_info', undefined, { footer: { text: 'x' } }),
    ],
    ['a request for an address outside India', 131009, { ...asks({ country: 'SG' }), to: `+${ASHA}` }],
    ['a request for an address to a number elsewhere', 131009, asks()],
    ['a request for an address without a country', 131008, { ...asks({ country: undefined }), to: `+${ASHA}` }],
    ['a PIN code of seven', 131009, { ...asks({ values: { in_pin_code: '4110012' } }), to: `+${ASHA}` }],
    ['a form by id and by name', 131008, flow({ flow_name: 'booking' })],
    ['a form without words on its button', 131008, flow({ flow_cta: undefined })],
    ['a call button for too long', 131009, named('voice_call', 'voice_call', { ttl_minutes: 43_201 })],
    ['a request under another name', 131009, named('location_request_message', 'location')],
    ['a list whose section is empty', 131009, offer('list', { button: 'x', sections: [{ rows: [] }] })],
    [
      'products without a heading',
      131008,
      offer('product_list', { catalog_id: '1', sections: [{ product_items: [{ product_retailer_id: 'SKU' }] }] }),
    ],
  ])('refuses %s', async (_name, code, fields) => {
    expect(await send(simulator, fields)).toMatchObject({ status: 400, body: { error: { code } } });
    expect((await control(simulator, 'GET', 'sent')).body['items']).toEqual([]);
  });

  it('answers a request for the location with a place', async () => {
    const quoted = await sent(named('location_request_message', 'send_location'));
    await answer({ text: 'Why?', quoted });
    expect(await chosen(quoted)).toBeUndefined();
    await answer({ location: { latitude: 38.7, longitude: -9.1, name: 'Home' }, quoted });
    await vi.waitFor(() => {
      // Two webhooks may overtake each other.
      const place = business.messages().find(({ type }) => type === 'location');
      expect(place).toMatchObject({ context: { id: quoted }, location: { latitude: 38.7, name: 'Home' } });
    });
    expect(await chosen(quoted)).toBe('location');
  });

  it('answers a request for contact details with a card that says so', async () => {
    const quoted = await sent(named('request_contact_info', 'request_contact_info'));
    await answer({ shareContact: true, quoted });
    await vi.waitFor(() => {
      expect(business.messages().at(-1)).toMatchObject({
        type: 'contacts',
        contacts: [{ origin: 'contact_request', phones: [{ phone: `+${MAREN}`, wa_id: MAREN }] }],
      });
    });
    expect(await chosen(quoted)).toBe('contacts');
  });

  it('gives somebody known by username a number once they share it', async () => {
    const teo = asJsonList((await phones())['phones']).find(({ waId }) => waId === null);
    await answer({ shareContact: true }, String(teo?.['key']));
    await vi.waitFor(() => {
      expect(business.messages()).toHaveLength(1);
    });
    const card = asJson(asJsonList(business.messages()[0]?.['contacts'])[0]);
    const waId = String(asJson(asJsonList(card['phones'])[0])['wa_id']);
    expect(waId).toMatch(/^1555\d{7}$/);
    const again = asJsonList((await phones())['phones']).find(({ key }) => key === teo?.['key']);
    expect(again).toMatchObject({ waId });
  });

  it('answers a request for an address, written or chosen', async () => {
    await control(simulator, 'POST', 'customers', { waId: ASHA, name: 'Asha' });
    const quoted = await sent({ ...asks(), to: `+${ASHA}` });
    const values = { name: 'Asha', in_pin_code: '411001' };
    await answer({ reply: { kind: 'address', id: '', title: 'Asha', answers: values }, quoted }, ASHA);
    await vi.waitFor(() => {
      expect(business.messages().at(-1)).toMatchObject({
        context: { id: quoted },
        interactive: {
          type: 'nfm_reply',
          nfm_reply: {
            name: 'address_message',
            body: 'Asha',
            response_json: '{"values":{"name":"Asha","in_pin_code":"411001"}}',
          },
        },
      });
    });
    await answer({ reply: { kind: 'address', id: 'home', title: 'Asha', answers: values }, quoted }, ASHA);
    await vi.waitFor(() => {
      const replies = business.messages().map((message) => JSON.stringify(message['interactive']));
      expect(replies.some((reply) => reply.includes('saved_address_id'))).toBe(true);
    });
  });

  it('orders from a list of products, at the prices of the catalogue', async () => {
    const items = [{ product_retailer_id: 'LGB-ATLAS-07' }, { product_retailer_id: 'LGB-MAP-22' }];
    const action = { catalog_id: '610038847722091', sections: [{ product_items: items }] };
    const quoted = await sent(offer('product_list', action, { header: { type: 'text', text: 'New' } }));
    const basket = { text: 'Gift wrap', items: [{ id: 'LGB-MAP-22', quantity: 3 }] };
    await answer({ order: basket, quoted });
    await vi.waitFor(() => {
      expect(business.messages().at(-1)).toMatchObject({
        type: 'order',
        context: { id: quoted },
        order: {
          catalog_id: '610038847722091',
          text: 'Gift wrap',
          product_items: [{ product_retailer_id: 'LGB-MAP-22', quantity: 3, item_price: 4.5, currency: 'EUR' }],
        },
      });
    });
    // It can be ordered again.
    expect(await chosen(quoted)).toBeUndefined();
  });

  it.each([
    [{ items: [] }],
    [{ items: [{ id: 'SKU', quantity: 1 }] }],
    [{ items: [{ id: 'LGB-MAP-22', quantity: 0 }] }],
  ])('takes no order that cannot be: %j', async (order) => {
    const path = `${simulator.url}/phones/${MAREN}/messages`;
    expect((await fetch(path, { method: 'POST', body: JSON.stringify({ order }) })).status).toBe(400);
    expect(business.messages()).toEqual([]);
  });

  it('answers a form, and a request to call', async () => {
    const form = await sent(flow({ flow_token: 'ft-1' }));
    await answer({ reply: { kind: 'flow', id: 'ft-1', title: 'Sent', answers: { name: 'Maren' } }, quoted: form });
    await vi.waitFor(() => {
      expect(business.messages().at(-1)).toMatchObject({
        interactive: {
          type: 'nfm_reply',
          nfm_reply: { name: 'flow', body: 'Sent', response_json: '{"flow_token":"ft-1","name":"Maren"}' },
        },
      });
    });
    const call = await sent(named('call_permission_request', 'call_permission_request'));
    await answer({ reply: { kind: 'call_permission', id: 'reject', title: 'No' }, quoted: call });
    await vi.waitFor(() => {
      expect(business.messages().at(-1)).toMatchObject({
        interactive: {
          type: 'call_permission_reply',
          call_permission_reply: { response: 'reject', response_source: 'user_action' },
        },
      });
    });
    expect(await chosen(call)).toBe('reject');
    expect(await chosen(form)).toBe('flow');
  });
});
