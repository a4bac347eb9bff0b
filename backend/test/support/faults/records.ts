import type { Conversation, Message } from '@parley/contract';
import type { LiveClient } from '../live-client.js';
import type { Deployment } from './deployment.js';

/** A message as the database has it. */
export interface StoredMessage {
  id: string;
  conversationId: string;
  seq: number;
  rev: number;
  direction: string;
  status: string;
  wamid: string | null;
  clientMessageId: string | null;
  body: string;
}

export interface StoredThread {
  id: string;
  rev: number;
  version: number;
  lastSeq: number;
  assigneeId: string | null;
}

/** How many webhooks the product has taken so far. */
export async function deliveryCount({ services }: Deployment): Promise<number> {
  const [row] = await services.sql<{ count: number }>('select count(*) from webhook_deliveries');
  return row?.count ?? 0;
}

/**
 * Whether nothing is left to do: every delivery is done, nobody's words are on their way, and Meta has told the last of
 * everything that it took (what looks unknown now may be healed a moment later).
 */
export async function isQuiet({ services, meta }: Deployment): Promise<boolean> {
  if ((await meta.pending()) > 0) return false;
  const accepted = await meta.accepted();
  const [row] = await services.sql<{ open: number; read: number }>(
    `select (select count(*) from webhook_deliveries where state <> 'done')
          + (select count(*) from messages where status in ('queued', 'sending', 'accepted', 'sent', 'delivered'))
          + (select count(*) from outbox where lease_id is not null) as open,
       (select count(*) from messages where status = 'read') as read`,
  );
  return row?.open === 0 && row.read === accepted.length;
}

export async function areDeliveriesDone({ services }: Deployment): Promise<boolean> {
  const open = await services.sql(`select from webhook_deliveries where state <> 'done' limit 1`);
  return open.length === 0;
}

/** Whether a batch is leased and not committed, and stands still because somebody holds a row that it needs. */
export async function isBatchHeldUp({ services }: Deployment): Promise<boolean> {
  const held = await services.sql(
    `select from webhook_drain where batch <> '{}' and exists (
       select from pg_stat_activity where application_name = 'parley' and wait_event_type = 'Lock') limit 1`,
  );
  return held.length > 0;
}

export interface DeliveryFates {
  /** Begun more than once. */
  repeated: number;
  /** A process died while it was at work on them. */
  blamed: number;
}

export async function deliveryFates({ services }: Deployment): Promise<DeliveryFates> {
  const [row] = await services.sql<DeliveryFates>(
    `select count(*) filter (where attempts > 1) as repeated, count(*) filter (where deaths > 0) as blamed
     from webhook_deliveries`,
  );
  return row ?? { repeated: 0, blamed: 0 };
}

/** What leases are waited for ends now: the one clock that decides jumps ahead. */
export async function letLeasesEnd({ services }: Deployment, seconds: number): Promise<void> {
  await services.sql('update app_clock set shift = shift + make_interval(secs => $1)', [seconds]);
}

/** All messages in the order in which a thread shows them. */
export const storedMessages = ({ services }: Deployment): Promise<StoredMessage[]> =>
  services.sql<StoredMessage>(
    `select id, conversation_id as "conversationId", seq, rev, direction, status, wamid,
            client_message_id as "clientMessageId", body
     from messages order by conversation_id, event_second, seq`,
  );

export const storedThreads = ({ services }: Deployment): Promise<StoredThread[]> =>
  services.sql<StoredThread>(
    `select id, rev, version, last_seq as "lastSeq", assignee_id as "assigneeId" from conversations order by id`,
  );

/** The state that a client holds after all that reached it: the newest `rev` of each thing. */
/** What a client holds after all that reached it: of each thing the state with the greatest `rev`. */
export function heldBy(client: LiveClient): { messages: Map<string, string>; threads: Map<string, string> } {
  const held = { messages: new Map<string, string>(), threads: new Map<string, string>() };
  const revs = new Map<string, number>();
  for (const { type, payload } of client.events) {
    const { id = '', rev = 0 } = payload;
    const isMessage = type === 'message:created' || type === 'message:updated';
    if ((!isMessage && type !== 'conversation:updated') || (revs.get(id) ?? 0) >= rev) continue;
    revs.set(id, rev);
    const state: unknown = payload;
    if (isMessage) held.messages.set(id, messageText(state as Message));
    else held.threads.set(id, threadText(storedThread(state as Conversation)));
  }
  return held;
}

const storedThread = ({ id, rev, version, lastSeq, assignee }: Conversation): StoredThread => ({
  id,
  rev,
  version,
  lastSeq,
  assigneeId: assignee?.id ?? null,
});

export const messageText = ({ seq, rev, status }: Pick<StoredMessage, 'seq' | 'rev' | 'status'>): string =>
  `seq ${String(seq)} rev ${String(rev)} ${status}`;

export const threadText = ({ rev, version, lastSeq, assigneeId }: Omit<StoredThread, 'id'>): string =>
  `rev ${String(rev)} version ${String(version)} last ${String(lastSeq)} of ${String(assigneeId)}`;
