import type { ChannelList, Conversation, Message, MessageList } from '@parley/contract';
import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { query } from '../../src/database/database.js';
import { givenSent, givenThread } from './sent-messages.js';
import { startTestApp, type TestAgent, type TestApp } from './test-app.js';
import { drained, givenTenants, manifest, payload, PHONE_NUMBER_ID, post, rows, sign, wipe } from './webhook-rig.js';

/** Nobody listens there: files are not fetched, and nothing is asked of Meta. */
const NOWHERE = 'http://127.0.0.1:9';

/** What became of an item of a body. */
export interface Outcome {
  kind: string;
  outcome: string;
  reason: string | null;
}

/** The set of payloads, played file by file into the whole application; what is left is asked for as a person would. */
export class PayloadSet {
  private constructor(
    readonly app: TestApp,
    readonly admin: TestAgent,
  ) {}

  static async start(env: Record<string, string> = {}): Promise<PayloadSet> {
    const app = await startTestApp({
      env: { WHATSAPP_APP_SECRET: manifest.app_secret, WHATSAPP_GRAPH_URL: NOWHERE, ...env },
    });
    await givenTenants(app);
    return new PayloadSet(app, await app.given.agent({ role: 'admin' }));
  }

  close(): Promise<void> {
    return this.app.close();
  }

  sql<Row extends object>(text: string, parameters: unknown[] = []): Promise<Row[]> {
    return rows<Row>(this.app, text, parameters);
  }

  /** As if nothing had ever been posted. */
  async empty(): Promise<void> {
    await wipe(this.app);
    // In a transaction that repeats itself: files are asked for meanwhile.
    await this.app.database.transaction((tx) =>
      query(
        tx,
        'truncate message_templates, template_syncs, channel_imports, channel_standing, notifications, media_files cascade',
      ),
    );
  }

  /** Posts files, one after the other, each worked through before the next; named without their ending. */
  async play(...files: string[]): Promise<void> {
    for (const file of files) await this.post(payload(`${file}.json`));
  }

  /** Posts a file once more in other bytes, as Meta may: the door would know the same bytes again. */
  async playAgain(file: string): Promise<void> {
    await this.post(`${payload(`${file}.json`).toString()} `);
  }

  async post(body: Buffer | string): Promise<void> {
    expect(await post(this.app, body, sign(body, manifest.app_secret))).toBe(200);
    await drained(this.app);
  }

  /** What became of everything that was posted, in its order. */
  outcomes(): Promise<Outcome[]> {
    return this.sql<Outcome>('select kind, outcome, reason from webhook_items order by delivery_id, ordinal');
  }

  async threads(): Promise<Conversation[]> {
    const { body } = await this.app.call<{ items: Conversation[] }>(this.admin, 'GET', '/conversations');
    return body.items;
  }

  /** The only thread there is. */
  async thread(): Promise<Conversation> {
    const [thread, ...others] = await this.threads();
    expect(others).toEqual([]);
    if (!thread) throw new Error('there is no thread');
    return thread;
  }

  /** The messages of a thread (of the only one, when none is named), by their place in it. */
  async messages(conversationId?: string): Promise<Message[]> {
    const id = conversationId ?? (await this.thread()).id;
    const { body } = await this.app.call<MessageList>(this.admin, 'GET', `/conversations/${id}/messages`);
    return body.items.toSorted((left, right) => left.seq - right.seq);
  }

  /** The only message of the only thread. */
  async message(): Promise<Message> {
    const [message, ...others] = await this.messages();
    expect(others).toEqual([]);
    if (!message) throw new Error('there is no message');
    return message;
  }

  /** What happened in all threads beside messages. */
  async lines(): Promise<string[]> {
    const found = await this.sql<{ kind: string }>('select kind from timeline_entries order by after_seq, id');
    return found.map(({ kind }) => kind);
  }

  contacts(): Promise<{ name: string; username: string | null; phone: string | null }[]> {
    return this.sql('select name, username, phone from contacts order by name, phone');
  }

  /** The ids that name somebody, as `kind value`. */
  async identities(): Promise<string[]> {
    const found = await this.sql<{ text: string }>(
      `select kind || ' ' || value as text from contact_identities where retired_at is null order by kind, value`,
    );
    return found.map(({ text }) => text);
  }

  async channelId(phoneNumberId = PHONE_NUMBER_ID): Promise<string> {
    const { body } = await this.app.call<ChannelList>(this.admin, 'GET', '/channels');
    const channel = body.items.find((one) => one.phoneNumberId === phoneNumberId);
    if (!channel) throw new Error(`no channel ${phoneNumberId}`);
    return channel.id;
  }

  /** By the API: what the routes know of a number is read again at once. */
  async setBot(botEnabled: boolean): Promise<void> {
    const id = await this.channelId();
    expect((await this.app.call(this.admin, 'PATCH', `/channels/${id}`, { botEnabled })).status).toBe(200);
  }

  /** A message of ours that Meta knows by this id, in a thread of its own unless one is named. */
  async sent(
    wamid: string,
    over: { conversationId?: string; template?: string; windowExpiresAt?: string } = {},
  ): Promise<string> {
    const { windowExpiresAt = null, template = null } = over;
    const conversationId =
      over.conversationId ??
      (await givenThread(this.app, { channelId: await this.channelId(), phone: null, windowExpiresAt }));
    await givenSent(this.app, conversationId, wamid, { template });
    return conversationId;
  }

  /** Where the log stands: what is told from now on is what `toldSince` gives. */
  async cursor(): Promise<string> {
    const { body } = await this.app.call<{ cursor: string }>(this.admin, 'GET', '/events');
    return body.cursor;
  }

  /** The types of all that screens are told after it. */
  async toldSince(cursor: string): Promise<string[]> {
    const { body } = await this.app.call<{ events: { type: string }[] }>(
      this.admin,
      'GET',
      `/events?since=${encodeURIComponent(cursor)}&limit=100`,
    );
    return body.events.map(({ type }) => type);
  }

  /** Sends a template to the customer of a thread. */
  sendTemplate(conversationId: string, template: object) {
    return this.app.call<{ id: string; code?: string }>(
      this.admin,
      'POST',
      `/conversations/${conversationId}/messages`,
      { clientMessageId: randomUUID(), type: 'template', template },
    );
  }
}
