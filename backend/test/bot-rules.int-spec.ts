import type { BotDryRunResult, BotRuleList, PutBotRules } from '@parley/contract';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultBotRules } from '../src/bot/default-rules.js';
import { startTestApp, type TestAgent, type TestApp } from './support/test-app.js';

describe('the rules of the bot over HTTP', () => {
  let test: TestApp;
  let admin: TestAgent;
  let channelId: string;

  const rulesPath = () => `/channels/${channelId}/bot-rules`;
  const put = (rules: PutBotRules['rules']) => test.call<BotRuleList>(admin, 'PUT', rulesPath(), { rules });

  beforeAll(async () => {
    test = await startTestApp();
    admin = await test.given.agent({ role: 'admin' });
    channelId = (await test.given.channel()).id;
  });
  afterAll(() => test.close());

  it('are replaced as a whole, in order, and keep their ids', async () => {
    const first = await put(defaultBotRules());
    expect(first.status).toBe(200);
    const [person, prices, ...rest] = first.body.items;
    if (!person || !prices) throw new Error('rules are missing');
    const draft = ({ id, name, enabled, match, keywords, answer, handOver }: typeof prices) => ({
      ...{ id, name, enabled, match, keywords, answer, handOver },
    });
    const second = await put([draft(prices), { ...draft(person), name: 'Human' }, ...rest.map(draft)]);
    expect(second.body.items.map((rule) => rule.id)).toEqual([prices.id, person.id, ...rest.map((rule) => rule.id)]);
    expect(second.body.items[1]?.name).toBe('Human');
    expect((await put([])).body.items).toEqual([]);
    await put(defaultBotRules());
  });

  it('refuse strange ids, strangers and too much', async () => {
    const [rule] = defaultBotRules();
    if (!rule) throw new Error('rules are missing');
    expect((await put([{ ...rule, id: randomUUID() }])).body).toMatchObject({ code: 'bot_rule.not_found' });
    expect((await put([{ ...rule, keywords: [] }])).status).toBe(400);
    const lost = await test.call(admin, 'GET', `/channels/${randomUUID()}/bot-rules`);
    expect(lost.body).toMatchObject({ code: 'channel.not_found' });
    expect((await test.call(await test.given.agent(), 'GET', rulesPath())).status).toBe(403);
    const supervisor = await test.given.agent({ role: 'supervisor' });
    expect((await test.call(supervisor, 'GET', rulesPath())).status).toBe(200);
    expect((await test.call(supervisor, 'PUT', rulesPath(), { rules: [] })).status).toBe(403);
  });

  it('can be tried without a customer', async () => {
    const { status, body } = await test.call<BotDryRunResult>(admin, 'POST', `${rulesPath()}/dry-run`, {
      text: 'Good morning, what does it COST?',
    });
    expect(status).toBe(200);
    expect(body.steps.map((step) => step.outcome)).toEqual(['no_match', 'matched', ...Array(3).fill('not_reached')]);
    expect(body).toMatchObject({ fallback: false, botEnabled: false, handsOver: false });
    expect(body.steps[1]).toMatchObject({ keyword: 'cost', reason: 'fires' });
    expect(body.steps[4]).toMatchObject({ reason: 'after_match', near: 'good morning' });
  });

  it('can be tried as a draft, which stays one', async () => {
    const [rule] = defaultBotRules();
    if (!rule) throw new Error('rules are missing');
    const draft = { ...rule, name: 'Draft', keywords: ['zebra'] };
    const tried = await test.call<BotDryRunResult>(admin, 'POST', `${rulesPath()}/dry-run`, {
      text: 'a zebra',
      rules: [draft],
    });
    expect(tried.body.steps).toMatchObject([{ name: 'Draft', outcome: 'matched', keyword: 'zebra' }]);
    const { body } = await test.call<BotRuleList>(admin, 'GET', rulesPath());
    expect(body.items.some(({ name }) => name === 'Draft')).toBe(false);
  });
});
