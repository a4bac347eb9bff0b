import type { Message } from '@parley/contract';
import { randomUUID } from 'node:crypto';
import type { Correspondence, Ledger, Written } from './ledger.ts';
import type { Random } from './random.ts';
import { type Rig, waitFor } from './rig.ts';

/** Messages lie this far back, a second apart in each thread: so each has a place of its own. */
const STARTED_SECONDS_AGO = 6 * 3_600;
const REPEATED_SHARE = 0.15;
const CREATED = 201;
const REPEATED = 200;
const PACE_MS = 15;

/** Customers who write faster than anybody reads, and agents who answer them, whatever breaks meanwhile. */
export class Traffic {
  readonly #rig: Rig;
  readonly #ledger: Ledger;
  readonly #random: Random;
  readonly #startedAt = Math.floor(Date.now() / 1_000) - STARTED_SECONDS_AGO;

  constructor(rig: Rig, ledger: Ledger, random: Random) {
    this.#rig = rig;
    this.#ledger = ledger;
    this.#random = random;
  }

  /** This many new customers write once; with `claims`, each thread is claimed by its agent. */
  async begin(customers: number, { claims = true } = {}): Promise<void> {
    const { agents } = this.#rig;
    const begun = Array.from({ length: customers }, (_, index): Correspondence => ({
      phone: this.#rig.nextPhone(),
      agent: agents[index % agents.length]!,
      conversationId: '',
      written: [],
      replies: [],
    }));
    this.#ledger.correspondences.push(...begun);
    await this.write(begun, 1);
    for (const correspondence of begun) correspondence.conversationId = await this.#threadOf(correspondence.phone);
    if (!claims) return;
    await Promise.all(begun.map((one) => one.agent.ask('POST', `/conversations/${one.conversationId}/claim`)));
  }

  /** Each of them writes `count` times; some of it comes again in other bodies. */
  async write(writers: readonly Correspondence[], count: number): Promise<Written[]> {
    const fresh: { phone: string; written: Written }[] = [];
    for (let nth = 0; nth < count; nth += 1)
      for (const { phone, written } of writers) {
        const number = written.length + 1;
        const one = {
          wamid: `wamid.${phone}.${String(number)}`,
          body: `${phone} says ${String(number)}`,
          at: this.#startedAt + number,
        };
        written.push(one);
        fresh.push({ phone, written: one });
      }
    const again = fresh.filter(() => this.#random.chance(REPEATED_SHARE));
    await this.deliver([...fresh, ...again]);
    return fresh.map(({ written }) => written);
  }

  /** Hands over to Meta, which delivers it again and again until it is taken. */
  async deliver(all: readonly { phone: string; written: Written }[]): Promise<void> {
    await this.#rig.meta(
      'POST',
      'inbound?wait=false',
      all.map(({ phone, written: { wamid, body, at } }) => ({
        contacts: [{ profile: { name: `Customer ${phone}` }, wa_id: phone }],
        messages: [{ from: phone, id: wamid, timestamp: String(at), type: 'text', text: { body } }],
      })),
    );
  }

  /** The customer is answered once. `word` says what Meta does with it. */
  async reply(to: Correspondence, word = 'plain'): Promise<void> {
    const { agent, conversationId, replies, phone } = to;
    const clientMessageId = randomUUID();
    const body = `reply ${phone} ${clientMessageId.slice(-12)} ${word}`;
    const request = { clientMessageId, type: 'text', text: { body } };
    const answer = await agent.ask<Message>('POST', `/conversations/${conversationId}/messages`, request);
    if (answer.status === CREATED || answer.status === REPEATED)
      replies.push({ clientMessageId, body, messageId: answer.body.id });
    else this.#ledger.blame('bad answer', `a reply got ${String(answer.status)} ${JSON.stringify(answer.body)}`);
  }

  /** Customers write and agents answer, `perTurn` messages at a time, until `work` is done and `least` were written. */
  async while(
    work: () => Promise<void>,
    { least = 0, perTurn = 4, word = (): string => 'plain', replies = true } = {},
  ): Promise<void> {
    let isOver = false;
    const { correspondences } = this.#ledger;
    let written = 0;
    const customers = async (): Promise<void> => {
      while (!isOver || written < least) {
        const writers = Array.from({ length: perTurn }, () => this.#random.pick(correspondences));
        written += (await this.write([...new Set(writers)], 1)).length;
        await pause();
      }
    };
    const agents = async (share: number): Promise<void> => {
      const mine = correspondences.filter((_, index) => index % 2 === share);
      while (replies && !isOver && mine.length > 0) {
        await this.reply(this.#random.pick(mine), word());
        await pause();
      }
    };
    const writing = Promise.all([customers(), agents(0), agents(1)]);
    try {
      await work();
    } finally {
      isOver = true;
      await writing;
    }
  }

  async #threadOf(phone: string): Promise<string> {
    const row = await waitFor(async () => {
      const [found] = await this.#rig.sql<{ id: string }>(
        `select c.id from conversations c join contact_identities i using (contact_id)
         where i.kind = 'wa_id' and i.value = $1`,
        [phone],
      );
      return found;
    }, `the thread of ${phone}`);
    return row.id;
  }
}

/** How fast people are, not something that is waited for. */
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, PACE_MS));
