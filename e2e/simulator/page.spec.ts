import { get } from 'node:http';
import { describe, expect, it, vi } from 'vitest';
import { asJson, asJsonList, type Json } from './core/json.ts';
import type { Simulator } from './simulator.ts';
import { type Business, control, givenBusiness, graph, PHONE_NUMBER_ID, send, sendText } from './test-support.ts';

const MAREN = '12065550142';

describe('the phones page', () => {
  let business: Business;
  let simulator: Simulator;
  givenBusiness((given) => ({ business, simulator } = given));

  const post = async (
    path: string,
    body: Json,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; body: Json }> => {
    const answer = await fetch(`${simulator.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    return { status: answer.status, body: asJson(await answer.json()) };
  };
  const write = async (body: Json): Promise<string> => {
    const answer = await post(`/phones/${MAREN}/messages`, body);
    return String((answer.body['wamids'] as unknown[])[0]);
  };
  const chat = async (): Promise<Json[]> => {
    const state = asJson(await (await fetch(`${simulator.url}/phones`)).json());
    return asJsonList(asJsonList(state['chats']).find(({ key }) => key === MAREN)?.['messages']);
  };
  const bubble = async (id: string): Promise<Json> => asJson((await chat()).find((message) => message['id'] === id));

  it('is served with a strict policy, and nothing beside it', async () => {
    const page = await fetch(`${simulator.url}/`);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'");
    expect(await page.text()).toContain('Write as a customer');
    expect((await fetch(`${simulator.url}/page/main.js`)).headers.get('content-type')).toContain('text/javascript');
    const { hostname: host, port } = new URL(simulator.url);
    for (const path of ['/page/../main.ts', '/page/%2e%2e/main.ts', '/page/nothing.js', '/control/nothing']) {
      const status = await new Promise((resolve) => {
        get({ host, port, path }, (answer) => {
          resolve(answer.statusCode);
        });
      });
      expect(status, path).toBe(404);
    }
  });

  it('is for this machine and its own pages only', async () => {
    const foreign = await post(`/phones/${MAREN}/messages`, { text: 'x' }, { origin: 'https://evil.example' });
    expect(foreign.status).toBe(403);
    const rebound = await new Promise((resolve) => {
      get(`${simulator.url}/phones`, { headers: { host: 'evil.example' } }, (answer) => {
        resolve(answer.statusCode);
      });
    });
    expect(rebound).toBe(403);
    expect(business.messages()).toEqual([]);
  });

  it('moves the ticks of what the customer wrote: sent, taken, read', async () => {
    const first = await write({ text: 'Hi!' });
    const second = await write({ text: 'Anybody there?' });
    await vi.waitFor(async () => {
      expect((await chat()).map(({ status }) => status)).toEqual(['delivered', 'delivered']);
    });
    await graph(simulator, 'POST', `${PHONE_NUMBER_ID}/messages`, {
      messaging_product: 'whatsapp',
      status: 'read',
      message_id: second,
    });
    expect(await bubble(first)).toMatchObject({ status: 'read' });
    expect(await bubble(second)).toMatchObject({ status: 'read' });
  });

  it('quotes, reacts, and takes the reaction back', async () => {
    const offer = await sendText(simulator, 'Shall we keep one for you?');
    await write({ text: 'Yes!', quoted: offer });
    await write({ reaction: { messageId: offer, emoji: '👍' } });
    await vi.waitFor(() => {
      expect(business.messages()).toHaveLength(2);
    });
    expect(business.messages()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ context: { from: '12025550134', id: offer }, text: { body: 'Yes!' } }),
        expect.objectContaining({ type: 'reaction', reaction: { message_id: offer, emoji: '👍' } }),
      ]),
    );
    expect(await bubble(offer)).toMatchObject({ reactions: { customer: '👍' } });

    await write({ reaction: { messageId: offer, emoji: '' } });
    await vi.waitFor(() => {
      expect(business.messages()).toHaveLength(3);
    });
    expect(business.messages().at(-1)).toMatchObject({ reaction: { message_id: offer } });
    expect(asJson(business.messages().at(-1)?.['reaction'])).not.toHaveProperty('emoji');
    expect((await bubble(offer))['reactions']).toEqual({});
  });

  it('taps buttons of the business, of each kind', async () => {
    await sendText(simulator, 'first');
    const quoted = String((await chat()).at(-1)?.['id']);
    await write({ reply: { kind: 'button', id: 'pickup:tomorrow', title: 'Tomorrow' }, quoted });
    await write({ reply: { kind: 'list', id: 'row', title: 'Travel', description: 'Guides' }, quoted });
    await write({ reply: { kind: 'template', id: 'STOP', title: 'Stop' }, quoted });
    await vi.waitFor(() => {
      expect(business.messages()).toHaveLength(3);
    });
    expect(business.messages()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          interactive: { type: 'button_reply', button_reply: { id: 'pickup:tomorrow', title: 'Tomorrow' } },
        }),
        expect.objectContaining({
          interactive: { type: 'list_reply', list_reply: { id: 'row', title: 'Travel', description: 'Guides' } },
        }),
        expect.objectContaining({ type: 'button', button: { payload: 'STOP', text: 'Stop' } }),
      ]),
    );
  });

  it('tells open pages of what happens, live', async () => {
    const abort = new AbortController();
    const stream = await fetch(`${simulator.url}/phones/events`, { signal: abort.signal });
    const events: Json[] = [];
    const reading = (async () => {
      if (!stream.body) return;
      for await (const chunk of stream.body.pipeThrough(new TextDecoderStream())) {
        for (const [, data] of chunk.matchAll(/^data: (.*)$/gm)) events.push(asJson(JSON.parse(data ?? '{}')));
      }
    })().catch(() => undefined);
    const id = await write({ text: 'Hi!' });
    await graph(simulator, 'POST', `${PHONE_NUMBER_ID}/messages`, {
      messaging_product: 'whatsapp',
      status: 'read',
      message_id: id,
      typing_indicator: { type: 'text' },
    });
    await send(simulator, { type: 'text', text: { body: 'Hello Maren' } });
    await vi.waitFor(() => {
      expect(events).toContainEqual({ type: 'typing', key: MAREN, phoneNumberId: PHONE_NUMBER_ID });
      const bodies = events.map((event) => asJson(asJson(event['message'])['content'])['body']);
      expect(bodies).toEqual(expect.arrayContaining(['Hi!', 'Hello Maren']));
    });
    abort.abort();
    await reading;
  });

  it('adds customers, with a phone or with a username only', async () => {
    const withPhone = await post('/phones', { name: 'Ada Larkin', phone: '+1 206 555 0119' });
    expect(withPhone.body).toMatchObject({ name: 'Ada Larkin', waId: '12065550119', presence: 'open' });
    const withName = await post('/phones', { name: 'Teo Two', username: '@Quiet.Harbor' });
    expect(withName.body).toMatchObject({ waId: null, username: 'quiet.harbor' });
    for (const wrong of [{ name: '' }, { name: 'X' }, { name: 'X', phone: '12' }, { name: 'X', username: 'é' }]) {
      expect((await post('/phones', wrong)).status).toBe(400);
    }
  });

  it('shows whoever writes through the control routes as well', async () => {
    await control(simulator, 'POST', 'inbound', {
      contacts: [{ profile: { name: 'Priya R.' }, wa_id: '12125550187' }],
      messages: [{ from: '12125550187', text: { body: 'Hello' } }],
    });
    const state = asJson(await (await fetch(`${simulator.url}/phones`)).json());
    expect(asJsonList(state['phones'])).toContainEqual(
      expect.objectContaining({ name: 'Priya R.', key: '12125550187' }),
    );
  });

  it('keeps the phones of the people it begins with, however many others write', async () => {
    for (let n = 0; n < 65; n += 1)
      await post('/phones', { name: `Crowd ${String(n)}`, phone: `+1206556${String(1_000 + n)}` });
    const state = asJson(await (await fetch(`${simulator.url}/phones`)).json());
    const names = asJsonList(state['phones']).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['Rafael Nunes', 'Teo', 'Crowd 64']));
    expect(names).not.toContain('Crowd 0');
  });
});
