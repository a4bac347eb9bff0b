import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort, startNginx, startPostgres, startRedis } from '../../tools/services.mjs';
import { nginxConfig } from './nginx-config.ts';
import { build, inRepository, type Program, runToEnd, startProgram } from './program.ts';

/**
 * Parley as an operator runs it, with real processes on free ports: nginx, two instances (or more), PostgreSQL, Redis, and
 * the simulator as Meta. Everything is throw-away and ends with the process that started it.
 *
 *     const topology = await Topology.start();              // builds what is stale, migrates, starts everything
 *     await fetch(`${topology.url}/api/health/ready`);      // through nginx
 *     await topology.restartInstance(0);                    // SIGTERM, wait for its end, start again, ready
 *     await topology.killInstance(1);                       // SIGKILL; startInstance(1) brings it back, same port
 *     await topology.postgres.stop(); await topology.startPostgres();   // same port and data, likewise Redis
 *     await topology.close();
 *
 * Sign in with `topology.admin`; the simulator's control routes are below `topology.meta.url`/control. Everything needs
 * nginx: `await provideNginx()` of tools/services.mjs says null where there is none and none can be installed.
 */
export interface TopologyOptions {
  /** How many (2). */
  instances?: number;
  /** Variables on top of the instances' own. */
  env?: Record<string, string>;
  /** Whether what PostgreSQL and Redis hold survives their death (true). */
  durable?: boolean;
  /** Variables on top of the simulator's own. */
  simulator?: Record<string, string>;
  /** Another build of the backend than this checkout's: its `main.js`, beside `migrate.js`. */
  main?: string;
}

export const PHONE_NUMBER_ID = '274119865530142';
export const BUSINESS_ACCOUNT_ID = '318840027715906';

const STARTS = 3;
const NO_DATABASE = /timeout exceeded when trying to connect|ECONNREFUSED|Connection terminated/;

type Service = Awaited<ReturnType<typeof startPostgres>>;
type Redis = Awaited<ReturnType<typeof startRedis>>;

const secret = (): string => randomBytes(24).toString('hex');

export class Topology {
  readonly instances: (Program | undefined)[] = [];
  readonly admin = { email: 'admin@example.org', password: randomBytes(12).toString('hex') };
  readonly appSecret = secret();
  readonly folder: string;
  readonly instancePorts: readonly number[];
  /** Where clients and Meta connect: nginx. */
  readonly url: string;
  nginx!: Service;
  postgres!: Service;
  redis!: Redis;
  meta!: Program;
  readonly #verifyToken = secret();
  readonly #accessToken = secret();
  readonly #jwtSecret = secret();
  readonly #encryptionKeys = `k1:${randomBytes(32).toString('base64')}`;
  readonly #port: number;
  readonly #options: TopologyOptions;

  private constructor(folder: string, port: number, instancePorts: readonly number[], options: TopologyOptions) {
    this.folder = folder;
    this.#port = port;
    this.url = `http://127.0.0.1:${String(port)}`;
    this.instancePorts = instancePorts;
    this.#options = options;
  }

  static async start(options: TopologyOptions = {}): Promise<Topology> {
    if (options.main === undefined) await build();
    const folder = await mkdtemp(path.join(tmpdir(), 'parley-topology-'));
    await chmod(folder, 0o755); // as root, PostgreSQL runs as somebody else, who must reach its data
    const ports = [];
    for (let count = 0; count <= (options.instances ?? 2); count += 1) ports.push(await freePort());
    const [port = 0, ...instancePorts] = ports;
    const topology = new Topology(folder, port, instancePorts, options);
    try {
      await topology.#startAll();
    } catch (error) {
      await topology.close();
      throw error;
    }
    return topology;
  }

