import type { Ledger } from './ledger.ts';
import { type AcceptedSend, type Rig, waitFor } from './rig.ts';

interface StoredMessage {
  id: string;
  conversationId: string;
  seq: number;
  rev: number;
  direction: 'inbound' | 'outbound';
  status: string;
  wamid: string | null;
  clientMessageId: string | null;
  body: string;
}

interface StoredThread {
  id: string;
  rev: number;
  lastSeq: number;
  assigneeId: string | null;
}

const SCREENS_PATIENCE_MS = 20_000;
/** Longer than any lease, and than the wait for a status after an answer that says little. */
const LONGEST_LEASE_SECONDS = 200;
/** A message may wait for its next try several times in a row. */
const HURRY_EVERY_MS = 4_000;
const MOVING = ['queued', 'sending', 'accepted', 'sent', 'delivered'];

/** Compares the three ledgers (what went in, Meta's, the screens') with the database, once nothing moves any more. */
export class Oracle {
  readonly #rig: Rig;
  readonly #ledger: Ledger;
  #messages: StoredMessage[] = [];
  #threads: StoredThread[] = [];
  #accepted: AcceptedSend[] = [];

  constructor(rig: Rig, ledger: Ledger) {
    this.#rig = rig;
    this.#ledger = ledger;
  }

  /** Blames the ledger's violations on what is stored, sent and shown. */
  async judge(): Promise<void> {
    await this.#settle();
    await this.#read();
    const takenOf = countBy(this.#accepted, ({ body }) => body.text?.body ?? '');
    for (const { conversationId, written, replies } of this.#ledger.correspondences) {
      const thread = this.#messages.filter((message) => message.conversationId === conversationId);
      this.#judgeInbound(thread, written);
      this.#judgeReplies(thread, replies, takenOf);
      this.#judgeNumbers(conversationId, thread);
    }
    this.#judgeSendOrder();
    await this.#judgeScreens();
    this.#count();
  }

  /** Until every delivery has ended, nothing is on its way to Meta and Meta has told everything it has to tell. */
  async #settle(): Promise<void> {
    const ids = this.#ledger.conversationIds;
    let hurriedAtMs = -HURRY_EVERY_MS;
    const hurry = async (): Promise<void> => {
      if (!this.#rig.options.hurriesClock || performance.now() - hurriedAtMs < HURRY_EVERY_MS) return;
      hurriedAtMs = performance.now();
      await this.#rig.putClockForward(LONGEST_LEASE_SECONDS);
    };
    const isQuiet = async (): Promise<boolean> => {
      if ((await this.#rig.pending()) > 0) return false;
      await hurry();
      const open = await this.#rig.count(
        `(select from webhook_deliveries where state not in ('done', 'dead')
          union all select from messages where conversation_id = any($1) and status = any($2)
            and (client_message_id is null or not client_message_id = any($3::uuid[]))
          union all select from outbox where conversation_id = any($1) and lease_id is not null) open`,
        [ids, MOVING, [...this.#ledger.expectedStates.keys()]],
      );
      return open === 0;
    };
    try {
      await waitFor(isQuiet, 'the end of all work', this.#rig.options.patienceMs);
    } catch (error) {
      this.#ledger.blame('unexplained', String(error));
    }
  }

  async #read(): Promise<void> {
    const ids = this.#ledger.conversationIds;
    this.#messages = await this.#rig.sql<StoredMessage>(
      `select id, conversation_id as "conversationId", seq::int, rev::int, direction, status, wamid,
              client_message_id as "clientMessageId", body
       from messages where conversation_id = any($1) order by conversation_id, event_second, seq`,
      [ids],
    );
    this.#threads = await this.#rig.sql<StoredThread>(
      `select id, rev::int, last_seq::int as "lastSeq", assignee_id as "assigneeId" from conversations
       where id = any($1)`,
      [ids],
    );
    const { phones } = this.#ledger;
    this.#accepted = (await this.#rig.accepted()).filter(({ to }) => phones.has(to));
  }

  #judgeInbound(thread: readonly StoredMessage[], written: readonly { wamid: string }[]): void {
    const expected = written.filter(({ wamid }) => !this.#ledger.poison.has(wamid));
    const inbound = thread.filter(({ direction }) => direction === 'inbound');
    const stored = countBy(inbound, ({ wamid }) => wamid ?? '');
    for (const { wamid } of expected) if (!stored.has(wamid)) this.#ledger.blame('lost', `customer's ${wamid}`);
    for (const [wamid, count] of stored)
      if (count > 1) this.#ledger.blame('doubled', `customer's ${wamid}, ${String(count)} times`);
    const placeOf = new Map(inbound.map(({ wamid }, place) => [wamid, place]));
    const places = expected.flatMap(({ wamid }) => placeOf.get(wamid) ?? []);
    if (places.some((place, index) => index > 0 && place < places[index - 1]!))
      this.#ledger.blame('out of order', `what the customer of ${thread[0]?.conversationId ?? ''} wrote`);
  }

  #judgeReplies(
    thread: readonly StoredMessage[],
    replies: readonly { clientMessageId: string; body: string }[],
    takenOf: ReadonlyMap<string, number>,
  ): void {
    for (const { clientMessageId, body } of replies) {
      const stored = thread.filter((message) => message.clientMessageId === clientMessageId);
      const [message] = stored;
      if (!message) {
        this.#ledger.blame('lost', `reply ${body}`);
        continue;
      }
      if (stored.length > 1) this.#ledger.blame('doubled', `reply ${body}`);
      const taken = takenOf.get(body) ?? 0;
      if (taken > 1) this.#ledger.blame('sent twice', `${body}: Meta took it ${String(taken)} times`);
      const expected = this.#expectedState(clientMessageId, body, taken > 0);
      if (message.status !== expected)
        this.#ledger.blame('unexplained', `${body} is ${message.status}, not ${expected}`);
    }
  }

  /** What Meta has is read (its own status says so); what it never took is `unknown`; what it refused is `failed`. */
  #expectedState(clientMessageId: string, body: string, isTaken: boolean): string {
    const computed = this.#ledger.expectedStates.get(clientMessageId);
    if (computed !== undefined) return computed;
    if (isTaken) return 'read';
    const { refusedWord } = this.#ledger;
    return refusedWord !== null && body.endsWith(refusedWord) ? 'failed' : 'unknown';
  }

