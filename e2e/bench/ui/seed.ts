import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { pngPicture } from '../../fixtures/media-samples.ts';
import { call } from '../support/api.ts';
import type { InboundText } from '../support/webhooks.ts';
import type { Actor, Stage } from './stage.ts';

export const LIST_ROWS = 5_000;
export const LONG_THREAD = 10_000;
const THREADS = 45;
const THREAD_LENGTH = 30;
const BOARD_CARDS = 5;
const MESSAGES_PER_BODY = 200;
/** Width and height of what Cleo has sent: upright, lying, narrow and larger than a bubble takes. */
const PICTURES = [
  [320, 240],
  [240, 320],
  [1_200, 400],
  [120, 90],
  [600, 900],
  [640, 480],
] as const;

/** Customers by number: the queue's below, then those of Ana's threads, of Ben's cards, of Cleo, and who never stops. */
const THREAD_CUSTOMERS = 6_000;
const BOARD_CUSTOMERS = 6_500;
const DESK_CUSTOMER = 6_600;
const ALBUM_CUSTOMER = 6_601;
export const LONG_CUSTOMER = 7_000;
export const FIRST_WAMID = 'wamid.ui.long.first';
export const FIRST_WORDS = 'The very first thing I asked';

const WORDS = 'Do you still have the blue atlas in stock and could you send it to the old harbour before Friday please';

/** What the runs find. */
export interface Seed {
  longId: string;
  /** Ana's short threads. */
  threads: { customer: number; id: string }[];
  /** Ben's. */
  cards: { customer: number; id: string }[];
  /** Cleo's: words alone, and pictures that she has sent. */
  desk: { customer: number; id: string };
  album: { customer: number; id: string };
}

const text = (index: number): string => `${WORDS} ${WORDS}`.slice(0, 14 + ((index * 7_919) % 170));
const many = (count: number, from: number): number[] => Array.from({ length: count }, (_, index) => from + index);

/** Fills the product through its door; the long thread's messages are written to the database in one statement. */
export async function sow(stage: Stage): Promise<Seed> {
  const threads = many(THREADS, THREAD_CUSTOMERS);
  const cards = many(BOARD_CARDS, BOARD_CUSTOMERS);
  const message = (kind: string, customer: number, n = 0): InboundText => ({
    customer,
    wamid: `wamid.ui.${kind}.${String(customer)}.${String(n)}`,
    text: text(customer + n),
  });
  const messages: InboundText[] = [
    ...many(LIST_ROWS, 0).map((customer) => message('list', customer)),
    ...threads.flatMap((customer) => many(THREAD_LENGTH, 0).map((n) => message('thread', customer, n))),
    ...cards.map((customer) => message('card', customer)),
    ...many(THREAD_LENGTH, 0).map((n) => message('desk', DESK_CUSTOMER, n)),
    // Opened at the first unread message, it still shows pictures.
    message('album', ALBUM_CUSTOMER),
    { customer: LONG_CUSTOMER, wamid: FIRST_WAMID, text: FIRST_WORDS },
  ];
  for (let from = 0; from < messages.length; from += MESSAGES_PER_BODY)
    await stage.writes(...messages.slice(from, from + MESSAGES_PER_BODY));
  const idOf = await conversationsOf(stage, messages.length);
  const claim = async (actor: Actor, customer: number): Promise<{ customer: number; id: string }> => {
    const id = idOf(customer);
    const { status } = await call(stage.backend.url, actor.token, 'POST', `/conversations/${id}/claim`);
    if (status !== 200) throw new Error(`claiming was answered ${String(status)}`);
    return { customer, id };
  };
  const seed: Seed = {
    longId: idOf(LONG_CUSTOMER),
    threads: [],
    cards: [],
    desk: await claim(stage.cleo, DESK_CUSTOMER),
    album: await claim(stage.cleo, ALBUM_CUSTOMER),
  };
  for (const customer of threads) seed.threads.push(await claim(stage.ana, customer));
  for (const customer of cards) seed.cards.push(await claim(stage.ben, customer));
  await claim(stage.ana, LONG_CUSTOMER);
  await lengthen(stage, seed.longId);
  await sendPictures(stage, seed.album.id);
  return seed;
}

