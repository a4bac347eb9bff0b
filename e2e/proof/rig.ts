import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { Topology } from '../topology/topology.ts';
import { meta } from '../topology/traffic.ts';
import { waitFor } from '../topology/wait-for.ts';
import { Person } from './people.ts';
import { Screen } from './screen.ts';

const ERRORS_SHOWN = 6;
/** Meta's ledger is compared, so it may forget nothing. */
const SENT_KEPT = 1_000_000;
/** Meta's higher tier: so that the pace hides nothing. */
const MESSAGES_PER_SECOND = 1_000;

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

/** The whole of Parley as real processes, people at their screens, and what the faults need to break it. */
export class Rig {
  readonly topology: Topology;
  readonly options: RigOptions;
  readonly admin: Person;
  readonly agents: readonly Person[];
  readonly screens: readonly Screen[];
  /** Of the fault that is under way, by the database's clock. */
  beganAt = new Date(0);
  #sentBefore = 0;
  /** Phones are handed out once: each fault has customers of its own. */
  #nextPhone = 12_065_500_000;

  private constructor(topology: Topology, options: RigOptions, people: Person[], screens: Screen[]) {
    this.topology = topology;
    this.options = options;
    [this.admin, ...this.agents] = people as [Person, ...Person[]];
    this.screens = screens;
  }

  static async start(options: RigOptions): Promise<Rig> {
    const topology = await Topology.start({
      simulator: { SIMULATOR_SEED: String(options.seed), SIMULATOR_SENT_KEPT: String(SENT_KEPT) },
      ...(options.main === undefined ? {} : { main: options.main }),
    });
    try {
      const admin = await Person.signIn(topology.url, topology.admin.email, topology.admin.password);
      const people = [admin, await admin.colleague('Ana'), await admin.colleague('Ben')];
      const screens = await Promise.all(
        Array.from({ length: options.screens }, (_, index) =>
          Screen.open(topology.url, people[index % people.length]!),
        ),
      );
      const rig = new Rig(topology, options, people, screens);
      await rig.sql('update channels set rate_limit = $1', [MESSAGES_PER_SECOND]);
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

  /** Posts a body to the door itself, signed as Meta signs it (`signed`: another one); status 0 when no answer came. */
  async post(
    body: Buffer | string,
    url = this.topology.url,
    signed = body,
  ): Promise<{ status: number; tookMs: number }> {
    const signature = `sha256=${createHmac('sha256', this.topology.appSecret).update(signed).digest('hex')}`;
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

  /** What the instances that run now called an error last, for whoever looks for the cause of a violation. */
  errorsLogged(): string[] {
    return this.topology.instances.flatMap((instance) => instance?.faults() ?? []).slice(-ERRORS_SHOWN);
  }

  instanceUrl(index: number): string {
    return `http://127.0.0.1:${String(this.topology.instancePorts[index % this.topology.instancePorts.length])}`;
  }

  /** How many sends Meta took since this fault began. */
  async acceptedCount(): Promise<number> {
    return (await this.meta<{ total: number }>('GET', 'sent?limit=1')).total - this.#sentBefore;
  }

  /** What Meta took from us since this fault began, in its order: all of it. */
  async accepted(): Promise<AcceptedSend[]> {
    const count = await this.acceptedCount();
    if (count === 0) return [];
    const { items } = await this.meta<{ items: AcceptedSend[] }>('GET', `sent?limit=${String(count)}`);
    if (items.length !== count) throw new Error('Meta has forgotten what it took: its ledger is too short');
    return items;
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
        `webhook_drain where batch <> '{}' and exists (
           select from pg_stat_activity where application_name = 'parley' and wait_event_type = 'Lock')`,
      )) > 0
    );
  }

  async putClockForward(seconds: number): Promise<void> {
    await this.sql('update app_clock set shift = shift + make_interval(secs => $1)', [seconds]);
  }

  /** Stops all processes of a store where they stand (SIGSTOP), as a machine that swaps or hangs does; returns the thaw. */
  async freeze(store: 'postgres' | 'redis'): Promise<() => void> {
    const { folder, redis } = this.topology;
    const pids =
      store === 'redis'
        ? [redis.pid]
        : await readFile(path.join(folder, 'postgres', 'postmaster.pid'), 'utf8').then(async (text) => {
            const master = Number(text.split('\n')[0]);
            return [master, ...(await childrenOf(master))];
          });
    for (const pid of pids) process.kill(pid, 'SIGSTOP');
    return () => {
      for (const pid of pids) process.kill(pid, 'SIGCONT');
    };
  }

  /** Of nginx: the master and its workers. */
  async gatewayPids(): Promise<number[]> {
    const master = Number(await readFile(path.join(this.topology.folder, 'nginx', 'nginx.pid'), 'utf8'));
    return [master, ...(await childrenOf(master))];
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

  /** Before each fault: both instances, tokens that outlive it, a Meta that behaves as usual, and from where to read its ledger. */
  async begin(): Promise<void> {
    // A fault that broke off in the middle may have left one dead: that is its failure, and nobody else's.
    for (const [index, instance] of this.topology.instances.entries())
      if (instance?.hasEnded() ?? true) await this.topology.startInstance(index);
    await this.renewTokens();
    await this.behave({});
    this.#sentBefore = (await this.meta<{ total: number }>('GET', 'sent?limit=1')).total;
    const [now] = await this.sql<{ at: Date }>('select app_now() as at');
    this.beganAt = now!.at;
  }

  /** Those that are old; a fault may take longer than a token lasts. */
  async renewTokens(more: readonly Screen[] = []): Promise<void> {
    for (const person of [this.admin, ...this.agents]) await person.renew();
    for (const screen of [...this.screens, ...more]) screen.refreshToken();
  }

  async close(): Promise<void> {
    for (const screen of this.screens) screen.close();
    await this.topology.close();
  }
}

async function childrenOf(pid: number): Promise<number[]> {
  const children = await readFile(`/proc/${String(pid)}/task/${String(pid)}/children`, 'utf8');
  return children.split(' ').filter(Boolean).map(Number);
}
