import { setTimeout as delay } from 'node:timers/promises';
import type { Agent, Session } from '@parley/contract';

const RETRY_PAUSE_MS = 60;
/** Longer than any outage of the rig: what is refused still, no repetition takes away. */
const PATIENCE_MS = 180_000;
/** Below the ten minutes of an access token. */
const RENEW_AFTER_MS = 4 * 60_000;
const TOO_MANY = 429;
/** What says "ask again": a gateway without an instance behind it, an instance without a database. */
const FIRST_TO_REPEAT = 502;

export interface Answer<Body> {
  /** 0: none came. */
  status: number;
  body: Body;
  /** What the answer sets, as it is sent back. */
  cookie: string;
}

const passwordOf = (email: string): string => `a long enough password of ${email}`;

/** An agent with a token, who asks as the console does: what nobody answered is asked again. */
export class Person {
  readonly id: string;
  readonly email: string;
  /** Answers of 500 and above, and none at all, that a repetition took away. */
  readonly refused: number[] = [];
  /** Answers of 500 and above that no repetition takes away. */
  readonly broken: string[] = [];
  token: string;
  readonly #url: string;
  readonly #cookie: string;
  readonly #password: string;
  #renewedAtMs = performance.now();

  private constructor(url: string, { body: session, cookie }: Answer<Session>, email: string, password: string) {
    this.#url = url;
    this.id = session.agent.id;
    this.email = email;
    this.token = session.accessToken;
    this.#cookie = cookie;
    this.#password = password;
  }

  static async signIn(url: string, email: string, password: string): Promise<Person> {
    for (;;) {
      const answer = await ask<Session>(url, null, 'POST', '/auth/login', { email, password });
      const { status } = answer;
      if (status === 200) return new Person(url, answer, email, password);
      if (status !== 0 && status < FIRST_TO_REPEAT && status !== TOO_MANY)
        throw new Error(`the sign-in of ${email} answered ${String(status)}`);
      await delay(RETRY_PAUSE_MS);
    }
  }

  /** Makes a colleague, who signs in. */
  async colleague(name: string, role: Agent['role'] = 'agent'): Promise<Person> {
    const email = `${name.toLowerCase()}@example.org`;
    const made = await this.ask('POST', '/agents', { name, email, role, password: passwordOf(email) });
    if (made.status !== 201) throw new Error(`${email} could not be made: ${String(made.status)}`);
    return Person.signIn(this.#url, email, passwordOf(email));
  }

  /** Ends this person's session as the console does: by its cookie. */
  async signOut(): Promise<{ status: number }> {
    const headers = { cookie: this.#cookie };
    return fetch(`${this.#url}/api/auth/logout`, { method: 'POST', headers });
  }

  /** A fresh token when this one is old. */
  async renew(): Promise<void> {
    if (performance.now() - this.#renewedAtMs < RENEW_AFTER_MS) return;
    this.token = (await Person.signIn(this.#url, this.email, this.#password)).token;
    this.#renewedAtMs = performance.now();
  }

  /** Repeats, with the same body, what was not answered or answered with 502, 503 or 504. */
  async ask<Body>(method: string, path: string, body?: unknown): Promise<Answer<Body>> {
    const endMs = performance.now() + PATIENCE_MS;
    for (;;) {
      const answer = await this.askOnce<Body>(method, path, body);
      const isOver = performance.now() > endMs;
      if (answer.status === 500 || answer.status === 501 || isOver)
        this.broken.push(`${method} ${path}: ${String(answer.status)}`);
      if (isOver) return answer;
      if (answer.status !== 0 && answer.status < FIRST_TO_REPEAT && answer.status !== TOO_MANY) return answer;
      this.refused.push(answer.status);
      await delay(RETRY_PAUSE_MS);
    }
  }

  /** Asks one time, through nginx or at one instance. */
  askOnce<Body>(method: string, path: string, body?: unknown, url = this.#url): Promise<Answer<Body>> {
    return ask<Body>(url, this.token, method, path, body);
  }
}

async function ask<Body>(
  url: string,
  token: string | null,
  method: string,
  path: string,
  body?: unknown,
): Promise<Answer<Body>> {
  try {
    const response = await fetch(`${url}/api${path}`, {
      method,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = (response.headers.get('content-type') ?? '').includes('json');
    const cookie = response.headers.getSetCookie().map((line) => line.split(';', 1)[0]);
    return { status: response.status, body: (isJson ? JSON.parse(text) : null) as Body, cookie: cookie.join('; ') };
  } catch {
    return { status: 0, body: null as Body, cookie: '' };
  }
}
