import type { Conversation, ConversationList, Message } from '@parley/contract';
import { randomUUID } from 'node:crypto';
import { waitFor } from '../wait-for.js';
import type { InboundText } from './cloud-api.js';
import type { Deployment, Speaker } from './deployment.js';

const FIRST_PHONE = 12_065_550_100;
/** Their messages lie this far back, one second apart: so each has a place of its own in its thread. */
const STARTED_SECONDS_AGO = 600;
const BEGIN_TIMEOUT_MS = 60_000;
const AGAIN_EVERY = 7;
const CREATED = 201;
const REPEATED = 200;

/** A customer with what they wrote, and the agent who answers them. */
export interface Correspondence {
  phone: string;
  agent: Speaker;
  conversationId: string;
  written: InboundText[];
  replies: { clientMessageId: string; body: string; messageId: string }[];
}

/** Customers who write faster than anybody reads, and agents who answer all of them, whatever breaks meanwhile. */
export class Storm {
  readonly correspondences: Correspondence[];
  private readonly startedAt = Math.floor(Date.now() / 1_000) - STARTED_SECONDS_AGO;

  constructor(
    private readonly deployment: Deployment,
    agents: readonly [Speaker, Speaker],
    customers: number,
  ) {
    this.correspondences = Array.from({ length: customers }, (_, index) => ({
      phone: String(FIRST_PHONE + index),
      agent: agents[index % agents.length] ?? agents[0],
      conversationId: '',
      written: [],
      replies: [],
    }));
  }

  /** Each customer writes once and is claimed. */
  async begin(): Promise<void> {
    await this.customersWrite(1);
    const { correspondences } = this;
    const list = await waitFor(
      async () => {
        const reader = correspondences[0]?.agent ?? null;
        const { body } = await this.deployment.insist<ConversationList>(reader, 'GET', '/conversations?limit=100');
        return body.items.length === correspondences.length ? body.items : null;
      },
      'a thread of each customer',
      BEGIN_TIMEOUT_MS,
    );
    for (const correspondence of correspondences) {
      const thread = list.find(({ contact }) => contact.phone?.endsWith(correspondence.phone));
      correspondence.conversationId = thread?.id ?? '';
      const path = `/conversations/${correspondence.conversationId}/claim`;
      await this.deployment.insist<Conversation>(correspondence.agent, 'POST', path, {});
    }
  }

  /** Every customer writes `count` times; some of what they wrote earlier comes again in other bodies. */
  async customersWrite(count: number): Promise<void> {
    const fresh: InboundText[] = [];
    for (let nth = 0; nth < count; nth += 1) {
      for (const { phone, written } of this.correspondences) {
        const number = written.length + 1;
        const text = {
          from: phone,
          id: `wamid.${phone}.${String(number)}`,
          at: this.startedAt + number,
          body: `${phone} says ${String(number)}`,
        };
        written.push(text);
        fresh.push(text);
      }
    }
    const again = this.correspondences.flatMap(({ written }) =>
      written.slice(0, -count).filter((_, index) => index % AGAIN_EVERY === written.length % AGAIN_EVERY),
    );
    await this.deployment.meta.customersWrite([...fresh, ...again]);
  }

  /** Every agent answers every customer once. `word` says what Meta does with it (see the rules in the test). */
  async agentsReply(word: string): Promise<void> {
    await Promise.all(
      this.correspondences.map(async ({ agent, conversationId, replies }) => {
        const [clientMessageId, body] = [randomUUID(), `reply ${String(replies.length + 1)} ${word}`];
        const request = { clientMessageId, type: 'text', text: { body } };
        const path = `/conversations/${conversationId}/messages`;
        const answer = await this.deployment.insist<Message>(agent, 'POST', path, request);
        if (answer.status !== CREATED && answer.status !== REPEATED)
          throw new Error(`the reply was refused: ${JSON.stringify(answer)}`);
        replies.push({ clientMessageId, body, messageId: answer.body.id });
      }),
    );
  }
}
