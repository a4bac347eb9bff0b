import { setTimeout as delay } from 'node:timers/promises';
import type {
  Conversation,
  ConversationList,
  Message,
  ServerToClientEvents,
  Session,
  SyncHead,
} from '@parley/contract';
import { io, type Socket } from 'socket.io-client';
import type { Topology } from './topology.ts';

const RETRY_PAUSE_MS = 50;
const MAX_TRIES = 40;
const ACK_TIMEOUT_MS = 10_000;
/** What says "ask again": an instance that stops, a database that is away. */
const ASK_AGAIN = 502;

interface Answer<Body> {
  status: number;
  body: Body;
}

/** One agent's screen: a socket that follows the stream, and requests that are repeated as the console repeats them. */
export class Person {
  /** By id, with the greatest `rev`. */
  readonly messages = new Map<string, Message>();
  /** Answers of 500 and above that a repetition took away. */
  readonly refused: number[] = [];
  /** How often the server told it to start anew; how often its socket was lost. */
  resets = 0;
  losses = 0;
  readonly #url: string;
  readonly #token: string;
  readonly #socket: Socket<ServerToClientEvents>;
  #cursor: string | null = null;
  #isLive = false;
  #waitingHeads: SyncHead[] | null = null;

  private constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
    this.#socket = io(url, { transports: ['websocket'], auth: { token }, forceNew: true, reconnectionDelay: 100 });
    const keep = (message: Message): void => {
      if (message.rev > (this.messages.get(message.id)?.rev ?? 0)) this.messages.set(message.id, message);
    };
    this.#socket.on('message:created', keep);
    this.#socket.on('message:updated', keep);
    this.#socket.on('sync:head', (head) => {
      if (this.#waitingHeads) this.#waitingHeads.push(head);
      else this.#follow(head);
    });
    this.#socket.on('connect', () => void this.#resume());
    this.#socket.on('disconnect', () => {
      this.#isLive = false;
      this.losses += 1;
    });
  }

  /** Signs the admin in at this many screens; each is live once `isLive`. */
  static async at(topology: Topology, screens: number): Promise<Person[]> {
    const response = await fetch(`${topology.url}/api/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(topology.admin),
    });
    if (!response.ok) throw new Error(`the sign-in answered ${String(response.status)}`);
    const { accessToken } = (await response.json()) as Session;
    return Array.from({ length: screens }, () => new Person(topology.url, accessToken));
  }

  get isLive(): boolean {
    return this.#isLive && this.#socket.connected;
  }

  close(): void {
    this.#socket.disconnect();
  }

  conversations(): Promise<Answer<ConversationList>> {
    return this.call('GET', '/conversations?limit=50');
  }

  claim({ id }: Pick<Conversation, 'id'>): Promise<Answer<Conversation>> {
    return this.call('POST', `/conversations/${id}/claim`);
  }

  write({ id }: Pick<Conversation, 'id'>, clientMessageId: string, body: string): Promise<Answer<Message>> {
    const message = { clientMessageId, type: 'text', text: { body } };
    return this.call('POST', `/conversations/${id}/messages`, message);
  }

  /** Repeats what was not answered, or answered with 502 or 503; anything else is the answer. */
  async call<Body>(method: string, path: string, body?: unknown): Promise<Answer<Body>> {
    for (let attempt = 1; attempt <= MAX_TRIES; attempt += 1) {
      const answer = await this.#try<Body>(method, path, body);
      if (answer.status !== 0 && answer.status < ASK_AGAIN) return answer;
      this.refused.push(answer.status);
      await delay(RETRY_PAUSE_MS);
    }
    throw new Error(`${method} ${path} was refused ${String(MAX_TRIES)} times`);
  }

  async #try<Body>(method: string, path: string, body: unknown): Promise<Answer<Body>> {
    try {
      const response = await fetch(`${this.#url}/api${path}`, {
        method,
        headers: {
          authorization: `Bearer ${this.#token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      const isJson = (response.headers.get('content-type') ?? '').includes('json');
      return { status: response.status, body: (isJson ? JSON.parse(text) : null) as Body };
    } catch {
      return { status: 0, body: null as Body };
    }
  }

  async #resume(): Promise<void> {
    this.#waitingHeads = [];
    try {
      const untyped = this.#socket as unknown as Socket;
      const answer = (await untyped.timeout(ACK_TIMEOUT_MS).emitWithAck('sync:resume', { cursor: this.#cursor })) as {
        ok: boolean;
        cursor: string;
        reset: boolean;
      };
      if (!answer.ok) throw new Error('the resume was refused');
      const heads = this.#waitingHeads;
      this.#waitingHeads = null;
      this.#cursor = answer.cursor;
      this.#isLive = true;
      if (answer.reset) this.resets += 1;
      for (const head of heads) this.#follow(head);
    } catch {
      // Without an answer the connection is given up; the next one resumes from the same cursor.
      if (this.#socket.connected) this.#socket.io.engine.close();
    }
  }

  #follow(head: SyncHead): void {
    if (head.after === this.#cursor) this.#cursor = head.cursor;
    else void this.#resume();
  }
}

/** Speaks to the simulator's control routes. */
export async function meta<Body>(topology: Topology, method: string, path: string, body?: unknown): Promise<Body> {
  const response = await fetch(`${topology.meta.url}/control/${path}`, {
    method,
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`the simulator answered ${String(response.status)}: ${await response.text()}`);
  return (await response.json()) as Body;
}
