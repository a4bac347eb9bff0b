import type { ContactDetails, Conversation, CostReport, FailureList } from '@parley/contract';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FakeGraph } from './support/fake-graph.js';
import { PayloadSet } from './support/payload-set.js';
import { BASE_SECONDS, envelope, payload, text, waitFor } from './support/webhook-rig.js';

// What INDEX.md beside the payloads demands about people: who somebody is, and what is kept of them.

const MAREN = { bsuid: 'US.40918837265510472219', phone: '12065550142' };
const TEO = 'CA.88213004517736620914';

let graph: FakeGraph;
let set: PayloadSet;

beforeAll(async () => {
  graph = await FakeGraph.start();
  set = await PayloadSet.start({ WHATSAPP_GRAPH_URL: graph.url });
});
afterAll(async () => {
  await set.close();
  await graph.close();
});
beforeEach(() => set.empty());

const at = (seconds: number): string => new Date(seconds * 1_000).toISOString();
const openWindow = (id: string) =>
  set.sql(`update conversations set window_expires_at = app_now() + interval '1 hour' where id = $1`, [id]);

describe('ids', () => {
  it('019-contacts-request-reply: the number goes to the contact of the BSUID', async () => {
    await set.play('044-bsuid-only-text', '019-contacts-request-reply');
    expect(await set.contacts()).toEqual([{ name: 'Teo', username: 'quietharbor.77', phone: '14165550163' }]);
    expect(await set.identities()).toEqual([`bsuid ${TEO}`, 'wa_id 14165550163']);
    const [, card] = await set.messages();
    expect(card).toMatchObject({ type: 'contacts', contacts: [{ phones: [{ waId: '14165550163' }] }] });
  });

  it('044-bsuid-only-text: no phone, and the reply goes to the BSUID', async () => {
    await set.play('044-bsuid-only-text');
    expect(await set.contacts()).toEqual([{ name: 'Teo', username: 'quietharbor.77', phone: null }]);
    const { id } = await set.thread();
    await openWindow(id);
    await set.app.call(set.admin, 'POST', `/conversations/${id}/messages`, {
      clientMessageId: randomUUID(),
      type: 'text',
      text: { body: 'At eight.' },
      basedOn: 1,
    });
    const send = await waitFor(() => graph.of(id)[0], 'the reply at Meta');
    expect(send.body).toMatchObject({ recipient: TEO });
    expect(send.body).not.toHaveProperty('to');
  });

  it('045-bsuid-parent-username-phone: all are kept, the BSUID is the key', async () => {
    await set.play('045-bsuid-parent-username-phone');
    expect(await set.contacts()).toEqual([{ name: 'Priya R.', username: 'priya_reads', phone: '12125550187' }]);
    expect(await set.identities()).toEqual([
      'bsuid US.13377200418826640051',
      'parent_bsuid US.ENT.7700418826640051',
      'wa_id 12125550187',
    ]);
  });

  it('046-legacy-no-bsuid: is known by the number, and the same once the BSUID appears', async () => {
    await set.play('046-legacy-no-bsuid');
    expect(await set.identities()).toEqual([`wa_id ${MAREN.phone}`]);
    await set.play('001-text-basic');
    expect(await set.contacts()).toHaveLength(1);
    expect(await set.identities()).toEqual([`bsuid ${MAREN.bsuid}`, `wa_id ${MAREN.phone}`]);
    expect(await set.messages()).toHaveLength(2);
  });

  it('135-missing-contacts: from and from_user_id are enough, the name is unknown', async () => {
    await set.play('135-missing-contacts');
    expect(await set.contacts()).toEqual([{ name: '', username: null, phone: MAREN.phone }]);
    expect((await set.thread()).contact).toMatchObject({ name: '+12065550142' });
  });

  it('136-contacts-order-mismatch: names are joined by id, never by their place', async () => {
    await set.play('136-contacts-order-mismatch');
    const threads = await set.threads();
    expect(threads.map(({ contact, lastMessage }) => [contact.name, lastMessage?.preview]).sort()).toEqual([
      ['Idris Vale', 'from Idris'],
      ['Maren Okafor', 'from Maren'],
    ]);
  });

  it('162-names-edge: without a name somebody is called by username or number, and a long one fits', async () => {
    await set.play('162-names-edge');
    const names = (await set.threads()).map(({ contact }) => contact.name);
    expect(names).toHaveLength(5);
    expect(names).toEqual(expect.arrayContaining(['+12065550142', '+447700900123', '+33639980011', 'N'.repeat(600)]));
    expect(names.every((name) => name.trim() !== '')).toBe(true);
  });

  it('162-names-edge: whom nothing but a BSUID names is called by it, on every screen', async () => {
    const said = { ...text('wamid.nameless', 'Is it ready?', { user: TEO }), from: undefined };
    await set.post(envelope({ messages: [said] }));
    const { id, contact } = await set.thread();
    expect(contact).toMatchObject({ name: TEO, phone: null, username: null, bsuid: TEO });
    expect((await set.message()).sender.name).toBe(TEO);
    const get = async <Body>(path: string) => (await set.app.call<Body>(set.admin, 'GET', path)).body;
    const found = await get<{ items: Conversation[] }>('/conversations?q=ready');
    expect(found.items.map((one) => one.contact.name)).toEqual([TEO]);

    await set.sent('wamid.lost', { conversationId: id });
    await set.sql(
      `update messages set status = 'failed', failed_at = app_now(), error = '{"code": 131026}' where wamid = 'wamid.lost'`,
    );
    const failed = await get<FailureList>('/failures/messages?state=failed&code=131026');
    expect(failed.items.map((one) => one.contact.name)).toEqual([TEO]);

    await set.sql(
      `insert into message_charges (channel_id, wamid, conversation_id, message_id, at, sender_type)
       select channel_id, wamid, conversation_id, id, app_now(), 'agent' from messages where wamid = 'wamid.lost'`,
    );
    const month = new Date().toISOString().slice(0, 7);
    const costs = await get<CostReport>(`/costs?from=${month}&groupBy=conversation`);
    expect(costs.rows.map(({ name }) => name)).toEqual([TEO]);
  });

  it('a name, a username or a number is better than a BSUID, and the BSUID is then not told', async () => {
    await set.play('044-bsuid-only-text');
    expect((await set.thread()).contact).toEqual({
      id: expect.any(String) as string,
      name: 'Teo',
      username: 'quietharbor.77',
      phone: null,
    });
  });
});

