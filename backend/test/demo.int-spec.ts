import type {
  AgentList,
  ConversationCounts,
  ConversationList,
  Demo,
  MessageList,
  Team,
  TeamList,
} from '@parley/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LiveClient } from './support/live-client.js';
import { waitFor } from './support/wait-for.js';
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

  it('has two teams with people in them and threads that wait, each seen by its own', async () => {
    const agents = (await test.call<AgentList>(ana, 'GET', '/agents')).body.items;
    const nameOf = (id: string) => agents.find((agent) => agent.id === id)?.name.split(' ')[0];
    const { body: teams } = await test.call<TeamList>(ana, 'GET', '/teams');
    expect(teams.items.map(({ name, memberIds }) => [name, memberIds.map(nameOf).sort()])).toEqual([
      ['Orders', ['Ben', 'Chen']],
      ['Workshop', ['Ana', 'Dina']],
    ]);
    const { body: counts } = await test.call<ConversationCounts>(ana, 'GET', '/conversations/counts');
    expect(counts.teams.map(({ name }) => name)).toEqual(['Orders', 'Workshop']);
    for (const { open, unassigned } of counts.teams) {
      expect(unassigned).toBeGreaterThan(0);
      expect(open).toBeGreaterThan(unassigned);
    }
    const [orders, workshop] = teams.items.map(({ id }) => id);
    const chen = await test.signIn('chen@demo.parley');
    const waiting = (team: string | undefined) =>
      test.call<ConversationList>(chen, 'GET', `/conversations?team=${team ?? ''}&assignee=none&sort=waiting`);
    const { body: his } = await waiting(orders);
    expect(his.items.map(({ team }) => team?.name)).toEqual(['Orders', 'Orders']);
    expect((await waiting(workshop)).body.items).toEqual([]);
    // What is of no team is everybody's.
    const { body: all } = await test.call<ConversationList>(chen, 'GET', '/conversations?status=open&limit=100');
    expect(all.items.some(({ team, handler }) => team === null && handler === 'queue')).toBe(true);
  });

  it('is filled once', async () => {
    const before = await test.call<ConversationList>(ana, 'GET', '/conversations?status=all&limit=100');
    const again = await startTestApp({ sharing: test });
    await again.close();
    const after = await test.call<ConversationList>(ana, 'GET', '/conversations?status=all&limit=100');
    expect(after.body.items).toEqual(before.body.items);
  });

  // Last: the second application takes the process's one sign-in strategy along.
  it('is emptied by its admin alone, for good, and screens forget what they showed', async () => {
    const emptied = await startTestApp({
      env: {
        DEMO_MODE: 'true',
        DEMO_SIGN_INS: JSON.stringify(signIns),
        WHATSAPP_ACCESS_TOKEN: 'demo-token',
        WHATSAPP_PHONE_NUMBER_ID: '274119865530142',
        WHATSAPP_BUSINESS_ACCOUNT_ID: '318840027715906',
        WHATSAPP_GRAPH_URL: 'http://127.0.0.1:9',
      },
    });
    try {
      const [admin, chen] = [await emptied.signIn('ana@demo.parley'), await emptied.signIn('chen@demo.parley')];
      const before = await emptied.call<Demo>(admin, 'GET', '/demo');
      expect(before.body).toMatchObject({ removed: false, lively: true });
      expect((await emptied.call<Demo>(admin, 'PATCH', '/demo', { lively: false })).body.lively).toBe(false);
      // A team that somebody made here is not the demo's.
      const { body: made } = await emptied.call<Team>(admin, 'POST', '/teams', { name: 'Night shift' });
      const members = { agentIds: [chen.id] };
      const { body: kept } = await emptied.call<Team>(admin, 'PUT', `/teams/${made.id}/members`, members);
      const watching = await new LiveClient(emptied.url, chen.token).ready();
      expect((await emptied.call(chen, 'DELETE', '/demo')).status).toBe(403);
      expect((await emptied.call<Demo>(admin, 'DELETE', '/demo')).body).toEqual({
        removed: true,
        lively: false,
        conversations: 0,
      });
      await waitFor(() => watching.events.filter(({ type }) => type === 'conversation:hidden').length > 5);
      expect((await emptied.call<TeamList>(admin, 'GET', '/teams')).body.items).toEqual([kept]);
      expect((await emptied.call<ConversationCounts>(chen, 'GET', '/conversations/counts')).body.teams).toEqual([
        { id: kept.id, name: kept.name, unassigned: 0, open: 0, pending: 0, snoozed: 0 },
      ]);
      watching.socket.disconnect();
      const again = await startTestApp({ sharing: emptied });
      await again.close();
      expect((await emptied.call<Demo>(admin, 'GET', '/demo')).body.conversations).toBe(0);
    } finally {
      await emptied.close();
    }
  }, 60_000);
});
