import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { Topology } from '../topology/topology.ts';
import { meta } from '../topology/traffic.ts';
import { Person } from './people.ts';
import { Screen } from './screen.ts';

const POLL_MS = 25;
/** The machine may be busy with other things: no figure is asserted by this, only reported. */
const PATIENCE_MS = 120_000;

export interface RigOptions {
  seed: number;
  /** How many screens follow the stream. */
  screens: number;
  /** Leases that nobody holds any more end by the deployment's one clock, which is put forward, or in real time. */
  hurriesClock: boolean;
  /** How long the work that a fault leaves may take; a message may wait for its next try several times in a row. */
  patienceMs: number;
  /** Another build of the backend, with a guard taken away. */
  main?: string;
}

export interface AcceptedSend {
  wamid: string;
  to: string;
  body: { text?: { body: string } };
}

/** Polls until `probe` gives something truthy, and returns it. */
export async function waitFor<Result>(
  probe: () => Result | Promise<Result>,
  what: string,
  patienceMs = PATIENCE_MS,
): Promise<NonNullable<Result>> {
  const endMs = performance.now() + patienceMs;
  for (;;) {
    const result = await probe();
    if (result) return result;
    if (performance.now() > endMs) throw new Error(`timed out waiting for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** The whole of Parley as real processes, people at their screens, and what the faults need to break it. */
export class Rig {
  readonly topology: Topology;
  readonly options: RigOptions;
  readonly admin: Person;
  readonly agents: readonly Person[];
  readonly screens: readonly Screen[];
  /** Phones are handed out once: each fault has customers of its own. */
  #nextPhone = 12_065_500_000;

  private constructor(topology: Topology, options: RigOptions, people: Person[], screens: Screen[]) {
    this.topology = topology;
    this.options = options;
    [this.admin, ...this.agents] = people as [Person, ...Person[]];
    this.screens = screens;
  }

  static async start(options: RigOptions): Promise<Rig> {
    const topology = await Topology.start(options.main === undefined ? {} : { main: options.main });
    try {
      const admin = await Person.signIn(topology.url, topology.admin.email, topology.admin.password);
      const people = [admin, await admin.colleague('Ana'), await admin.colleague('Ben')];
      const screens = await Promise.all(
        Array.from({ length: options.screens }, (_, index) =>
          Screen.open(topology.url, people[index % people.length]!),
        ),
      );
      const rig = new Rig(topology, options, people, screens);
      await waitFor(() => screens.every(({ isLive }) => isLive), 'the screens');
      return rig;
    } catch (error) {
      await topology.close();
      throw error;
    }
  }

  nextPhone(): string {
    this.#nextPhone += 1;
    return String(this.#nextPhone);
  }

  /** A query on a connection of its own, which no restart has broken. */
  async sql<Row extends object>(text: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    const client = new pg.Client({ connectionString: this.topology.postgres.url });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query<Row>(text, [...parameters])).rows;
    } finally {
      await client.end();
    }
  }

  async count(from: string, parameters: readonly unknown[] = []): Promise<number> {
    const [row] = await this.sql<{ count: number }>(`select count(*)::int as count from ${from}`, parameters);
    return row?.count ?? 0;
  }

  meta<Body>(method: string, path: string, body?: unknown): Promise<Body> {
    return meta<Body>(this.topology, method, path, body);
  }

  /** How Meta behaves from here on; what is not given is Meta's usual unruliness. */
  async behave(change: { sends?: object[]; webhooks?: object; statuses?: object }): Promise<void> {
    await this.meta('POST', 'faults', {
      sends: change.sends ?? [],
      webhooks: { duplicate: 0.2, reorder: 0.2, batch: 8, retrySpeed: 60, timeoutMs: 5_000, ...change.webhooks },
      statuses: { auto: true, sentMs: 20, deliveredMs: 60, readMs: 150, ...change.statuses },
      limits: { pair: false, messagesPerSecond: 0 },
    });
  }

  /** Posts a body to the door itself, signed as Meta signs it; status 0 when no answer came. */
  async post(body: Buffer | string, url = this.topology.url): Promise<{ status: number; tookMs: number }> {
    const signature = `sha256=${createHmac('sha256', this.topology.appSecret).update(body).digest('hex')}`;
    const beganAtMs = performance.now();
    const status = await fetch(`${url}/api/webhooks/whatsapp`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-hub-signature-256': signature },
      body: typeof body === 'string' ? body : new Uint8Array(body),
    }).then(
      (response) => response.status,
      () => 0,
    );
    return { status, tookMs: performance.now() - beganAtMs };
  }

  instanceUrl(index: number): string {
    return `http://127.0.0.1:${String(this.topology.instancePorts[index % this.topology.instancePorts.length])}`;
  }

  /** What Meta took from us, in its order. */
  async accepted(): Promise<AcceptedSend[]> {
    return (await this.meta<{ items: AcceptedSend[] }>('GET', 'sent')).items;
  }

  /** What Meta has to tell and we have not taken. */
  async pending(): Promise<number> {
    return (await this.meta<{ pending: number }>('GET', 'webhooks?limit=0')).pending;
  }

  async killAndRestart(index: number): Promise<void> {
    await this.topology.killInstance(index);
    await this.topology.startInstance(index);
  }

  /** Holds up every batch that writes to this thread, until told to let go. */
  async holdThread(conversationId: string): Promise<() => Promise<void>> {
    const client = new pg.Client({ connectionString: this.topology.postgres.url });
    client.on('error', () => undefined); // it may be cut like any other
    await client.connect();
    await client.query('begin');
    await client.query('select from conversations where id = $1 for update', [conversationId]);
    return () => client.end();
  }

  /** A batch is leased and not committed, and stands still. */
  async isBatchHeldUp(): Promise<boolean> {
    return (
      (await this.count(
        `webhook_deliveries where state = 'processing' and exists (
           select from pg_stat_activity where application_name = 'parley' and wait_event_type = 'Lock')`,
      )) > 0
    );
  }

  async putClockForward(seconds: number): Promise<void> {
    await this.sql('update app_clock set shift = shift + make_interval(secs => $1)', [seconds]);
  }

  /** Of nginx: the master and its workers. */
  async gatewayPids(): Promise<number[]> {
    const master = Number(await readFile(path.join(this.topology.folder, 'nginx', 'nginx.pid'), 'utf8'));
    const workers = await readFile(`/proc/${String(master)}/task/${String(master)}/children`, 'utf8');
    return [master, ...workers.split(' ').filter(Boolean).map(Number)];
  }

  async isReady(): Promise<boolean> {
    const probes = this.topology.instancePorts.map((_, index) =>
      fetch(`${this.instanceUrl(index)}/api/health/ready`).then(
        ({ ok }) => ok,
        () => false,
      ),
    );
    return (await Promise.all(probes)).every(Boolean);
  }

  /** Tokens outlive the next fault. */
  async renewTokens(): Promise<void> {
    for (const person of [this.admin, ...this.agents]) await person.renew();
    for (const screen of this.screens) screen.refreshToken();
  }

  async close(): Promise<void> {
    for (const screen of this.screens) screen.close();
    await this.topology.close();
  }
}
