import type { Agent, Conversation, Session } from '@parley/contract';
import { ADMIN } from './instance.ts';

/** A signed-in agent of one instance. */
export interface Speaker {
  agent: Agent;
  token: string;
}

export async function call<Body>(
  url: string,
  token: string | null,
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; body: Body }> {
  const response = await fetch(`${url}/api${path}`, {
    method,
    headers: {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: (text === '' ? null : JSON.parse(text)) as Body };
}

async function signIn(url: string, email: string, password: string): Promise<Speaker> {
  const { status, body } = await call<Session>(url, null, 'POST', '/auth/login', { email, password });
  if (status !== 200) throw new Error(`sign-in answered ${String(status)}`);
  return { agent: body.agent, token: body.accessToken };
}

/** `count` agents, made by the admin and signed in. */
export async function signInAgents(url: string, count: number): Promise<Speaker[]> {
  const admin = await signIn(url, ADMIN.email, ADMIN.password);
  const speakers: Speaker[] = [];
  for (let index = 0; index < count; index += 1) {
    const email = `agent${String(index)}@bench.example`;
    const password = `bench agent ${String(index)}`;
    const made = { name: `Agent ${String(index)}`, email, role: 'agent', password };
    await call(url, admin.token, 'POST', '/agents', made);
    speakers.push(await signIn(url, email, password));
  }
  return speakers;
}

/** Ids of every conversation, page by page. */
export async function conversationIds(url: string, token: string): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor = ''; ;) {
    const page = await call<{ items: Conversation[]; nextCursor: string | null }>(
      url,
      token,
      'GET',
      `/conversations?limit=100${cursor}`,
    );
    ids.push(...page.body.items.map(({ id }) => id));
    if (page.body.nextCursor === null) return ids;
    cursor = `&cursor=${encodeURIComponent(page.body.nextCursor)}`;
  }
}
