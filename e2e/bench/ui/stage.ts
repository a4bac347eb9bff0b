import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from '@playwright/test';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { provideChromium } from '../../../tools/services.mjs';
import { call } from '../support/api.ts';
import { ADMIN, startBackend, type Instance } from '../support/instance.ts';
import { RawClient } from '../support/raw-client.ts';
import { bodyOf, requestOf, type InboundText } from '../support/webhooks.ts';
import { installProbe } from './probe.ts';
import { installVitals } from './vitals.ts';

/** The server ends a connection after 72 s of silence; what is written into one that has ended is never answered. */
const DOOR_IDLE_MS = 30_000;
const VIEWPORT = { width: 1440, height: 900 };

/** Somebody who signs in to the console. */
export interface Actor {
  id: string;
  name: string;
  email: string;
  password: string;
  token: string;
}

/** The real server, a browser, Meta's door and the people, for all runs. */
export interface Stage {
  backend: Instance;
  database: pg.Client;
  ana: Actor;
  ben: Actor;
  cleo: Actor;
  admin: Actor;
  /** Lets customers write, as Meta would deliver it; resolves once the product has stored it. */
  writes(...messages: InboundText[]): Promise<void>;
  /** Another browser for the next run, so that what the last one keeps is not measured along, and tokens that last for it. */
  renew(): Promise<void>;
  /** A context of its own that has nothing of the console yet, of somebody who has a session or of nobody. */
  arrive(actor: Actor | null, options?: BrowserContextOptions): Promise<BrowserContext>;
  /** A fresh tab of the console in a context of its own, signed in. */
  signIn(actor: Actor): Promise<Page>;
  stop(): Promise<void>;
}

/** Meta's side of sending: takes everything at once, files too. */
async function startGraph(): Promise<{ url: string; stop: () => void }> {
  let sent = 0;
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      sent += 1;
      const messages = [{ id: `wamid.ui.out.${String(sent)}` }];
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({ id: `file.${String(sent)}`, messaging_product: 'whatsapp', success: true, messages }),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${String(port)}`, stop: () => server.close() };
}

export async function setStage(): Promise<Stage> {
  const graph = await startGraph();
  const backend = await startBackend({ WHATSAPP_GRAPH_URL: graph.url });
  const { url } = backend;
  const database = new pg.Client({ connectionString: process.env['DATABASE_URL'] });
  await database.connect();
  const executablePath = await provideChromium();
  const launch = (): Promise<Browser> =>
    chromium.launch({
      executablePath,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
    });
  let browser = await launch();
  let door = new RawClient(url);
  let doorUsedAt = performance.now();

  async function actor(name: string, email: string, password: string): Promise<Actor> {
    type Session = { agent: { id: string }; accessToken: string };
    const { body } = await call<Session>(url, null, 'POST', '/auth/login', { email, password });
    return { id: body.agent.id, name, email, password, token: body.accessToken };
  }
  const admin = await actor('Administrator', ADMIN.email, ADMIN.password);
  // The runs take longer than who is away keeps what a customer waits in.
  await call(url, admin.token, 'PATCH', '/workspace', { releaseAfterMinutes: null });
  async function hire(name: string): Promise<Actor> {
    const [email, password] = [`${name.split(' ')[0] ?? ''}@bench.example`.toLowerCase(), 'a bench of oak'];
    await call(url, admin.token, 'POST', '/agents', { name, email, role: 'agent', password });
    return actor(name, email, password);
  }

  const [ana, ben, cleo] = [await hire('Ana Souza'), await hire('Ben Okafor'), await hire('Cleo Marsh')];

  async function arrive(actor: Actor | null, options: BrowserContextOptions = {}): Promise<BrowserContext> {
    const context = await browser.newContext({ baseURL: url, viewport: VIEWPORT, locale: 'en-GB', ...options });
    await context.addInitScript(installProbe);
    await context.addInitScript(installVitals);
    if (actor) {
      const { email, password } = actor;
      const answer = await context.request.post('/api/auth/login', { data: { email, password } });
      if (!answer.ok()) throw new Error(`signing in was answered ${String(answer.status())}`);
    }
    return context;
  }

  return {
    backend,
    database,
    admin,
    ana,
    ben,
    cleo,
    arrive,
    async writes(...messages) {
      if (performance.now() - doorUsedAt > DOOR_IDLE_MS) {
        door.close();
        door = new RawClient(url);
      }
      const status = await door.send(requestOf(bodyOf(messages)));
      doorUsedAt = performance.now();
      if (status !== 200) throw new Error(`the door answered ${String(status)}`);
    },
    async renew() {
      await browser.close();
      browser = await launch();
      for (const one of [admin, ana, ben, cleo]) Object.assign(one, await actor(one.name, one.email, one.password));
    },
    async signIn({ email, password }) {
      const page = await (await arrive(null)).newPage();
      await page.goto('/sign-in');
      await page.locator('input[autocomplete="username"]').fill(email);
      await page.locator('input[autocomplete="current-password"]').fill(password);
      await page.locator('button[type="submit"]').click();
      await page.waitForURL(/\/inbox\//);
      return page;
    },
    async stop() {
      door.close();
      await browser.close();
      await database.end();
      await backend.stop();
      graph.stop();
    },
  };
}
