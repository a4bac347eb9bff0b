import { JwtService } from '@nestjs/jwt';
import { io } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { query } from '../src/database/database.js';
import { LiveClient } from './support/live-client.js';
import { LiveModule } from './support/live-module.js';
import { startTestApp, type TestAgent, type TestApp } from './support/test-app.js';
import { Threads } from './support/threads.js';
import { waitFor } from './support/wait-for.js';

describe('who gets in, and what they see', () => {
  let test: TestApp;
  let other: TestApp;
  let threads: Threads;
  let admin: TestAgent;
  const clients: LiveClient[] = [];

  const connect = (agent: TestAgent, options?: ConstructorParameters<typeof LiveClient>[2], instance = test) => {
    const client = new LiveClient(instance.url, agent.token, options);
    clients.push(client);
    return client.ready();
  };
  const makeTeam = async (members: TestAgent[] = []): Promise<string> => {
    const made = await test.call<{ id: string }>(admin, 'POST', '/teams', { name: `Team ${Math.random()}` });
    if (members.length > 0) await setMembers(made.body.id, members);
    return made.body.id;
  };
  const setMembers = (team: string, members: TestAgent[]) =>
    test.call(admin, 'PUT', `/teams/${team}/members`, { agentIds: members.map(({ id }) => id) });
  const settled = async (client: LiveClient) => {
    const position = await threads.position();
    await waitFor(() => client.cursor === position, 'the head');
  };

  beforeAll(async () => {
    test = await startTestApp({ module: LiveModule });
    other = await startTestApp({ module: LiveModule, sharing: test });
    threads = new Threads(test);
    admin = await test.given.agent({ role: 'admin', name: 'Adi' });
  });
  afterEach(() => {
    for (const client of clients.splice(0)) client.close();
  });
  afterAll(async () => {
    await other.close();
    await test.close();
  });

  describe('at the handshake', () => {
    const refusalOf = async (auth: object, headers: Record<string, string> = {}) => {
      const socket = io(test.url, {
        transports: ['websocket'],
        auth,
        extraHeaders: headers,
        forceNew: true,
        reconnection: false,
      });
      const error = await new Promise<Error & { data?: unknown }>((resolve, reject) => {
        socket.on('connect_error', resolve);
        socket.on('connect', () => reject(new Error('was let in')));
      });
      socket.disconnect();
      return error.data;
    };

    it.each([[{}], [{ token: '' }], [{ token: 'a.b.c' }], [{ token: 42 }], [{ token: { $ne: 1 } }]])(
      'refuses %j',
      async (auth) => {
        expect(await refusalOf(auth)).toEqual({ code: 'auth.required' });
      },
    );

    it('refuses a page of another origin and lets our own in', async () => {
      const { token } = admin;
      expect(await refusalOf({ token }, { origin: 'https://evil.example' })).toEqual({ code: 'auth.forbidden' });
      expect(await refusalOf({ token }, { origin: 'null' })).toEqual({ code: 'auth.forbidden' });
      const own = io(test.url, {
        transports: ['websocket'],
        auth: { token },
        extraHeaders: { origin: test.url },
        forceNew: true,
      });
      await waitFor(() => own.connected);
      own.disconnect();
    });

    it('refuses a session that has ended', async () => {
      const gone = await test.given.agent();
      await test.call(admin, 'PATCH', `/agents/${gone.id}`, { active: false });
      expect(await refusalOf({ token: gone.token })).toEqual({ code: 'auth.required' });
    });
  });

  describe('loses its sockets at once, on every instance,', () => {
    const ends: [string, (agent: TestAgent) => Promise<unknown>][] = [
      ['deactivated', (agent) => test.call(admin, 'PATCH', `/agents/${agent.id}`, { active: false })],
      ['given another role', (agent) => test.call(admin, 'PATCH', `/agents/${agent.id}`, { role: 'supervisor' })],
      [
        'signed out',
        (agent) => fetch(`${test.url}/api/auth/logout`, { method: 'POST', headers: { cookie: agent.cookie } }),
      ],
    ];
    it.each(ends)('an agent who is %s', async (_name, end) => {
      const agent = await test.given.agent();
      const sockets = [await connect(agent), await connect(agent, {}, other)];
      await end(agent);
      for (const client of sockets) {
        await waitFor(() => !client.socket.connected, 'the end of the socket');
        expect(client.revoked).toBe('auth.required');
      }
    });
  });

  it('ends a socket with its token, unless a fresh one of the same agent comes in time', async () => {
    const agent = await test.given.agent();
    const stranger = await test.given.agent();
    const jwt = test.app.get(JwtService, { strict: false });
    const { sub, sid, typ } = jwt.decode<{ sub: string; sid: string; typ: string }>(agent.token);
    const token = await jwt.signAsync({ sub, sid, typ }, { expiresIn: 2 });
    const [ends, stays] = [await connect({ ...agent, token }), await connect({ ...agent, token })];
    expect(await stays.ask('auth:refresh', { token: stranger.token })).toEqual({ ok: false, code: 'auth.forbidden' });
    expect(await stays.ask('auth:refresh', { token: 'nonsense' })).toEqual({ ok: false, code: 'auth.required' });
    expect(await stays.ask('auth:refresh', { token: agent.token })).toEqual({ ok: true });
    await waitFor(() => !ends.socket.connected, 'the end of the token');
    expect(ends.revoked).toBe('auth.required');
    const id = await threads.create();
    await waitFor(() => stays.ids('conversation:updated').includes(id));
    expect(stays.socket.connected).toBe(true);
  });

  describe('sees by team and owner', () => {
    it('what moves between teams appears for some and is hidden for others', async () => {
      const [ana, ben, eve] = [
        await test.given.agent(),
        await test.given.agent(),
        await test.given.agent({ role: 'supervisor' }),
      ];
      const [sales, support] = [await makeTeam([ana]), await makeTeam([ben])];
      const id = await threads.create({ teamId: sales });
      const live = [await connect(ana), await connect(ben), await connect(eve)];
      const [asAna, asBen, asEve] = live as [LiveClient, LiveClient, LiveClient];
      const inSales = await threads.say(id);
      await threads.move(id, { teamId: support });
      const inSupport = await threads.say(id);
      await Promise.all(live.map(settled));

      expect(asAna.ids('conversation:hidden')).toContain(id);
      expect(asAna.ids('message:created')).not.toContain(inSupport);
      expect(asAna.events.at(-1)).toMatchObject({ type: 'conversation:hidden', payload: { id } });
      expect(asBen.ids('message:created')).toContain(inSupport);
      expect(asBen.ids('conversation:hidden')).not.toContain(id);
      expect(asEve.ids('message:created')).toEqual(expect.arrayContaining([inSales, inSupport]));
      expect(asEve.ids('conversation:hidden')).toEqual([]);

      // Their own they see in whatever team.
      await threads.move(id, { assigneeId: ana.id });
      await Promise.all(live.map(settled));
      expect(asAna.events.at(-1)).toMatchObject({
        type: 'conversation:updated',
        payload: { id, assignee: { id: ana.id } },
      });
      await threads.move(id, { assigneeId: null });
      await Promise.all(live.map(settled));
      expect(asAna.events.at(-1)).toMatchObject({ type: 'conversation:hidden', payload: { id } });
    });

    it('what a change of teams gives and takes, without a reload', async () => {
      const ana = await test.given.agent();
      const team = await makeTeam();
      const id = await threads.create({ teamId: team });
      const live = [await connect(ana), await connect(ana, {}, other)];
      await setMembers(team, [ana]);
      for (const client of live)
        await waitFor(() => client.ids('conversation:updated').includes(id), 'the team’s threads');
      const messageId = await threads.say(id);
      for (const client of live) await waitFor(() => client.ids('message:created').includes(messageId));
      await setMembers(team, []);
      for (const client of live) await waitFor(() => client.ids('conversation:hidden').includes(id), 'the loss');
      const unseen = await threads.say(id);
      await Promise.all(live.map(settled));
      for (const client of live) expect(client.ids('message:created')).not.toContain(unseen);
      expect(live.flatMap((client) => client.resumes.map(({ reset }) => reset))).not.toContain(true);
    });

    it('a change that moves more than is worth telling makes the client load anew', async () => {
      const ana = await test.given.agent();
      const team = await makeTeam();
      await threads.create({ teamId: team });
      await query(
        test.database.pool,
        `with people as (insert into contacts (id) select gen_random_uuid() from generate_series(1, 501) returning id)
         insert into conversations (id, channel_id, contact_id, status, team_id, last_activity_at)
         select gen_random_uuid(), (select id from channels limit 1), id, 'open', $1, now() from people`,
        [team],
      );
      const client = await connect(ana);
      await setMembers(team, [ana]);
      await waitFor(() => client.resumes.at(-1)?.reset === true, 'the reset');
    });

    it('answers a conversation out of sight like one that does not exist', async () => {
      const ana = await test.given.agent();
      const theirs = await threads.create({ teamId: await makeTeam() });
      const client = await connect(ana);
      const refused = { ok: false, code: 'conversation.not_found' };
      expect(await client.ask('conversation:open', { id: theirs })).toEqual(refused);
      expect(await client.ask('typing', { conversationId: theirs, on: true })).toEqual(refused);
      expect(await client.ask('conversation:open', { id: crypto.randomUUID() })).toEqual(refused);
      expect(await client.ask('conversation:open', { id: await threads.create() })).toMatchObject({ ok: true });
    });

    it('a read cursor reaches its own agent alone', async () => {
      const [ana, ben] = [await test.given.agent(), await test.given.agent()];
      const id = await threads.create();
      const messageId = await threads.say(id);
      const [asAna, asBen] = [await connect(ana), await connect(ben)];
      expect(await test.call(ana, 'POST', `/conversations/${id}/read`, { messageId })).toMatchObject({ status: 204 });
      await Promise.all([asAna, asBen].map(settled));
      expect(asAna.of('read:updated').map(({ payload }) => payload)).toEqual([
        { conversationId: id, seq: 1, readInboundCount: 0, rewinds: 0 },
      ]);
      expect(asBen.of('read:updated')).toEqual([]);
    });

    it('marking as unread reaches the agent’s own tabs alone', async () => {
      const [ana, ben] = [await test.given.agent(), await test.given.agent()];
      const id = await threads.create();
      const messageId = await threads.say(id);
      await query(
        test.database.pool,
        'update conversations set inbound_count = 1, last_inbound_seq = 1, rev = rev + 1 where id = $1',
        [id],
      );
      await query(test.database.pool, 'update messages set inbound_number = 1 where id = $1', [messageId]);
      const [tab, otherTab, asBen] = [await connect(ana), await connect(ana), await connect(ben)];
      await test.call(ana, 'POST', `/conversations/${id}/read`, { messageId });
      expect(await test.call(ana, 'POST', `/conversations/${id}/unread`)).toMatchObject({
        status: 200,
        body: { id, unreadCount: 1, readSeq: 0, readRewinds: 1 },
      });
      await Promise.all([tab, otherTab, asBen].map(settled));
      const unread = { conversationId: id, seq: 0, readInboundCount: 0, rewinds: 1 };
      for (const one of [tab, otherTab]) expect(one.of('read:updated').at(-1)?.payload).toEqual(unread);
      expect(asBen.of('read:updated')).toEqual([]);
    });
  });

  describe('is refused, with an answer,', () => {
    const malformed: [string, unknown][] = [
      ['sync:resume', {}],
      ['sync:resume', { cursor: 5 }],
      ['sync:resume', null],
      ['sync:resume', { cursor: 'x'.repeat(600) }],
      ['sync:resume', { cursor: null, extra: true }],
      ['conversation:open', { id: 'not-an-id' }],
      ['conversation:close', 'text'],
      ['typing', { conversationId: crypto.randomUUID() }],
      ['heartbeat', []],
      ['auth:refresh', { token: '' }],
    ];
    it.each(malformed)('what is malformed: %s %j', async (event, payload) => {
      const client = await connect(admin);
      expect(await client.ask(event, payload)).toEqual({ ok: false, code: 'request.invalid' });
    });

    it('what is unknown, and ten times of it end the socket', async () => {
      const client = await connect(admin);
      for (const name of ['nonsense', 'constructor', '__proto__', 'toString', 'message:created']) {
        expect(await client.ask(name, {})).toEqual({ ok: false, code: 'socket.unknown_event' });
      }
      expect(client.socket.connected).toBe(true);
      for (let time = 0; time < 5; time += 1)
        client.socket.emit('nonsense' as 'heartbeat', { active: true }, () => undefined);
      await waitFor(() => !client.socket.connected, 'the end of the socket');
    });

    it('a flood, which ends the socket', async () => {
      const client = await connect(admin);
      const codes: unknown[] = [];
      for (let time = 0; time < 60; time += 1) {
        client.socket.emit('heartbeat', { active: true }, (answer) => codes.push(answer.ok || answer.code));
      }
      await waitFor(() => !client.socket.connected, 'the end of the socket');
      expect(codes.filter((code) => code === true).length).toBeLessThanOrEqual(45);
      expect(codes).toContain('rate.limited');
    });

    it('without harm when no answer was asked for, or the message is too large', async () => {
      const [client, watcher] = [await connect(admin), await connect(admin)];
      (client.socket as unknown as { emit(...args: unknown[]): void }).emit('heartbeat');
      (client.socket as unknown as { emit(...args: unknown[]): void }).emit('typing', 'x'.repeat(100_000));
      await waitFor(() => !client.socket.connected || client.resumes.length > 1, 'the end of the connection');
      expect(await watcher.ask('heartbeat', { active: true })).toEqual({ ok: true });
    });
  });
});
