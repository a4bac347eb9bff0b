import type { Message } from '@parley/contract';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Correspondence, Ledger, Written } from './ledger.ts';
import type { Random } from './random.ts';
import { waitFor } from '../topology/wait-for.ts';
import type { Rig } from './rig.ts';

/** Messages lie this far back by the deployment's clock, most of them a second apart in each thread. */
const STARTED_SECONDS_AGO = 12 * 3_600;
const REPEATED_SHARE = 0.15;
/** Now and then a customer writes several within one second: then the body that brings them says which came first. */
const HASTY_SHARE = 0.1;
const HASTY_MESSAGES = 3;
const CREATED = 201;
const REPEATED = 200;
/** How fast people are: not something that is waited for. */
const PACE_MS = 15;
/** 250 a second at most: what breaks is to be the fault's doing, not a queue that no machine works off. */
const PACE_PER_MESSAGE_MS = 4;
const SIDE_BY_SIDE = 50;

interface Update {
  phone: string;
  written: readonly Written[];
}

/** Customers who write faster than anybody reads, and agents who answer them, whatever breaks meanwhile. */
export class Traffic {
  readonly #rig: Rig;
  readonly #ledger: Ledger;
  readonly #random: Random;
  /** What is done to messages on their way; who writes and who answers is drawn elsewhere. */
  readonly #fates: Random;
  readonly #startedAt: number;
  #turns = 0;

  constructor(rig: Rig, ledger: Ledger, random: Random) {
    this.#rig = rig;
    this.#ledger = ledger;
    this.#random = random;
    this.#fates = random.for('fates');
    this.#startedAt = Math.floor(rig.beganAt.getTime() / 1_000) - STARTED_SECONDS_AGO;
  }

  /** This many new customers write once; with `claims`, each thread is claimed by its agent. */
  async begin(customers: number, { claims = true } = {}): Promise<void> {
    const { agents } = this.#rig;
    const begun = Array.from({ length: customers }, (_, index): Correspondence => ({
      phone: this.#rig.nextPhone(),
      agent: agents[index % agents.length]!,
      conversationId: '',
      ownerId: null,
      written: [],
      replies: [],
    }));
    this.#ledger.correspondences.push(...begun);
    await this.write(begun, 1);
    await this.#findThreads(begun);
    if (!claims) return;
    for (let start = 0; start < begun.length; start += SIDE_BY_SIDE)
      await Promise.all(begun.slice(start, start + SIDE_BY_SIDE).map((one) => this.#claim(one)));
  }

  /** Each of them writes `count` times, a second apart; some of it comes again in other bodies. */
  async write(writers: readonly Correspondence[], count: number): Promise<Written[]> {
    const fresh: Update[] = [];
    for (let nth = 0; nth < count; nth += 1)
      for (const writer of writers) fresh.push({ phone: writer.phone, written: [this.#next(writer)] });
    const again = fresh.filter(() => this.#fates.chance(REPEATED_SHARE));
    await this.deliver([...fresh, ...again]);
    return fresh.flatMap(({ written }) => written);
  }

  /** Several within one second, in one body. */
  async writeInHaste(writer: Correspondence): Promise<Written[]> {
    const first = this.#next(writer);
    const rest = Array.from({ length: HASTY_MESSAGES - 1 }, () => this.#next(writer, first.at));
    const written = [first, ...rest];
    await this.deliver([{ phone: writer.phone, written }]);
    return written;
  }

  /** Hands over to Meta, which delivers it again and again until it is taken. */
  async deliver(updates: readonly Update[]): Promise<void> {
    await this.#rig.meta(
      'POST',
      'inbound?wait=false',
      updates.map(({ phone, written }) => ({
        contacts: [{ profile: { name: `Customer ${phone}` }, wa_id: phone }],
        messages: written.map(({ wamid, body, at }) => ({
          from: phone,
          id: wamid,
          timestamp: String(at),
          type: 'text',
          text: { body },
        })),
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
    const turn = String((this.#turns += 1));
    let written = 0;
    const customers = async (): Promise<void> => {
      const random = this.#random.for(`customers ${turn}`);
      while (!isOver || written < least) {
        const writers = Array.from({ length: perTurn }, () => random.pick(correspondences));
        written += (await this.write([...new Set(writers)], 1)).length;
        if (random.chance(HASTY_SHARE)) written += (await this.writeInHaste(random.pick(correspondences))).length;
        await delay(Math.max(PACE_MS, perTurn * PACE_PER_MESSAGE_MS));
      }
    };
    const agents = async (share: number): Promise<void> => {
      const random = this.#random.for(`agents ${turn} ${String(share)}`);
      const mine = correspondences.filter((_, index) => index % 2 === share);
      while (replies && !isOver && mine.length > 0) {
        await this.reply(random.pick(mine), word());
        await delay(PACE_MS);
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

  #next({ phone, written }: Correspondence, at = (written.at(-1)?.at ?? this.#startedAt) + 1): Written {
    const number = String(written.length + 1);
    const one = { wamid: `wamid.${phone}.${number}`, body: `${phone} says ${number}`, at };
    written.push(one);
    return one;
  }

  async #claim(correspondence: Correspondence): Promise<void> {
    const { agent, conversationId } = correspondence;
    const { status } = await agent.ask('POST', `/conversations/${conversationId}/claim`);
    if (status === REPEATED) correspondence.ownerId = agent.id;
    else this.#ledger.blame('bad answer', `a claim that nobody contests got ${String(status)}`);
  }

  async #findThreads(begun: readonly Correspondence[]): Promise<void> {
    await waitFor(async () => {
      const rows = await this.#rig.sql<{ phone: string; id: string }>(
        `select i.value as phone, c.id from conversations c join contact_identities i using (contact_id)
         where i.kind = 'wa_id' and i.value = any($1)`,
        [begun.map(({ phone }) => phone)],
      );
      const idOf = new Map(rows.map(({ phone, id }) => [phone, id]));
      for (const one of begun) one.conversationId = idOf.get(one.phone) ?? '';
      return begun.every(({ conversationId }) => conversationId !== '');
    }, 'the threads');
  }
}