describe('a number that people dial in another form than WhatsApp has', () => {
  it.each([
    ['Brazil', '5511987654321', '551187654321'],
    ['Argentina', '541143215678', '5491143215678'],
    ['Mexico', '525512345678', '5215512345678'],
  ])('is one person’s in %s: of the address book, the messages and the search', async (_country, dialled, waId) => {
    const entry = { type: 'contact', action: 'add', contact: { full_name: 'Bia Souza', phone_number: dialled } };
    await set.post(envelope({ state_sync: [entry] }, { field: 'smb_app_state_sync' }));
    await set.post(envelope({ messages: [text('wamid.forms', 'Oi', { from: waId })] }));
    expect(await set.contacts()).toHaveLength(1);
    expect((await set.thread()).contact.name).toBe('Bia Souza');
    for (const typed of [`+${dialled}`, `+${waId}`]) {
      const path = `/conversations?q=${encodeURIComponent(typed)}`;
      const { body } = await set.app.call<{ items: Conversation[] }>(set.admin, 'GET', path);
      expect(body.items.map(({ contact }) => contact.name)).toEqual(['Bia Souza']);
    }
  });

  it('is nobody else’s: a landline is known by its own', async () => {
    await set.post(envelope({ messages: [text('wamid.shop', 'Oi', { from: '551132165478' })] }));
    await set.post(envelope({ messages: [text('wamid.mobile', 'Oi', { from: '5511932165478' })] }));
    expect(await set.contacts()).toHaveLength(2);
  });
});

describe('names', () => {
  const said = (name: string, username: string, seconds: number) =>
    envelope({
      contacts: [{ wa_id: MAREN.phone, user_id: MAREN.bsuid, profile: { name, username } }],
      messages: [text(`wamid.${name}${String(seconds)}`, 'Hi', { user: MAREN.bsuid, at: BASE_SECONDS + seconds })],
    });

  it('are those that Meta told last, though a message from before arrives after', async () => {
    await set.post(said('Maren', 'maren', 10));
    await set.post(said('Maren Okafor', 'maren.reads', 30));
    await set.post(said('Mary', 'mary', 20));
    const told = { name: 'Maren Okafor', username: 'maren.reads', phone: MAREN.phone };
    expect(await set.contacts()).toEqual([told]);
    // Told again as it was a minute later or more, it holds from then on.
    await set.post(said('Maren Okafor', 'maren.reads', 130));
    await set.post(said('Mary', 'mary', 120));
    expect(await set.contacts()).toEqual([told]);
    expect(await set.messages()).toHaveLength(5);
    await set.post(said('Mary', 'mary', 130));
    expect(await set.contacts()).toEqual([{ ...told, name: 'Mary', username: 'mary' }]);
  });
});