  #judgeNumbers(conversationId: string, thread: readonly StoredMessage[]): void {
    const seqs = thread.map(({ seq }) => seq).sort((left, right) => left - right);
    const last = this.#threads.find(({ id }) => id === conversationId)?.lastSeq;
    if (seqs.some((seq, index) => seq !== index + 1) || last !== seqs.length)
      this.#ledger.blame('out of order', `${conversationId} is numbered with gaps`);
  }

  /** Each thread leaves in the order in which it was written, and what Meta has is a reply of ours. */
  #judgeSendOrder(): void {
    const byBody = new Map(this.#messages.map((message) => [message.body, message]));
    const lastSeq = new Map<string, number>();
    for (const { body } of this.#accepted) {
      const message = byBody.get(body.text?.body ?? '');
      if (!message) {
        this.#ledger.blame('doubled', `Meta has a reply that we do not: ${JSON.stringify(body)}`);
        continue;
      }
      if (message.seq < (lastSeq.get(message.conversationId) ?? 0))
        this.#ledger.blame('out of order', `${message.body} left after a later one`);
      lastSeq.set(message.conversationId, message.seq);
    }
  }

  async #judgeScreens(): Promise<void> {
    const { screens } = this.#rig;
    const missing = (): string[] =>
      screens.flatMap((screen, index) => [
        ...this.#messages.flatMap(({ id, rev, status }) => {
          const held = screen.messages.get(id);
          const isHeld = held?.rev === rev && held.status === status;
          return isHeld ? [] : [`screen ${String(index)}: message ${id} (${status})`];
        }),
        ...this.#threads.flatMap(({ id, rev, assigneeId }) => {
          const held = screen.threads.get(id);
          const isHeld = held?.rev === rev && (held.assignee?.id ?? null) === assigneeId;
          return isHeld ? [] : [`screen ${String(index)}: conversation ${id}`];
        }),
      ]);
    try {
      await waitFor(() => missing().length === 0, 'the screens', SCREENS_PATIENCE_MS);
    } catch {
      for (const what of missing()) this.#ledger.blame('missed', what);
    }
    for (const screen of screens) {
      if (screen.resets > 0) this.#ledger.blame('missed', `a screen had to start anew ${String(screen.resets)} times`);
      screen.resets = 0;
    }
    for (const { broken } of [this.#rig.admin, ...this.#rig.agents])
      for (const answer of broken.splice(0)) this.#ledger.blame('bad answer', answer);
  }

  #count(): void {
    const { facts } = this.#ledger;
    facts['messages of customers'] = this.#messages.filter(({ direction }) => direction === 'inbound').length;
    facts['replies'] = this.#messages.filter(({ direction }) => direction === 'outbound').length;
    facts['taken by Meta'] = this.#accepted.length;
    facts['unknown'] = this.#messages.filter(({ status }) => status === 'unknown').length;
  }
}

function countBy<T>(items: readonly T[], key: (item: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(key(item), (counts.get(key(item)) ?? 0) + 1);
  return counts;
}
