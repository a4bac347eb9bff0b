import type { Session } from '@parley/contract';
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../../../tools/services.mjs';
import { LiveClient } from '../live-client.js';
import { startBalancer, type Balancer } from './balancer.js';
import { CloudApi } from './cloud-api.js';
import { inRepository, startProgram, type Program } from './program.js';
import { BreakableServices } from './services.js';

const INSTANCES = 2;
const RETRY_PAUSE_MS = 100;
const PASSWORD = 'a long enough password';
const ADMIN = { email: 'admin@example.org', password: PASSWORD };

export interface Speaker {
  id: string;
  token: string;
}

export interface Answer<Body> {
  status: number;
  body: Body;
}

/** Two real processes behind a balancer, on one PostgreSQL and one Redis, with a simulated Meta: all can be broken. */
export class Deployment {
  private instances: Program[] = [];

  private constructor(
    readonly services: BreakableServices,
    readonly meta: CloudApi,
    private readonly balancer: Balancer,
    private readonly environments: readonly Record<string, string>[],
  ) {}

  static async start(): Promise<Deployment> {
    const services = await BreakableServices.start();
    const ports = await Promise.all(Array.from({ length: INSTANCES }, () => freePort()));
    const balancer = await startBalancer(ports);
    const common = { ...(process.env['PATH'] ? { PATH: process.env['PATH'] } : {}) };
    const [appSecret, verifyToken, accessToken] = ['app', 'verify', 'access'].map(
      (name) => `${name}-${randomBytes(12).toString('hex')}`,
    ) as [string, string, string];
    const meta = await CloudApi.start({
      ...common,
      SIMULATOR_PORT: '0',
      SIMULATOR_WEBHOOK_URL: `${balancer.url}/api/webhooks/whatsapp`,
      SIMULATOR_APP_SECRET: appSecret,
      SIMULATOR_VERIFY_TOKEN: verifyToken,
      SIMULATOR_ACCESS_TOKEN: accessToken,
    });
    const environment = {
      ...common,
      HOST: '127.0.0.1',
      DATABASE_URL: services.databaseUrl,
      REDIS_URL: services.redisUrl,
      JWT_SECRET: randomBytes(32).toString('hex'),
      ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
      ADMIN_EMAIL: ADMIN.email,
      ADMIN_PASSWORD: ADMIN.password,
      WHATSAPP_GRAPH_URL: meta.url,
      WHATSAPP_APP_SECRET: appSecret,
      WHATSAPP_WEBHOOK_TOKEN: verifyToken,
      WHATSAPP_ACCESS_TOKEN: accessToken,
      WHATSAPP_PHONE_NUMBER_ID: '274119865530142',
      WHATSAPP_BUSINESS_ACCOUNT_ID: '318840027715906',
    };
    const deployment = new Deployment(
      services,
      meta,
      balancer,
      ports.map((port) => ({ ...environment, PORT: String(port) })),
    );
    await deployment.startInstances();
    return deployment;
  }

  async startInstance(index: number): Promise<void> {
    this.instances[index] = await startProgram(
      inRepository('backend', 'dist', 'main.js'),
      this.environments[index] ?? {},
    );
  }

  async killInstance(index: number): Promise<void> {
    await this.instances[index]?.kill();
  }

  /** All at once, as a deployment does. */
  async startInstances(): Promise<void> {
    await Promise.all(this.environments.map((_, index) => this.startInstance(index)));
  }

  async killInstances(): Promise<void> {
    await Promise.all(this.environments.map((_, index) => this.killInstance(index)));
  }

  /** A new agent, signed in. */
  async agent(name: string): Promise<Speaker> {
    const admin = await this.signIn(ADMIN.email);
    const email = `${name.toLowerCase()}@example.org`;
    await this.insist(admin, 'POST', '/agents', { name, email, role: 'agent', password: PASSWORD });
    return this.signIn(email);
  }

  /** A socket of this agent that follows the stream through whatever happens. */
  follow(agent: Speaker): Promise<LiveClient> {
    return new LiveClient(this.balancer.url, agent.token).ready();
  }

  /** Calls the API as people's programs do: no answer or a 5xx is tried again, with the same body. */
  async insist<Body>(agent: Speaker | null, method: string, path: string, body?: unknown): Promise<Answer<Body>> {
    for (;;) {
      const answer = await this.call<Body>(agent, method, path, body).catch(() => null);
      if (answer && answer.status < 500) return answer;
      await delay(RETRY_PAUSE_MS);
    }
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.instances.map((instance) => instance.stop()));
    await this.meta.stop();
    this.balancer.close();
    await this.services.close();
  }

  private async signIn(email: string): Promise<Speaker> {
    const { body } = await this.insist<Session>(null, 'POST', '/auth/login', { email, password: PASSWORD });
    return { id: body.agent.id, token: body.accessToken };
  }

  private async call<Body>(agent: Speaker | null, method: string, path: string, body: unknown): Promise<Answer<Body>> {
    const response = await fetch(`${this.balancer.url}/api${path}`, {
      method,
      headers: {
        ...(agent ? { authorization: `Bearer ${agent.token}` } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: (text === '' ? null : JSON.parse(text)) as Body };
  }
}