describe('ids that change', () => {
  it('031-system-user-changed-number: the same contact and thread go on, and the window is as it was', async () => {
    await set.play('001-text-basic');
    const before = await set.thread();
    await set.play('031-system-user-changed-number');
    expect(await set.contacts()).toEqual([{ name: 'Maren Okafor', username: null, phone: '12065550199' }]);
    expect(await set.identities()).toEqual(
      expect.arrayContaining(['bsuid US.40918837265519990001', 'wa_id 12065550199']),
    );
    expect(await set.identities()).not.toContain(`wa_id ${MAREN.phone}`);
    const { id, windowExpiresAt, inboundCount } = await set.thread();
    expect({ id, windowExpiresAt, inboundCount }).toEqual({
      id: before.id,
      windowExpiresAt: before.windowExpiresAt,
      inboundCount: 1,
    });
    expect(await set.lines()).toEqual(['opened', 'number_changed']);
    await set.playAgain('031-system-user-changed-number');
    expect(await set.lines()).toEqual(['opened', 'number_changed']);
    expect((await set.outcomes()).at(-1)).toMatchObject({ kind: 'system', outcome: 'duplicate' });
  });

  it('032-system-user-changed-user-id: who is called by it is called by the new one, and screens are told', async () => {
    await set.post(envelope({ messages: [{ ...text('wamid.nameless', 'hi', { user: TEO }), from: undefined }] }));
    const before = await set.thread();
    const cursor = await set.cursor();
    await set.play('032-system-user-changed-user-id');
    const after = await set.thread();
    expect(after.contact.name).toBe('CA.88213004517736620999');
    expect(after.rev).toBeGreaterThan(before.rev);
    await waitFor(async () => (await set.toldSince(cursor)).includes('conversation:updated'), 'screens to be told');
  });

  it.each(['032-system-user-changed-user-id'])('%s: the contact is keyed anew by its previous BSUID', async (file) => {
    await set.play('044-bsuid-only-text', file);
    expect(await set.contacts()).toHaveLength(1);
    const said = { ...text('wamid.new', 'me again', { user: null }), from: undefined };
    await set.post(envelope({ messages: [{ ...said, from_user_id: 'CA.88213004517736620999' }] }));
    expect(await set.messages()).toHaveLength(2);
    expect(await set.contacts()).toHaveLength(1);
  });

  it('033-system-no-previous-user-id: matches by from, and takes the parent BSUID along', async () => {
    await set.play('003-text-forwarded', '033-system-no-previous-user-id');
    expect(await set.contacts()).toHaveLength(1);
    expect(await set.identities()).toEqual(
      expect.arrayContaining(['bsuid GB.71820049361155820990', 'parent_bsuid GB.ENT.9911882773', 'wa_id 447700900123']),
    );
  });

  it.each(['031-system-user-changed-number', '032-system-user-changed-user-id', '033-system-no-previous-user-id'])(
    '%s: of somebody unknown it is parked, and makes nobody',
    async (file) => {
      await set.play(file);
      expect(await set.outcomes()).toEqual([
        { kind: 'system', outcome: 'waiting', reason: 'nobody is known by the previous ids' },
      ]);
      expect([...(await set.contacts()), ...(await set.threads())]).toEqual([]);
    },
  );

  describe('again and again', () => {
    const ids = [
      [MAREN.bsuid, MAREN.phone],
      ['US.second', '12065550177'],
      ['US.third', '12065550188'],
    ] as const;
    const told = (n: 1 | 2, at: number) => {
      const [[previous, from] = [], [next, number]] = [ids[n - 1], ids[n]];
      const system = { wa_id: number, user_id: next, previous_user_id: previous, type: 'user_changed_number' };
      return envelope({
        messages: [{ from, id: `wamid.change.${String(n)}`, timestamp: String(at), type: 'system', system }],
      });
    };
    const said = (n: 0 | 1 | 2, at: number) =>
      envelope({ messages: [text(`wamid.said.${String(n)}`, 'it is me', { from: ids[n][1], user: ids[n][0], at })] });
    const [first, second] = [told(1, BASE_SECONDS + 10), told(2, BASE_SECONDS + 20)];
    const times = () =>
      set.sql<{ at: number; afterSeq: number }>(
        `select extract(epoch from created_at)::int as at, after_seq as "afterSeq" from timeline_entries
         where kind = 'number_changed' order by after_seq, created_at`,
      );

    it.each([
      ['in their order', [said(0, BASE_SECONDS), first, second]],
      ['the later one first', [said(0, BASE_SECONDS), second, first]],
      ['before anybody is known', [second, first, said(0, BASE_SECONDS)]],
      ['repeated late', [said(0, BASE_SECONDS), first, second, `${first} `, `${second} `, `${first}  `]],
    ])('changes end at the newest ids in one thread, its lines in order of time: %s', async (_, bodies) => {
      for (const body of bodies) await set.post(body);
      await set.post(said(2, BASE_SECONDS + 30));
      await set.post(said(1, BASE_SECONDS + 15));
      expect(await set.contacts()).toMatchObject([{ phone: ids[2][1] }]);
      expect(await set.identities()).toEqual([`bsuid ${ids[2][0]}`, `wa_id ${ids[2][1]}`]);
      expect((await set.thread()).contact.phone).toBe(`+${ids[2][1]}`);
      expect(await set.messages()).toHaveLength(3);
      expect(await times()).toEqual([
        { at: BASE_SECONDS + 10, afterSeq: 1 },
        { at: BASE_SECONDS + 20, afterSeq: 1 },
      ]);
      expect((await set.outcomes()).filter(({ outcome }) => outcome === 'waiting')).toEqual([]);
    });

    it('who wrote under the newest ids first becomes one with who they were', async () => {
      for (const body of [said(0, BASE_SECONDS), said(2, BASE_SECONDS + 30), second, first]) await set.post(body);
      await waitFor(
        async () => (await set.sql(`select from contact_merges where state <> 'done'`)).length === 0,
        'the merge',
      );
      expect((await set.thread()).contact.phone).toBe(`+${ids[2][1]}`);
      expect(await set.messages()).toHaveLength(2);
      expect(await set.identities()).toEqual([`bsuid ${ids[2][0]}`, `wa_id ${ids[2][1]}`]);
    });

    it('a reply goes to the newest ids, whatever was told last', async () => {
      for (const body of [said(0, BASE_SECONDS), second, first]) await set.post(body);
      const { id } = await set.thread();
      await openWindow(id);
      const before = graph.of(id).length;
      await set.app.call(set.admin, 'POST', `/conversations/${id}/messages`, {
        clientMessageId: randomUUID(),
        type: 'text',
        text: { body: 'Found you.' },
        basedOn: 1,
      });
      const send = await waitFor(() => graph.of(id)[before], 'the reply at Meta');
      expect(send.body).toMatchObject({ to: `+${ids[2][1]}` });
      await waitFor(
        async () => (await set.messages(id)).at(-1)?.status === 'accepted',
        'the answer to be written: the next test empties the tables',
      );
    });
  });

  it('115-user-id-update: is like the system message', async () => {
    await set.play('003-text-forwarded', '115-user-id-update');
    expect(await set.contacts()).toHaveLength(1);
    expect(await set.identities()).toContain('bsuid GB.71820049361155820990');
    expect(await set.lines()).toEqual(['opened', 'id_changed']);
    await set.playAgain('115-user-id-update');
    expect(await set.lines()).toEqual(['opened', 'id_changed']);
  });

  it('032-system-user-changed-user-id: a line in the thread says so, once', async () => {
    await set.play('044-bsuid-only-text', '032-system-user-changed-user-id');
    expect(await set.lines()).toEqual(['opened', 'id_changed']);
    await set.playAgain('032-system-user-changed-user-id');
    expect(await set.lines()).toEqual(['opened', 'id_changed']);
  });
});

