import 'reflect-metadata';
import type { Type } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { AgentRole, Session } from '@parley/contract';
import { randomBytes, randomUUID } from 'node:crypto';
import passport from 'passport';
import { AppModule } from '../../src/app.module.js';
import { configureApp } from '../../src/app/configure-app.js';
import { createAdapter } from '../../src/app/create-adapter.js';
import { AgentsService } from '../../src/agents/agents.service.js';
import { JwtStrategy } from '../../src/auth/jwt.strategy.js';
import { ChannelsService } from '../../src/channels/channels.service.js';
import { ENVIRONMENT, type Environment, loadEnvironment } from '../../src/config/environment.js';
import { Database } from '../../src/database/database.js';
import { createTestDatabase, testRedisUrl, type TestDatabase } from './database.js';

export const TEST_PASSWORD = 'a long enough password';
export const TEST_APP_SECRET = 'test-app-key-0123456789';
export const TEST_VERIFY_TOKEN = 'test-verify-token';

/** A signed-in agent with what a test needs to speak for them. */
export interface TestAgent {
  id: string;
  name: string;
  email: string;
  role: AgentRole;
  token: string;
  cookie: string;
}

/** The whole application on a real database and Redis, listening on a port of its own. */
export interface TestApp {
  app: NestFastifyApplication;
  url: string;
  environment: Environment;
  database: Database;
  testDatabase: TestDatabase;
  /** Calls the API as an agent (or as nobody) and reads the JSON answer. */
  call<Body = unknown>(
    agent: TestAgent | null,
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; body: Body; headers: Headers }>;
  signIn(email: string, password?: string): Promise<TestAgent>;
  given: {
    agent(over?: { name?: string; role?: AgentRole }): Promise<TestAgent>;
    channel(over?: { phoneNumberId?: string; businessAccountId?: string; botEnabled?: boolean }): Promise<{
      id: string;
      phoneNumberId: string;
    }>;
  };
  close(): Promise<void>;
}

export interface TestAppOptions {
  /** Variables on top of the test's own. */
  env?: Record<string, string>;
  /** Instead of the whole application: only what the test is about. */
  module?: Type;
  /** Another instance on the database of this one. */
  sharing?: TestApp;
}

/** Starts the application exactly as `main.ts` does, on a clone of the migrated template. */
export async function startTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const testDatabase = options.sharing?.testDatabase ?? (await createTestDatabase());
  const environment =
    options.sharing && !options.env
      ? options.sharing.environment
      : loadEnvironment({
          DATABASE_URL: testDatabase.url,
          REDIS_URL: testRedisUrl(),
          JWT_SECRET: randomBytes(32).toString('hex'),
          ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
          WHATSAPP_APP_SECRET: TEST_APP_SECRET,
          WHATSAPP_WEBHOOK_TOKEN: TEST_VERIFY_TOKEN,
          TEMPLATE_SYNC: 'false',
          NUMBER_CHECKS: 'false',
          ...options.env,
        });
  const testing = await Test.createTestingModule({ imports: [options.module ?? AppModule] })
    .overrideProvider(ENVIRONMENT)
    .useValue(environment)
    .compile();
  const app = testing.createNestApplication<NestFastifyApplication>(createAdapter(environment), {
    bodyParser: false,
    logger: ['error', 'fatal'],
  });
  await configureApp(app);
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();

  const call: TestApp['call'] = async <Body>(agent: TestAgent | null, method: string, path: string, body?: unknown) => {
    const response = await fetch(`${url}/api${path}`, {
      method,
      headers: {
        ...(agent ? { authorization: `Bearer ${agent.token}` } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: (text === '' ? null : JSON.parse(text)) as Body,
    };
  };

  const signIn: TestApp['signIn'] = async (email, password = TEST_PASSWORD) => {
    const { status, body, headers } = await call<Session>(null, 'POST', '/auth/login', { email, password });
    if (status !== 200) throw new Error(`sign-in of ${email} answered ${String(status)}`);
    const { id, name, role } = body.agent;
    return { id, name, email, role, token: body.accessToken, cookie: headers.getSetCookie()[0]?.split(';')[0] ?? '' };
  };

  return {
    app,
    url,
    environment,
    database: app.get(Database),
    testDatabase,
    call,
    signIn,
    given: {
      async agent({ name = 'Ana', role = 'agent' } = {}) {
        const email = `${randomUUID()}@example.org`;
        await app.get(AgentsService).create({ name, email, role, password: TEST_PASSWORD });
        return signIn(email);
      },
      async channel({ phoneNumberId = randomDigits(), businessAccountId = randomDigits(), botEnabled = false } = {}) {
        const channels = app.get(ChannelsService);
        const channel = await channels.create({
          name: 'Shop',
          phoneNumberId,
          businessAccountId,
          displayPhoneNumber: '12025550134',
          accessToken: 'test-token',
        });
        if (botEnabled) await channels.update(channel.id, { botEnabled });
        return { id: channel.id, phoneNumberId };
      },
    },
    async close() {
      await app.close();
      // Passport's strategies are the process's: the instance that stays must be asked again, not the closed one.
      if (options.sharing) passport.use(options.sharing.app.get(JwtStrategy));
      else await testDatabase.drop();
    },
  };
}

const randomDigits = (): string => String(BigInt(`0x${randomBytes(7).toString('hex')}`) + 10n ** 15n);