  /** Starts an instance on its port and waits until it is ready. */
  async startInstance(index: number): Promise<void> {
    const env = { ...this.#environment(), PORT: String(this.instancePorts[index] ?? 0) };
    for (let start = 1; ; start += 1) {
      try {
        this.instances[index] = await startProgram(this.#program('main.js'), env);
        return;
      } catch (error) {
        // It ends when it cannot reach its database while it starts; systemd and docker start it again.
        if (start >= STARTS || !NO_DATABASE.test(String(error))) throw error;
      }
    }
  }

  /** Asks it to stop; resolves with how it ended. */
  async stopInstance(index: number): Promise<Awaited<Program['ended']> | undefined> {
    const instance = this.instances[index];
    instance?.signal('SIGTERM');
    return instance?.ended;
  }

  /** Ends it as a power cut does. */
  async killInstance(index: number): Promise<void> {
    this.instances[index]?.signal('SIGKILL');
    await this.instances[index]?.ended;
  }

  /** As a rolling upgrade does with each. */
  async restartInstance(index: number): Promise<Awaited<Program['ended']> | undefined> {
    const end = await this.stopInstance(index);
    await this.startInstance(index);
    return end;
  }

  async startPostgres(): Promise<void> {
    this.postgres = await startPostgres({
      dataDir: path.join(this.folder, 'postgres'),
      durable: this.#options.durable ?? true,
      port: this.postgres?.port ?? (await freePort()),
    });
  }

  async startRedis(): Promise<void> {
    const { port, password } = this.redis ?? { port: await freePort(), password: secret() };
    const dir = path.join(this.folder, 'redis');
    this.redis = await startRedis({ dir, port, password, durable: this.#options.durable ?? true });
  }

  async startNginx(): Promise<void> {
    const dir = path.join(this.folder, 'nginx');
    this.nginx = await startNginx({ dir, port: this.#port, config: nginxConfig(dir, this.#port, this.instancePorts) });
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.instances.map((_, index) => this.killInstance(index)));
    this.meta?.signal('SIGTERM');
    await Promise.allSettled([this.meta?.ended, this.nginx?.stop(), this.postgres?.stop(), this.redis?.stop()]);
    await rm(this.folder, { recursive: true, force: true });
  }

  #program(name: 'main.js' | 'migrate.js'): string {
    const { main } = this.#options;
    return main === undefined ? inRepository('backend', 'dist', name) : path.join(path.dirname(main), name);
  }

  async #startAll(): Promise<void> {
    await Promise.all([this.startPostgres(), this.startRedis()]);
    await runToEnd(this.#program('migrate.js'), this.#path({ DATABASE_URL: this.postgres.url }));
    this.meta = await startProgram(
      inRepository('e2e', 'simulator', 'main.ts'),
      this.#path({
        SIMULATOR_PORT: '0',
        SIMULATOR_WEBHOOK_URL: `${this.url}/api/webhooks/whatsapp`,
        SIMULATOR_APP_SECRET: this.appSecret,
        SIMULATOR_VERIFY_TOKEN: this.#verifyToken,
        SIMULATOR_ACCESS_TOKEN: this.#accessToken,
        SIMULATOR_PHONE_NUMBER_ID: PHONE_NUMBER_ID,
        SIMULATOR_BUSINESS_ACCOUNT_ID: BUSINESS_ACCOUNT_ID,
        ...this.#options.simulator,
      }),
    );
    await this.startNginx();
    await Promise.all(this.instancePorts.map((_, index) => this.startInstance(index)));
  }

  #environment(): Record<string, string> {
    return this.#path({
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      TRUST_PROXY: 'loopback',
      STOP_NOTICE_SECONDS: '2',
      DATA_DIR: path.join(this.folder, 'data'),
      DATABASE_URL: this.postgres.url,
      REDIS_URL: this.redis.url,
      JWT_SECRET: this.#jwtSecret,
      ENCRYPTION_KEYS: this.#encryptionKeys,
      ADMIN_EMAIL: this.admin.email,
      ADMIN_PASSWORD: this.admin.password,
      WHATSAPP_GRAPH_URL: this.meta.url,
      WHATSAPP_APP_SECRET: this.appSecret,
      WHATSAPP_WEBHOOK_TOKEN: this.#verifyToken,
      WHATSAPP_ACCESS_TOKEN: this.#accessToken,
      WHATSAPP_PHONE_NUMBER_ID: PHONE_NUMBER_ID,
      WHATSAPP_BUSINESS_ACCOUNT_ID: BUSINESS_ACCOUNT_ID,
      ...this.#options.env,
    });
  }

  /** Nothing of the surrounding environment but where programs are. */
  #path(env: Record<string, string>): Record<string, string> {
    return { PATH: process.env['PATH'] ?? '', ...env };
  }
}
