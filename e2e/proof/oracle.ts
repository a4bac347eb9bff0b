import type { Correspondence, Ledger } from './ledger.ts';
import { judgeScreens } from './screens-oracle.ts';
import { waitFor } from '../topology/wait-for.ts';
import type { AcceptedSend, Rig } from './rig.ts';
import type { StoredMessage, StoredThread } from './stored.ts';

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
    const takenBy = groupBy(this.#accepted, ({ body }) => body.text?.body ?? '');
    const messagesOf = groupBy(this.#messages, ({ conversationId }) => conversationId);
    for (const correspondence of this.#ledger.correspondences) {
      const thread = messagesOf.get(correspondence.conversationId) ?? [];
      this.#judgeInbound(thread, correspondence);
      this.#judgeReplies(thread, correspondence, takenBy);
      this.#judgeNumbers(correspondence.conversationId, thread);
      this.#judgeOwner(correspondence);
    }
    this.#judgeSendOrder();
    await this.#judgeTaken();
    await this.#judgeHistory();
    await judgeScreens(this.#rig, this.#ledger, this.#messages, this.#threads);
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

  /** All threads of these customers, also those that should not be, with all that stands in them. */
  async #read(): Promise<void> {
    const phones = [...this.#ledger.phones];
    this.#threads = await this.#rig.sql<StoredThread>(
      `select c.id, i.value as phone, c.rev::int, c.last_seq::int as "lastSeq", c.assignee_id as "assigneeId"
       from conversations c join contact_identities i using (contact_id)
       where i.kind = 'wa_id' and i.value = any($1) and c.merged_into_id is null`,
      [phones],
    );
    this.#messages = await this.#rig.sql<StoredMessage>(
      `select id, conversation_id as "conversationId", seq::int, rev::int, direction, status, wamid,
              client_message_id as "clientMessageId", body
       from messages where conversation_id = any($1) order by conversation_id, event_second, seq`,
      [this.#threads.map(({ id }) => id)],
    );
    this.#accepted = (await this.#rig.accepted()).filter(({ to }) => this.#ledger.phones.has(to));
    for (const [phone, threads] of groupBy(this.#threads, ({ phone }) => phone))
      if (threads.length > 1)
        this.#ledger.blame('doubled', `the customer ${phone} has ${String(threads.length)} threads`);
  }

  #judgeInbound(thread: readonly StoredMessage[], { phone, written }: Correspondence): void {
    const expected = written.filter(({ wamid }) => !this.#ledger.poison.has(wamid));
    const bodyOf = new Map(expected.map(({ wamid, body }) => [wamid, body]));
    const inbound = thread.filter(({ direction }) => direction === 'inbound');
    const stored = groupBy(inbound, ({ wamid }) => wamid ?? '');
    for (const { wamid } of expected) if (!stored.has(wamid)) this.#ledger.blame('lost', `customer's ${wamid}`);
    for (const [wamid, copies] of stored) {
      if (copies.length > 1) this.#ledger.blame('doubled', `customer's ${wamid}, ${String(copies.length)} times`);
      const said = bodyOf.get(wamid);
      if (said === undefined) this.#ledger.blame('unexplained', `nobody wrote ${wamid} to ${phone}`);
      else if (copies[0]!.body !== said)
        this.#ledger.blame('lost', `${wamid} says «${copies[0]!.body}», not «${said}»`);
    }
    const placeOf = new Map(inbound.map(({ wamid }, place) => [wamid, place]));
    const places = expected.flatMap(({ wamid }) => placeOf.get(wamid) ?? []);
    if (places.some((place, index) => index > 0 && place < places[index - 1]!))
      this.#ledger.blame('out of order', `what the customer ${phone} wrote`);
  }

  #judgeReplies(
    thread: readonly StoredMessage[],
    { replies }: Correspondence,
    takenBy: ReadonlyMap<string, AcceptedSend[]>,
  ): void {
    const stored = groupBy(thread, ({ clientMessageId }) => clientMessageId ?? '');
    for (const { clientMessageId, messageId, body } of replies) {
      const copies = stored.get(clientMessageId) ?? [];
      const [message] = copies;
      if (!message || message.body !== body || message.id !== messageId) {
        this.#ledger.blame('lost', `reply ${body}`);
        continue;
      }
      if (copies.length > 1) this.#ledger.blame('doubled', `reply ${body}`);
      const taken = takenBy.get(body) ?? [];
      if (taken.length > 1) this.#ledger.blame('sent twice', `${body}: Meta took it ${String(taken.length)} times`);
      const expected = this.#expectedStates(clientMessageId, body, taken.length > 0);
      if (!expected.includes(message.status))
        this.#ledger.blame('unexplained', `${body} is ${message.status}, not ${expected.join(' or ')}`);
      if (taken.length === 1 && message.wamid !== taken[0]!.wamid)
        this.#ledger.blame('unexplained', `${body} is ${String(message.wamid)} here, ${taken[0]!.wamid} at Meta`);
    }
  }

  /**
   * What Meta has is read (its own status says so); what it never took is `unknown`; what it refused is `failed`, or
   * `unknown` if the refusal died with the instance that heard it.
   */
  #expectedStates(clientMessageId: string, body: string, isTaken: boolean): string[] {
    const computed = this.#ledger.expectedStates.get(clientMessageId);
    if (computed !== undefined) return [computed];
    if (isTaken) return ['read'];
    const { refusedWord } = this.#ledger;
    return refusedWord !== null && body.endsWith(refusedWord) ? ['failed', 'unknown'] : ['unknown'];
  }

  #judgeNumbers(conversationId: string, thread: readonly StoredMessage[]): void {
    const seqs = thread.map(({ seq }) => seq).sort((left, right) => left - right);
    const last = this.#threads.find(({ id }) => id === conversationId)?.lastSeq;
    if (seqs.some((seq, index) => seq !== index + 1) || last !== seqs.length)
      this.#ledger.blame('out of order', `${conversationId} is numbered with gaps`);
  }

  #judgeOwner({ conversationId, ownerId }: Correspondence): void {
    const thread = this.#threads.find(({ id }) => id === conversationId);
    if (ownerId !== null && thread?.assigneeId !== ownerId)
      this.#ledger.blame(
        'owned twice',
        `${conversationId} is another's than the agent's who was told that it is theirs`,
      );
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

  /** What the door answered with 200 is there once, wherever; so is what a correspondence wrote. */
  async #judgeTaken(): Promise<void> {
    const written = this.#ledger.correspondences.flatMap((one) => one.written.map(({ wamid }) => wamid));
    const all = [...this.#ledger.taken, ...written.filter((wamid) => !this.#ledger.poison.has(wamid))];
    const odd = await this.#rig.sql<{ wamid: string; count: number }>(
      `select wamid, count(m.wamid)::int as count from unnest($1::text[]) wamid left join messages m using (wamid)
       group by wamid having count(m.wamid) <> 1`,
      [all],
    );
    for (const { wamid, count } of odd)
      this.#ledger.blame(count === 0 ? 'lost' : 'doubled', `${wamid} is there ${String(count)} times in all`);
  }

  /** The log tells of each message once, the timeline of each claim once, and nobody innocent was given up. */
  async #judgeHistory(): Promise<void> {
    const untold = await this.#rig.sql<{ id: string; count: number }>(
      `select m.id, count(e.id)::int as count from messages m
       left join events e on e.message_id = m.id and e.type = 'message.created'
       where m.conversation_id = any($1) group by m.id having count(e.id) <> 1 limit 20`,
      [this.#ledger.conversationIds],
    );
    for (const { id, count } of untold)
      this.#ledger.blame(count === 0 ? 'missed' : 'doubled', `the log tells ${String(count)} times of message ${id}`);
    const owned = this.#ledger.correspondences.filter(({ ownerId }) => ownerId !== null);
    const told = await this.#rig.count(
      `(select from timeline_entries where conversation_id = any($1) and kind = 'claimed'
        group by conversation_id having count(*) = 1) once`,
      [owned.map(({ conversationId }) => conversationId)],
    );
    if (told !== owned.length)
      this.#ledger.blame(
        'owned twice',
        `${String(owned.length - told)} threads have not exactly one claim in their timeline`,
      );
    const dead = await this.#rig.sql<{ wamid: string | null; reason: string | null }>(
      `select wamid, reason from webhook_items
       where outcome = 'dead' and (wamid is null or not wamid = any($1)) and delivery_id in (
         select id from webhook_deliveries where received_at >= $2) limit 20`,
      [[...this.#ledger.poison], this.#rig.beganAt],
    );
    for (const { wamid, reason } of dead) this.#ledger.blame('dead', `${String(wamid)}: ${String(reason)}`);
    for (const { broken } of [this.#rig.admin, ...this.#rig.agents])
      for (const answer of broken.splice(0)) this.#ledger.blame('bad answer', answer);
  }

  #count(): void {
    const { facts } = this.#ledger;
    facts['messages of customers'] =
      this.#messages.filter(({ direction }) => direction === 'inbound').length + this.#ledger.taken.length;
    facts['replies'] = this.#messages.filter(({ direction }) => direction === 'outbound').length;
    facts['taken by Meta'] = this.#accepted.length;
    facts['unknown'] = this.#messages.filter(({ status }) => status === 'unknown').length;
  }
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
}