describe('the security code', () => {
  const hashes = () => set.sql<{ hash: string | null }>('select identity_hash as hash from contacts');

  it('034-system-legacy-identity-changed: is noted in the thread, once, and is no message', async () => {
    await set.play('003-text-forwarded', '034-system-legacy-identity-changed');
    expect(await set.lines()).toEqual(['opened', 'identity_changed']);
    expect(await set.messages()).toHaveLength(1);
    expect(await hashes()).toEqual([{ hash: 'DF2lS5v2W6x=' }]);
    await set.playAgain('034-system-legacy-identity-changed');
    expect(await set.lines()).toEqual(['opened', 'identity_changed']);
  });

  it('047-identity-key-hash: is kept, and a change is told', async () => {
    await set.play('047-identity-key-hash');
    expect(await hashes()).toEqual([{ hash: 'DF2lS5v2W6x=' }]);
    expect(await set.lines()).toEqual(['opened']);
    const contact = { wa_id: MAREN.phone, user_id: MAREN.bsuid, identity_key_hash: 'another=' };
    const said = text('wamid.later', 'and now?', { user: MAREN.bsuid, at: BASE_SECONDS + 60 });
    await set.post(envelope({ contacts: [contact], messages: [said] }));
    expect(await hashes()).toEqual([{ hash: 'another=' }]);
    expect(await set.lines()).toEqual(['opened', 'identity_changed']);
  });
});

