import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { query } from '../../src/database/database.js';
import { TEST_APP_SECRET, type TestAgent, type TestApp } from './test-app.js';
import { waitFor } from './wait-for.js';

export { waitFor };

const PAYLOADS = path.join(import.meta.dirname, '../../../e2e/fixtures/payloads');

export const BASE_SECONDS = 1_795_000_000;
export const PHONE_NUMBER_ID = '274119865530142';
export const SECOND_PHONE_NUMBER_ID = '274119865530977';
export const OTHER_PHONE_NUMBER_ID = '391150042286713';

/** What a payload file promises. */
export interface PayloadEntry {
  file: string;
  signature: string;
  http: number | number[];
  expect: { inbound_new: number; status_updates: number; other_events: number; final_state?: string };
}

export const manifest = JSON.parse(readFileSync(path.join(PAYLOADS, 'manifest.json'), 'utf8')) as {
  app_secret: string;
  files: PayloadEntry[];
};

export const payload = (file: string): Buffer => readFileSync(path.join(PAYLOADS, file));

export const sign = (body: Buffer | string, secret = TEST_APP_SECRET): string =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;

/** Posts raw bytes to Meta's door; `signature: null` leaves the header out. */
export async function post(
  app: Pick<TestApp, 'url'>,
  body: Buffer | string,
  signature: string | null = sign(body),
  headers: Record<string, string> = { 'content-type': 'application/json' },
): Promise<number> {
  const response = await fetch(`${app.url}/api/webhooks/whatsapp`, {
    method: 'POST',
    headers: { ...headers, ...(signature === null ? {} : { 'x-hub-signature-256': signature }) },
    body: typeof body === 'string' ? body : new Uint8Array(body),
  });
  await response.arrayBuffer();
  return response.status;
}

/** A body of one change as Meta wraps it. */
export function envelope(value: object, { phoneNumberId = PHONE_NUMBER_ID, field = 'messages' } = {}): string {
  const metadata = { display_phone_number: '12025550134', phone_number_id: phoneNumberId };
  return JSON.stringify({
    object: 'whatsapp_business_account',
    entry: [
      { id: '318840027715906', changes: [{ field, value: { messaging_product: 'whatsapp', metadata, ...value } }] },
    ],
  });
}

export interface TextOver {
  from?: string;
  user?: string | null;
  at?: number;
  replyTo?: string;
}

/** A text message as it stands in `messages[]`. */
export const text = (id: string, body: string, { from = '12065550142', user, at, replyTo }: TextOver = {}) => ({
  from,
  ...(user === null ? {} : { from_user_id: user ?? `US.${from}` }),
  id,
  timestamp: String(at ?? BASE_SECONDS),
  type: 'text',
  text: { body },
  ...(replyTo === undefined ? {} : { context: { from: '12025550134', id: replyTo } }),
});

/** Waits until nothing of what was posted is left to do. */
export async function drained(app: TestApp, withinMs = 15_000): Promise<void> {
  await waitFor(
    async () => {
      const [row] = await rows<{ left: number }>(
        app,
        `select count(*) as left from webhook_deliveries
       where state in ('new', 'processing') or (state = 'retry' and next_at <= app_now())`,
      );
      return row?.left === 0;
    },
    'the deliveries to be worked through',
    withinMs,
  );
}

/** Hands a body to the door, which must take it, and waits until it is worked through. */
export async function handIn(app: TestApp, body: Buffer | string): Promise<void> {
  const status = await post(app, body);
  if (status !== 200) throw new Error(`the door answered ${status}`);
  await drained(app);
}

export const rows = <Row extends object>(app: TestApp, sql: string, parameters: unknown[] = []): Promise<Row[]> =>
  query<Row>(app.database.pool, sql, parameters);

/** Empties everything that deliveries cause; channels, agents and teams stay. */
export async function wipe(app: TestApp): Promise<void> {
  await drained(app);
  // In a transaction that repeats itself: whatever else the application does may stand in the way.
  await app.database.transaction((tx) =>
    query(
      tx,
      `truncate webhook_deliveries, webhook_items, contacts, conversations, cases, messages, message_keys, message_statuses,
       message_charges, template_sends, message_reactions, timeline_entries, contact_identities, contact_merges,
       channel_notices, events, outbox cascade`,
    ),
  );
}

/** The tenants that the payload set knows. */
export async function givenTenants(app: TestApp): Promise<void> {
  const waba = '318840027715906';
  await app.given.channel({ phoneNumberId: PHONE_NUMBER_ID, businessAccountId: waba });
  await app.given.channel({ phoneNumberId: SECOND_PHONE_NUMBER_ID, businessAccountId: waba });
  await app.given.channel({ phoneNumberId: OTHER_PHONE_NUMBER_ID, businessAccountId: '402217763190558' });
}

/** The channel of one of those numbers. */
export async function channelIdOf(app: TestApp, phoneNumberId = PHONE_NUMBER_ID): Promise<string> {
  const [channel] = await rows<{ id: string }>(app, 'select id from channels where phone_number_id = $1', [
    phoneNumberId,
  ]);
  if (!channel) throw new Error(`no channel of ${phoneNumberId}`);
  return channel.id;
}

/** By the API: what the routes know of a number is read again at once. */
export async function setBot(app: TestApp, admin: TestAgent, botEnabled: boolean): Promise<void> {
  const { status } = await app.call(admin, 'PATCH', `/channels/${await channelIdOf(app)}`, { botEnabled });
  if (status !== 200) throw new Error(`the bot was not switched: ${status}`);
}
