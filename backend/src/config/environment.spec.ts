import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { EnvironmentError, loadEnvironment } from './environment.js';

const good = {
  DATABASE_URL: 'postgres://localhost/parley',
  JWT_SECRET: randomBytes(32).toString('hex'),
  ENCRYPTION_KEYS: `k2:${randomBytes(32).toString('base64')},k1:${randomBytes(32).toString('base64')}`,
};
const production = {
  ...good,
  NODE_ENV: 'production',
  WHATSAPP_WEBHOOK_TOKEN: randomBytes(12).toString('hex'),
  WHATSAPP_APP_SECRET: randomBytes(16).toString('hex'),
};

describe('loadEnvironment', () => {
  it('fills in defaults and reads the key ring newest first', () => {
    const environment = loadEnvironment(good);
    expect(environment).toMatchObject({ port: 3_000, production: false, demo: null, publicUrl: null });
    expect(environment.whatsapp).toMatchObject({ graphUrl: 'https://graph.facebook.com', number: null });
    expect(environment.encryptionKeys.map(({ kid }) => kid)).toEqual(['k2', 'k1']);
  });

  it('names every problem in one message', () => {
    expect(() => loadEnvironment({ JWT_SECRET: 'short', ENCRYPTION_KEYS: 'k1:abc', PORT: 'many' })).toThrow(
      EnvironmentError,
    );
    try {
      loadEnvironment({ JWT_SECRET: 'short', ENCRYPTION_KEYS: 'k1:abc', PORT: 'many' });
    } catch (error) {
      for (const name of ['DATABASE_URL', 'JWT_SECRET', 'ENCRYPTION_KEYS', 'PORT']) {
        expect((error as Error).message).toContain(name);
      }
    }
  });

  it('takes an empty variable for a missing one', () => {
    expect(loadEnvironment({ ...good, WHATSAPP_ACCESS_TOKEN: '', PUBLIC_URL: '' }).whatsapp.number).toBeNull();
  });

  it('wants a number whole or not at all', () => {
    expect(() => loadEnvironment({ ...good, WHATSAPP_ACCESS_TOKEN: 'EAAG' })).toThrow(/WHATSAPP_PHONE_NUMBER_ID/);
    const whole = { WHATSAPP_ACCESS_TOKEN: 'EAAG', WHATSAPP_PHONE_NUMBER_ID: '12', WHATSAPP_BUSINESS_ACCOUNT_ID: '34' };
    expect(loadEnvironment({ ...good, ...whole }).whatsapp.number).toEqual({
      accessToken: 'EAAG',
      phoneNumberId: '12',
      businessAccountId: '34',
    });
  });

  it('accepts several app secrets while they rotate', () => {
    expect(loadEnvironment({ ...good, WHATSAPP_APP_SECRET: 'new1, old2 ,' }).whatsapp.appSecrets).toEqual([
      'new1',
      'old2',
    ]);
  });

  it('believes proxies by their address only', () => {
    for (const TRUST_PROXY of ['10.0.0.5', '::1', 'loopback, 10.1.0.0/16, fd00::/8']) {
      expect(loadEnvironment({ ...good, TRUST_PROXY }).trustProxy).toBe(TRUST_PROXY);
    }
    for (const TRUST_PROXY of ['1', 'true', 'proxy.example', '10.0.0.5/', '10.0.0.0/8/8', 'loopback/8']) {
      expect(() => loadEnvironment({ ...good, TRUST_PROXY })).toThrow(/TRUST_PROXY/);
    }
  });

  it('leaves the number, its app secret and the verify token to the console', () => {
    const { whatsapp } = loadEnvironment({ ...good, NODE_ENV: 'production' });
    expect(whatsapp).toMatchObject({ number: null, appSecrets: [], webhookToken: null });
  });

  it('refuses weak secrets and demo mode in production', () => {
    expect(loadEnvironment(production).production).toBe(true);
    expect(() => loadEnvironment({ ...production, JWT_SECRET: 'a'.repeat(40) })).toThrow(/JWT_SECRET/);
    expect(() => loadEnvironment({ ...production, JWT_SECRET: `changeme-${'x1'.repeat(20)}` })).toThrow(/JWT_SECRET/);
    expect(() => loadEnvironment({ ...production, WHATSAPP_APP_SECRET: 'aaaa' })).toThrow(/WHATSAPP_APP_SECRET/);
    expect(() => loadEnvironment({ ...production, DEMO_MODE: 'true' })).toThrow(/DEMO_MODE/);
    expect(() => loadEnvironment({ ...production, ADMIN_EMAIL: 'a@b.example', ADMIN_PASSWORD: 'password123' })).toThrow(
      /ADMIN_PASSWORD/,
    );
  });
});