/** As an agent does it: uploaded, then sent. */
async function sendPictures({ backend, cleo }: Stage, conversationId: string): Promise<void> {
  const authorization = `Bearer ${cleo.token}`;
  for (const [width, height] of PICTURES) {
    const upload = await fetch(`${backend.url}/api/media?kind=image&fileName=picture.png`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/octet-stream' },
      body: new Uint8Array(pngPicture(width, height)),
    });
    if (!upload.ok) throw new Error(`uploading was answered ${String(upload.status)}`);
    const { id: fileId } = (await upload.json()) as { id: string };
    const message = { clientMessageId: randomUUID(), type: 'image', image: { fileId } };
    const { status } = await call(
      backend.url,
      cleo.token,
      'POST',
      `/conversations/${conversationId}/messages`,
      message,
    );
    if (status >= 300) throw new Error(`sending a picture was answered ${String(status)}`);
  }
}

async function conversationsOf({ database }: Stage, messages: number): Promise<(customer: number) => string> {
  for (let count = 0; count < messages; await delay(200)) {
    const { rows } = await database.query<{ count: number }>('select count(*)::int as count from messages');
    count = rows[0]?.count ?? 0;
  }
  const { rows } = await database.query<{ id: string; name: string }>(
    'select c.id, p.name from conversations c join contacts p on p.id = c.contact_id',
  );
  const ids = new Map(rows.map(({ id, name }) => [name, id]));
  return (customer) => {
    const id = ids.get(`Customer ${String(customer)}`);
    if (!id) throw new Error(`nothing of customer ${String(customer)}`);
    return id;
  };
}

/** Ten thousand messages of eight days after the first: uneven, one in three an agent's, one in twenty a picture. */
async function lengthen({ database, ana }: Stage, id: string): Promise<void> {
  await database.query('begin');
  await database.query(
    `update messages set event_at = now() - interval '9 days',
       event_second = extract(epoch from now() - interval '9 days')::bigint where conversation_id = $1`,
    [id],
  );
  await database.query(
    `insert into messages (conversation_id, id, channel_id, case_id, seq, direction, sender_type, sender_id, type, body,
       content, wamid, client_message_id, status, event_at, event_second, inbound_number, accepted_at, sent_at, delivered_at,
       read_at)
     select c.id, gen_random_uuid(), c.channel_id, c.case_id, n + 1, case when ours then 'outbound' else 'inbound' end,
       case when ours then 'agent' else 'contact' end, case when ours then $2::uuid else c.contact_id end,
       case when pictured then 'image' else 'text' end, words,
       case when pictured
         then jsonb_build_object('media', jsonb_build_object('mediaId', null, 'mimeType', 'image/jpeg', 'sha256', null,
           'fileName', null, 'caption', words, 'voice', false, 'animated', false))
         else jsonb_build_object('text', jsonb_build_object('body', words)) end,
       'wamid.ui.long.' || n, case when ours then gen_random_uuid() end, case when ours then 'read' else 'received' end,
       at, extract(epoch from at)::bigint, n + 1 - n / 3, step, step, step, step
     from conversations c, generate_series(1, $3::int) n,
       lateral (select n % 3 = 0 as ours, n % 20 = 7 as pictured,
         now() - ($3::int - n + 1) * interval '65 seconds' as at,
         left($4::text || ' ' || $4::text, 14 + (n * 7919) % 170) as words) part,
       lateral (select case when ours then at + interval '2 seconds' end as step) steps
     where c.id = $1`,
    [id, ana.id, LONG_THREAD, WORDS],
  );
  await database.query(
    `update conversations c set last_seq = m.last_seq, inbound_count = m.inbound, last_inbound_seq = m.last_inbound,
       last_message_id = m.last_id, rev = rev + 1
     from (select max(seq) as last_seq, count(*) filter (where direction = 'inbound') as inbound,
       max(seq) filter (where direction = 'inbound') as last_inbound, (array_agg(id order by seq desc))[1] as last_id
       from messages where conversation_id = $1) m where c.id = $1`,
    [id],
  );
  await database.query(
    `insert into read_cursors (conversation_id, agent_id, seq, inbound_number)
     select c.id, $2, c.last_seq, c.inbound_count from conversations c where c.id = $1
     on conflict (conversation_id, agent_id) do update set seq = excluded.seq, inbound_number = excluded.inbound_number`,
    [id, ana.id],
  );
  await database.query('commit');
  await database.query('vacuum (analyze) messages');
}
