import type { AgentList, ConversationList, MessageList } from '@parley/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, TEST_PASSWORD, type TestAgent, type TestApp } from './support/test-app.js';

const signIns = [
  { name: 'Ana Souza', email: 'ana@demo.parley', role: 'admin', password: TEST_PASSWORD },
  { name: 'Ben Okafor', email: 'ben@demo.parley', role: 'supervisor', password: TEST_PASSWORD },
  { name: 'Chen Wei', email: 'chen@demo.parley', role: 'agent', password: TEST_PASSWORD },
  { name: 'Dina Haddad', email: 'dina@demo.parley', role: 'agent', password: TEST_PASSWORD },
];

describe('the demo installation', () => {
  let test: TestApp;
  let ana: TestAgent;

  beforeAll(async () => {
    test = await startTestApp({
      env: {
        DEMO_MODE: 'true',
        DEMO_SIGN_INS: JSON.stringify(signIns),
        WHATSAPP_ACCESS_TOKEN: 'demo-token',
        WHATSAPP_PHONE_NUMBER_ID: '274119865530142',
        WHATSAPP_BUSINESS_ACCOUNT_ID: '318840027715906',
        WHATSAPP_GRAPH_URL: 'http://127.0.0.1:9',
      },
    });
    ana = await test.signIn('ana@demo.parley');
  });
  afterAll(() => test.close());

  it('has its team and offers one-click sign-ins', async () => {
    const { body } = await test.call<AgentList>(ana, 'GET', '/agents');
    expect(body.items.map(({ name, role }) => ({ name, role }))).toEqual(
      signIns.map(({ name, role }) => ({ name, role })),
    );
    const options = await test.call(null, 'GET', '/auth/options');
    expect(options.body).toMatchObject({ demo: true, signIns });
  });

  it('has a day of conversations in every state, each as the contract says', async () => {
    const { body } = await test.call<ConversationList>(ana, 'GET', '/conversations?status=all&limit=100');
    expect(new Set(body.items.map(({ status }) => status))).toEqual(
      new Set(['open', 'pending', 'resolved', 'snoozed']),
    );
    expect(body.items.some(({ handler }) => handler === 'queue')).toBe(true);
    expect(body.items.some(({ unreadCount }) => unreadCount === 0)).toBe(true);
    expect(body.items.some(({ unreadCount = 0 }) => unreadCount > 0)).toBe(true);
    for (const conversation of body.items) {
      const messages = await test.call<MessageList>(ana, 'GET', `/conversations/${conversation.id}/messages`);
      expect(messages.body.items.map(({ seq }) => seq)).toEqual(
        Array.from({ length: conversation.lastSeq }, (_, index) => conversation.lastSeq - index),
      );
      expect(messages.body.timeline.length).toBeGreaterThan(0);
      expect(conversation.lastMessage?.id).toBe(messages.body.items[0]?.id);
    }
  });

  it('is filled once', async () => {
    const before = await test.call<ConversationList>(ana, 'GET', '/conversations?status=all&limit=100');
    const again = await startTestApp({ sharing: test });
    await again.close();
    const after = await test.call<ConversationList>(ana, 'GET', '/conversations?status=all&limit=100');
    expect(after.body.items).toEqual(before.body.items);
  });
});
