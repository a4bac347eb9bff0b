import { createHmac } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import { asJson, asJsonList, asText } from './core/json.ts';
import { encodeWire, sign256 } from './core/wire.ts';
import type { Simulator } from './simulator.ts';
import {
  APP_SECRET,
  type Business,
  control,
  givenBusiness,
  PHONE_NUMBER_ID,
  send,
  sendText,
  startBusiness,
  VERIFY_TOKEN,
} from './test-support.ts';

const fromMaren = { from: '12065550142', type: 'text', text: { body: 'Café: https://lantern.example/a 😀' } };

describe('the wire', () => {
  it('matches known signatures', () => {
    const body = encodeWire({ object: 'whatsapp_business_account', entry: [] });
    expect(sign256(Buffer.from(body), 'test_app_secret')).toBe(
      'sha256=dec6a680679a968e7e0319355b23599cbfc54502c0784668e9618baa0c633756',
    );
  });

  it('is ASCII with lower-case escapes and escaped slashes, and reads back the same', () => {
    const value = { text: 'Þórð https://x 😀 "q" \n' };
    const wire = encodeWire(value);
    expect(wire).toContain(String.raw`\u00de\u00f3r\u00f0 https:\/\/x \ud83d\ude00`);
    expect(JSON.parse(wire)).toEqual(value);
  });
});

