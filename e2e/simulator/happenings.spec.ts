import { describe, expect, it, vi } from 'vitest';
import { asJson, asJsonList, type Json } from './core/json.ts';
import type { Simulator } from './simulator.ts';
import { type Business, givenBusiness, PHONE_NUMBER_ID, send, sendText } from './test-support.ts';

const MAREN = '12065550142';
const MAREN_USER = 'US.40918837265510472219';

/** What each happening sends: its webhook field, and something that only it has. */
const TOLD: Readonly<Record<string, { field: string; value: Json }[]>> = {
  order: [one('messages', { messages: [{ type: 'order', order: { catalog_id: '610038847722091' } }] })],
  address: [one('messages', { messages: [{ interactive: { nfm_reply: { name: 'address_message' } } }] })],
  forwarded: [one('messages', { messages: [{ context: { forwarded: true } }] })],
  forwarded_often: [one('messages', { messages: [{ context: { frequently_forwarded: true } }] })],
  advertisement: [one('messages', { messages: [{ referral: { source_type: 'ad' } }] })],
  product_question: [
    one('messages', { messages: [{ context: { referred_product: { product_retailer_id: 'LGB-ATLAS-07' } } }] }),
  ],
  group: [one('messages', { messages: [{ type: 'text', group_id: expect.any(String) }] })],
  welcome: [one('messages', { messages: [{ type: 'request_welcome' }] })],
  poll: [one('messages', { messages: [{ type: 'unsupported', unsupported: { type: 'poll_creation' } }] })],
  too_big: [one('messages', { messages: [{ type: 'unsupported', errors: [{ code: 131052 }] }] })],
  future: [one('messages', { messages: [{ type: 'hologram', hologram: { depth: 3 } }] })],
  stop_marketing: [one('user_preferences', { user_preferences: [{ value: 'stop', wa_id: MAREN }] })],
  resume_marketing: [one('user_preferences', { user_preferences: [{ value: 'resume', wa_id: MAREN }] })],
  window_closes: [],
  history: [
    one('history', { history: [{ metadata: { progress: 45 }, threads: [{ id: MAREN }] }] }),
    one('history', { history: [{ metadata: { progress: 100 }, threads: [{ id: MAREN }] }] }),
    one('history', { messages: [{ type: 'image', image: { id: expect.any(String) } }] }),
  ],
  history_declined: [one('history', { history: [{ errors: [{ code: 2593109 }] }] })],
  address_book: [one('smb_app_state_sync', { state_sync: [{ action: 'add', contact: { phone_number: MAREN } }] })],
  standby: [
    one('standby', {
      messages: [{ from: MAREN, text: { body: 'Is anyone there?' } }],
      message_echoes: [{ to: MAREN, text: { body: 'I am the automated assistant.' } }],
    }),
  ],
  notice: [one('messages', { errors: [{ code: 130429 }] })],
};

function one(field: string, value: Json): { field: string; value: Json } {
  return { field, value };
}

let business: Business;
let simulator: Simulator;
givenBusiness((given) => ({ business, simulator } = given));