describe('what a customer wants', () => {
  const details = async (id: string) =>
    (await set.app.call<ContactDetails>(set.admin, 'GET', `/conversations/${id}/contact`)).body;
  const marketing = { name: 'autumn_sale', language: 'en_US' };

  async function givenTemplate(): Promise<void> {
    await set.sql(
      `insert into message_templates (business_account_id, id, name, language, category, status, quality,
         parameter_format, components, updated_at)
       values ('318840027715906', '1', 'autumn_sale', 'en_US', 'marketing', 'approved', 'green', 'positional',
         '[{"type":"BODY","text":"Autumn sale."}]', app_now()),
         ('318840027715906', '2', 'pickup', 'en_US', 'utility', 'approved', 'green', 'positional',
         '[{"type":"BODY","text":"It is ready."}]', app_now())`,
    );
  }

  it('057-user-preferences-stop: no marketing template goes out, any other does', async () => {
    await givenTemplate();
    await set.play('045-bsuid-parent-username-phone');
    const { id } = await set.thread();
    expect((await details(id)).marketingStoppedAt).toBeNull();
    await set.play('057-user-preferences-stop');
    expect((await details(id)).marketingStoppedAt).toBe(at(BASE_SECONDS));
    expect(await set.lines()).toEqual(['opened', 'marketing_stopped']);
    expect(await set.sendTemplate(id, marketing)).toMatchObject({
      status: 409,
      body: { code: 'contact.marketing_stopped', stoppedAt: at(BASE_SECONDS) },
    });
    expect((await set.sendTemplate(id, { ...marketing, name: 'pickup' })).status).toBe(201);
  });

  it('058-user-preferences-resume: lifts it', async () => {
    await givenTemplate();
    await set.play('045-bsuid-parent-username-phone', '057-user-preferences-stop', '058-user-preferences-resume');
    const { id } = await set.thread();
    expect((await details(id)).marketingStoppedAt).toBeNull();
    expect(await set.lines()).toEqual(['opened', 'marketing_stopped', 'marketing_resumed']);
    expect((await set.sendTemplate(id, marketing)).status).toBe(201);
  });

  it('058-user-preferences-resume: an older one lifts nothing, an older stop stops nothing', async () => {
    await set.play('045-bsuid-parent-username-phone', '058-user-preferences-resume', '057-user-preferences-stop');
    const { id } = await set.thread();
    expect((await details(id)).marketingStoppedAt).toBeNull();
    const stop = payload('057-user-preferences-stop.json').toString().replaceAll('1795000000', '1795000200');
    await set.post(stop);
    expect((await details(id)).marketingStoppedAt).toBe(at(BASE_SECONDS + 200));
    await set.playAgain('058-user-preferences-resume');
    expect((await details(id)).marketingStoppedAt).toBe(at(BASE_SECONDS + 200));
    expect(await set.lines()).toEqual(['opened', 'marketing_stopped']);
  });
});

describe('the address book of the phone', () => {
  it('050-smb-app-state-sync: repeated it is the same, and who was removed never was', async () => {
    await set.play('050-smb-app-state-sync');
    await set.playAgain('050-smb-app-state-sync');
    expect(await set.contacts()).toEqual([{ name: 'Maren Okafor', username: null, phone: MAREN.phone }]);
    expect(await set.threads()).toEqual([]);
  });
});