describe('webhooks', () => {
  let business: Business;
  let simulator: Simulator;
  givenBusiness((given) => ({ business, simulator } = given));

  it('asks for the challenge once, then delivers signed bytes', async () => {
    const first = await control(simulator, 'POST', 'inbound', { messages: [fromMaren] });
    await control(simulator, 'POST', 'inbound', { messages: [fromMaren] });

    expect(first).toMatchObject({ status: 200, body: { delivered: true } });
    expect(business.handshakes).toHaveLength(1);
    expect(business.handshakes[0]?.get('hub.verify_token')).toBe(VERIFY_TOKEN);
    expect(business.received).toHaveLength(2);
    for (const { raw, headers } of business.received) {
      const expected = createHmac('sha256', APP_SECRET).update(raw).digest('hex');
      expect(headers['x-hub-signature-256']).toBe(`sha256=${expected}`);
      expect(raw.every((byte) => byte < 0x80)).toBe(true);
      expect(raw.toString()).toContain(String.raw`Caf\u00e9: https:\/\/lantern.example\/a \ud83d\ude00`);
    }
  });

  it('completes a fragment to what Meta would have written', async () => {
    const { body } = await control(simulator, 'POST', 'inbound', {
      contacts: [{ profile: { name: 'Maren Okafor' }, wa_id: '12065550142' }],
      messages: [fromMaren],
    });
    const [wamid] = body['wamids'] as string[];
    const [value] = business.values();

    expect(value?.['metadata']).toEqual({ display_phone_number: '12025550134', phone_number_id: PHONE_NUMBER_ID });
    const [contact] = asJsonList(value?.['contacts']);
    expect(contact).toMatchObject({ profile: { name: 'Maren Okafor' }, wa_id: '12065550142' });
    expect(contact?.['user_id']).toMatch(/^US\.\d+$/);
    const [message] = business.messages();
    expect(message).toMatchObject({ ...fromMaren, id: wamid, from_user_id: contact?.['user_id'] });
    expect(message?.['timestamp']).toMatch(/^\d{10}$/);
    const record = Buffer.from(asText(message?.['id'])?.slice('wamid.'.length) ?? '', 'base64');
    expect(record.subarray(0, 14).toString('hex')).toBe(`1c180b${Buffer.from('12065550142').toString('hex')}`);
    expect(record.subarray(14, 20).toString('hex')).toBe('150200121814');
    expect(record.subarray(20, 40).toString()).toMatch(/^[0-9A-F]{20}$/);
  });

  it('leaves out what is given as null, and knows people without a phone', async () => {
    await control(simulator, 'POST', 'inbound', {
      messages: [{ from: '12065550142', from_user_id: null, text: { body: 'from before user ids' } }],
    });
    await control(simulator, 'POST', 'inbound', {
      contacts: [{ profile: { name: 'Teo', username: 'quietharbor.77' }, user_id: 'CA.88213004517736620914' }],
      messages: [{ text: { body: 'no phone' } }],
    });
    const [legacy, withoutPhone] = business.messages();
    expect(legacy).not.toHaveProperty('from_user_id');
    expect(withoutPhone).toMatchObject({ from_user_id: 'CA.88213004517736620914', text: { body: 'no phone' } });
    expect(withoutPhone).not.toHaveProperty('from');
  });

  it('tries every answer but 200 again until it is taken', async () => {
    business.answers.push(503, 401, 204);
    const answer = await control(simulator, 'POST', 'inbound', { messages: [fromMaren] });
    const { body } = await control(simulator, 'GET', 'webhooks');

    expect(answer.body['delivered']).toBe(true);
    expect(new Set(business.received.map(({ raw }) => raw.toString())).size).toBe(1);
    const attempts = asJsonList(asJsonList(body['items'])[0]?.['attempts']);
    expect(attempts.map((attempt) => attempt['status'])).toEqual([503, 401, 204, 200]);
    expect(body).toMatchObject({ delivered: 1, given_up: 0, pending: 0 });
  });

  it('waits for a business that is not up yet', async () => {
    const { port } = new URL(business.url);
    await business.close();
    const waiting = control(simulator, 'POST', 'inbound', { messages: [fromMaren] });
    await vi.waitFor(async () => {
      expect((await control(simulator, 'GET', 'webhooks')).body['pending']).toBe(1);
    });
    business = await startBusiness(Number(port));

    expect((await waiting).body['delivered']).toBe(true);
    expect(business.messages()).toHaveLength(1);
  });

  it('answers 202 at once when nobody waits', async () => {
    const fragments = ['a', 'b', 'c'].map((body) => ({ messages: [{ ...fromMaren, text: { body } }] }));
    const answer = await control(simulator, 'POST', 'inbound?wait=false', fragments);
    expect(answer).toMatchObject({ status: 202, body: { delivered: false } });
    expect(answer.body['wamids']).toHaveLength(3);
    await vi.waitFor(() => {
      expect(business.messages()).toHaveLength(3);
    });
  });

  it('batches, duplicates and reorders on demand', async () => {
    await control(simulator, 'POST', 'faults', { webhooks: { batch: 50 } });
    const fragments = Array.from({ length: 120 }, (_, n) => ({
      messages: [{ ...fromMaren, text: { body: String(n) } }],
    }));
    await control(simulator, 'POST', 'inbound', fragments);
    expect(business.received.map(({ body }) => asJsonList(asJsonList(body['entry'])[0]?.['changes']).length)).toEqual([
      50, 50, 20,
    ]);

    await control(simulator, 'POST', 'faults', { webhooks: { batch: 1, duplicate: 1, reorder: 0.5 } });
    business.received.length = 0;
    await control(simulator, 'POST', 'inbound', fragments.slice(0, 40));
    await vi.waitFor(() => {
      expect(business.messages()).toHaveLength(80);
    });
    const bodies = business.messages().map((message) => Number(asJson(message['text'])['body']));
    expect(new Set(bodies).size).toBe(40);
    expect(bodies.slice(0, 40)).not.toEqual(bodies.slice(0, 40).toSorted((a, b) => a - b));
  });

  it('gives media without an id a file that can be fetched', async () => {
    const data = Buffer.from('not really a picture').toString('base64');
    await control(simulator, 'POST', 'inbound', {
      messages: [{ from: '12065550142', type: 'image', image: { caption: 'torn', mime_type: 'image/jpeg', data } }],
    });
    const image = asJson(business.messages()[0]?.['image']);
    expect(image).toMatchObject({ caption: 'torn', mime_type: 'image/jpeg' });
    expect(image).not.toHaveProperty('data');
    const bytes = await fetch(asText(image['url']) ?? '', { headers: { authorization: 'Bearer test-access-token' } });
    expect(await bytes.text()).toBe('not really a picture');
  });

  describe('statuses', () => {
    it('tells sent, delivered and read, with pricing and our own data', async () => {
      const wamid = await sendText(simulator, 'Hello', { biz_opaque_callback_data: 'job-8841' });
      await vi.waitFor(() => {
        expect(business.statuses(wamid)).toHaveLength(3);
      });
      const statuses = business.statuses(wamid);

      expect(statuses.map((status) => status['status'])).toEqual(expect.arrayContaining(['sent', 'delivered', 'read']));
      for (const status of statuses) {
        expect(status).toMatchObject({ recipient_id: '12065550142', biz_opaque_callback_data: 'job-8841' });
        expect(status['recipient_user_id']).toMatch(/^US\./);
      }
      expect(statuses.find((status) => status['status'] === 'delivered')?.['pricing']).toEqual({
        billable: false,
        pricing_model: 'PMP',
        type: 'free_customer_service',
        category: 'service',
      });
    });

    it('follows the phone: nothing without signal, unread in a pocket, read when opened', async () => {
      await control(simulator, 'POST', 'customers', { waId: '12065550142', presence: 'off' });
      const wamid = await sendText(simulator, 'Hello');
      const seen = (): unknown[] => business.statuses(wamid).map((status) => status['status']);
      await vi.waitFor(() => {
        expect(seen()).toEqual(['sent']);
      });
      await control(simulator, 'POST', 'customers', { waId: '12065550142', presence: 'away' });
      await vi.waitFor(() => {
        expect(seen()).toEqual(['sent', 'delivered']);
      });
      await control(simulator, 'POST', 'customers', { waId: '12065550142', presence: 'open' });
      await vi.waitFor(() => {
        expect(seen()).toEqual(['sent', 'delivered', 'read']);
      });
    });

    it('sends what a test asks for, with Meta’s texts, and nothing by itself when told so', async () => {
      await control(simulator, 'POST', 'faults', { statuses: { auto: false } });
      const wamid = await sendText(simulator, 'Hello');
      const failed = { wamid, status: 'failed', timestamp: '1795000100', errors: [131026] };
      const answer = await control(simulator, 'POST', 'statuses', [{ wamid, status: 'read' }, failed]);

      expect(answer).toMatchObject({ status: 200, body: { delivered: true } });
      const late = business.statuses(wamid).find((status) => status['status'] === 'failed');
      expect(late).toMatchObject({
        timestamp: '1795000100',
        errors: [{ code: 131026, title: 'Message Undeliverable' }],
      });
      expect(late).not.toHaveProperty('recipient_user_id');
      expect(business.statuses(wamid)).toHaveLength(2);
    });

    it('names only the user id of somebody without a phone', async () => {
      const answer = await send(simulator, {
        recipient: 'CA.88213004517736620914',
        type: 'text',
        text: { body: 'Hi' },
      });
      expect(answer.body['contacts']).toEqual([
        { input: 'CA.88213004517736620914', user_id: 'CA.88213004517736620914' },
      ]);
      await vi.waitFor(() => {
        expect(business.statuses()).toHaveLength(3);
      });
      for (const status of business.statuses()) {
        expect(status['recipient_user_id']).toBe('CA.88213004517736620914');
        expect(status).not.toHaveProperty('recipient_id');
      }
    });
  });
});