async function act(action: string, body: Json): Promise<{ status: number; body: Json }> {
  const answer = await fetch(`${simulator.url}/phones/${MAREN}/${action}`, {
    method: 'POST',
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: asJson(await answer.json()) };
}
async function snapshot(): Promise<Json> {
  return asJson(await (await fetch(`${simulator.url}/phones`)).json());
}
async function bubble(id: string): Promise<Json> {
  const chat = asJsonList((await snapshot())['chats']).find(({ key }) => key === MAREN);
  return asJson(asJsonList(chat?.['messages']).find((message) => message['id'] === id));
}
const firstOf = (answer: { body: Json }): string => String((answer.body['wamids'] as unknown[])[0]);
/** Every change received so far, by time of arrival. */
const changes = (): Json[] =>
  business.received
    .flatMap(({ body }) => asJsonList(body['entry']))
    .flatMap((entry) => asJsonList(entry['changes']))
    .filter(({ value }) => !('statuses' in asJson(value)));

describe('what can be made to happen from a phone', () => {
  it('stands on the page, each under a heading and with a sentence', async () => {
    const offered = asJsonList((await snapshot())['happenings']);
    expect(offered.map(({ id }) => id)).toEqual(Object.keys(TOLD));
    for (const { group, title, about } of offered) {
      expect([group, title, about].map((text) => String(text).length > 3)).toEqual([true, true, true]);
    }
    expect((await act('happenings', { what: 'nothing' })).status).toBe(400);
  });

  it.each(Object.entries(TOLD))('%s reaches the business as Meta would tell it', async (what, expected) => {
    await sendText(simulator, 'Hello'); // a chat to stand in
    expect((await act('happenings', { what })).status).toBe(200);
    await vi.waitFor(() => {
      expect(changes()).toHaveLength(expected.length);
    });
    expect(changes().map(({ field }) => field)).toEqual(expected.map(({ field }) => field));
    for (const { value } of expected) {
      expect(changes().map((change) => change['value'])).toContainEqual(matching(value));
    }
  });

  it('edits and deletes what the customer wrote', async () => {
    const id = firstOf(await act('messages', { text: 'The RED atlas' }));
    await act('messages', { edit: { messageId: id, text: 'The BLUE atlas' } });
    expect(await bubble(id)).toMatchObject({ edited: true, content: { body: 'The BLUE atlas' } });
    await act('messages', { revoke: { messageId: id } });
    expect(await bubble(id)).toMatchObject({ revoked: true });
    await vi.waitFor(() => {
      expect(business.messages()).toHaveLength(3);
    });
    expect(business.messages()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          type: 'edit',
          edit: { original_message_id: id, message: { type: 'text', text: { body: 'The BLUE atlas' } } },
        }),
        expect.objectContaining({ type: 'revoke', revoke: { original_message_id: id } }),
      ]),
    );
  });
});

describe('the business’s own phone', () => {
  const echoes = (): Json[] => business.values().flatMap((value) => asJsonList(value['message_echoes']));

  it('writes, quotes, reacts, edits and deletes, and the business hears each as an echo', async () => {
    const asked = firstOf(await act('messages', { text: 'Open today?' }));
    const id = firstOf(await act('business', { text: 'Until six', quoted: asked }));
    await act('business', { reaction: { messageId: asked, emoji: '❤️' } });
    expect(await bubble(id)).toMatchObject({ from: 'business', byApp: true, content: { body: 'Until six' } });
    expect(await bubble(asked)).toMatchObject({ reactions: { business: '❤️' } });
    await act('business', { edit: { messageId: id, text: 'Until seven' } });
    await act('business', { revoke: { messageId: id } });
    expect(await bubble(id)).toMatchObject({ revoked: true, content: { body: 'Until seven' } });
    await vi.waitFor(() => {
      expect(echoes().map(({ type }) => type)).toEqual(expect.arrayContaining(['text', 'reaction', 'edit', 'revoke']));
    });
    for (const echo of echoes()) expect(echo).toMatchObject({ from: '12025550134', to: MAREN, to_user_id: MAREN_USER });
  });

  it('changes only what it wrote itself', async () => {
    const asked = firstOf(await act('messages', { text: 'Open today?' }));
    const sent = await sendText(simulator, 'From the inbox');
    for (const messageId of [asked, sent, 'wamid.unknown00']) {
      expect((await act('business', { revoke: { messageId } })).status).toBe(400);
    }
    expect(echoes()).toEqual([]);
  });
});

describe('who a customer is', () => {
  const systems = (): Json[] =>
    business
      .messages()
      .filter(({ type }) => type === 'system')
      .map(({ system, ...message }) => ({ ...message, ...asJson(system) }));

  it('changes with the number: webhooks name the new one, and they are found by both', async () => {
    const changed = await act('identity', { phone: '+1 206 555 0199' });
    expect(changed.body).toMatchObject({ key: MAREN, waId: '12065550199' });
    await vi.waitFor(() => {
      expect(systems()).toHaveLength(1);
    });
    expect(systems()[0]).toMatchObject({
      from: MAREN,
      wa_id: '12065550199',
      previous_user_id: MAREN_USER,
      type: 'user_changed_number',
    });
    await act('messages', { text: 'New phone, same me' });
    await vi.waitFor(() => {
      expect(business.messages()).toContainEqual(
        expect.objectContaining({ from: '12065550199', from_user_id: systems()[0]?.['user_id'] }),
      );
    });
    await sendText(simulator, 'to the old', { to: MAREN });
    await sendText(simulator, 'to the new', { to: '12065550199' });
    expect(simulator.control.sent().map(({ customerKey }) => customerKey)).toEqual([MAREN, MAREN]);
    for (const phone of ['+1 206 555 0199', '447700900456', '12']) {
      expect((await act('identity', { phone })).status, phone).toBe(400);
    }
  });

  it('changes with the user id, and no number comes with it', async () => {
    await act('identity', { userId: 'new' });
    await vi.waitFor(() => {
      expect(systems()).toHaveLength(1);
    });
    expect(systems()[0]).toMatchObject({ previous_user_id: MAREN_USER, type: 'user_changed_user_id' });
    expect(systems()[0]).not.toHaveProperty('from');
    expect(systems()[0]).not.toHaveProperty('wa_id');
  });

  it('is the user id alone while the number is hidden', async () => {
    expect((await act('identity', { hidesNumber: true })).body).toMatchObject({ hidesNumber: true });
    await act('messages', { text: 'Guess who' });
    await act('calls', { isPickedUp: false });
    await vi.waitFor(() => {
      expect(business.received.length).toBeGreaterThanOrEqual(3);
    });
    expect(Buffer.concat(business.received.map(({ raw }) => raw)).toString()).not.toContain(`"${MAREN}"`);
    await act('identity', { hidesNumber: false });
    await act('messages', { text: 'Me again' });
    await vi.waitFor(() => {
      expect(business.messages()).toContainEqual(expect.objectContaining({ from: MAREN, text: { body: 'Me again' } }));
    });
  });
});

describe('failures on demand', () => {
  const codeOf = (answer: { body: Json }): unknown => asJson(answer.body['error'])['code'];

  it('come for every code, once, at once, and for that customer alone', async () => {
    simulator.control.faults({ limits: { pair: false } });
    const codes = asJsonList((await snapshot())['failures']).map(({ code }) => code);
    expect(codes.length).toBeGreaterThan(80);
    for (const code of codes) {
      await act('failures', { code, phoneNumberId: PHONE_NUMBER_ID });
      const other = await send(simulator, { to: '447700900456', type: 'text', text: { body: 'Hi' } });
      expect([codeOf(other), other.status]).toEqual([undefined, 200]);
      expect(codeOf(await send(simulator, { type: 'text', text: { body: 'Hi' } }))).toBe(code);
    }
    expect((await send(simulator, { type: 'text', text: { body: 'Hi' } })).status).toBe(200);
  });

  it('come after acceptance as well, also when the message goes to the user id', async () => {
    await act('failures', { code: 131049, async: true });
    const wamid = await sendText(simulator, 'Hi', { recipient: MAREN_USER });
    await vi.waitFor(() => {
      expect(business.statuses(wamid)).toContainEqual(
        expect.objectContaining({ status: 'failed', errors: [expect.objectContaining({ code: 131049 })] }),
      );
    });
  });

  it('come by themselves once the customer has been silent for a day', async () => {
    await act('messages', { text: 'Hi' });
    expect((await send(simulator, { type: 'text', text: { body: 'Hi' } })).status).toBe(200);
    await act('happenings', { what: 'window_closes' });
    expect(codeOf(await send(simulator, { type: 'text', text: { body: 'Hi' } }))).toBe(131047);
    await act('messages', { text: 'Back again' });
    expect((await send(simulator, { type: 'text', text: { body: 'Hi' } })).status).toBe(200);
  });

  it('are refused without a code', async () => {
    for (const code of [undefined, 'x', -1, 1.5]) expect((await act('failures', { code })).status).toBe(400);
  });
});

/** The value with its objects and lists open for more. */
function matching(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(matching);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return expect.objectContaining(Object.fromEntries(Object.entries(value).map(([key, one]) => [key, matching(one)])));
}
