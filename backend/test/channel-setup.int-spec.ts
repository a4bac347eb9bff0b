import type { BusinessProfile, ChannelReport, Problem, TestMessageSent, UploadedFile } from '@parley/contract';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PNG } from './support/fake-media.js';
import { CloudApi } from './support/faults/cloud-api.js';
import { startTestApp, type TestAgent, type TestApp } from './support/test-app.js';

const TOKEN = 'EAAG-setup';
const NUMBER = '274119865530142';
const WABA = '318840027715906';
const folder = mkdtempSync(join(tmpdir(), 'parley-setup-'));

describe('what a new number needs beside its token', () => {
  let meta: CloudApi;
  let test: TestApp;
  let admin: TestAgent;
  let channelId: string;

  beforeAll(async () => {
    meta = await CloudApi.start({
      SIMULATOR_PORT: '0',
      SIMULATOR_ACCESS_TOKEN: TOKEN,
      SIMULATOR_PHONE_NUMBER_ID: NUMBER,
      SIMULATOR_BUSINESS_ACCOUNT_ID: WABA,
    });
    test = await startTestApp({ env: { WHATSAPP_GRAPH_URL: meta.url, DATA_DIR: folder } });
    admin = await test.given.agent({ role: 'admin' });
    channelId = (await test.given.channel({ phoneNumberId: NUMBER, businessAccountId: WABA })).id;
    await test.call(admin, 'PATCH', `/channels/${channelId}`, { accessToken: TOKEN });
    await meta.control('POST', 'numbers', {
      id: NUMBER,
      businessAccountId: WABA,
      registered: false,
      verification: 'NOT_VERIFIED',
    });
  });
  afterAll(async () => {
    await test.close();
    await meta.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const upload = async (bytes: Buffer, kind: string, agent = admin): Promise<string> => {
    const headers = { authorization: `Bearer ${agent.token}`, 'content-type': 'application/octet-stream' };
    const url = `${test.url}/api/media?kind=${kind}&fileName=shop`;
    const answer = await fetch(url, { method: 'POST', headers, body: new Uint8Array(bytes) });
    expect(answer.status).toBe(201);
    return ((await answer.json()) as UploadedFile).id;
  };

  const call = <Body>(method: string, edge: string, body?: object) =>
    test.call<Body & Pick<Problem, 'code'>>(admin, method, `/channels/${channelId}/${edge}`, body);
  const hello = { to: '+1 206 555 0142', template: { name: 'hello_world', language: 'en_US' } };

  it('a message before it is registered is refused by Meta’s code', async () => {
    expect(await call('POST', 'test-message', hello)).toMatchObject({
      status: 502,
      body: { code: 'channel.graph_refused', metaCode: 133_010 },
    });
  });

  it('is verified by the code that came to it, before it can be registered', async () => {
    expect(await call('POST', 'register', { pin: '123456' })).toMatchObject({
      status: 502,
      body: { metaCode: 133_006 },
    });
    for (const wrong of [
      { method: 'FAX', language: 'en_US' },
      { method: 'SMS', language: 'English' },
    ]) {
      expect((await call('POST', 'verification-code', wrong)).status).toBe(400);
    }
    expect((await call('POST', 'verification-code', { method: 'VOICE', language: 'pt_BR' })).status).toBe(204);
    const { items } = await meta.control<{ items: { id: string; code?: string }[] }>('GET', 'numbers');
    const code = items.find(({ id }) => id === NUMBER)?.code ?? '';
    expect(code).toMatch(/^\d{6}$/);
    expect((await call('POST', 'verification', { code: 'abc' })).status).toBe(400);
    expect(await call('POST', 'verification', { code: '000000' })).toMatchObject({
      status: 502,
      body: { code: 'channel.graph_refused', said: 'The code that was entered is not the one that was sent.' },
    });
    const verified = await call<ChannelReport>('POST', 'verification', {
      code: `${code.slice(0, 3)}-${code.slice(3)}`,
    });
    expect(verified).toMatchObject({ status: 200, body: { facts: { verification: 'VERIFIED' } } });
    expect(await call('POST', 'verification-code', { method: 'SMS', language: 'en_US' })).toMatchObject({
      status: 502,
      body: { metaCode: 136_024 },
    });
  });

  it('is registered by a PIN, which has to be the same ever after', async () => {
    expect((await call('POST', 'register', { pin: '12345' })).status).toBe(400);
    const registered = await call<ChannelReport>('POST', 'register', { pin: '123456' });
    expect(registered.status).toBe(200);
    expect(registered.body.checks.find(({ name }) => name === 'registration')).toMatchObject({ state: 'ok' });
    expect(await call('POST', 'register', { pin: '654321' })).toMatchObject({
      status: 502,
      body: { metaCode: 133_005, reason: 'pin' },
    });
  });

  it('shows customers what its profile says', async () => {
    const profile = {
      about: 'Books since 1974',
      address: '12 Lantern Lane',
      description: 'A bookshop.',
      email: 'hello@lantern.example',
      websites: ['https://lantern.example'],
      vertical: 'RETAIL',
    };
    const shown: BusinessProfile = { ...profile, hasPicture: false };
    expect((await call('PUT', 'profile', profile)).body).toEqual(shown);
    expect((await call('GET', 'profile')).body).toEqual(shown);
    const { vertical: _, ...untold } = profile;
    expect((await call('PUT', 'profile', untold)).body).toEqual(shown);
    const moved = await call('PUT', 'profile', { ...profile, vertical: 'EDU' });
    expect(moved.body).toEqual({ ...shown, vertical: 'EDU' });
    // Meta lets neither be empty.
    const emptied = await call('PUT', 'profile', { ...profile, about: '', email: '', websites: [] });
    expect(emptied.body).toEqual({ ...shown, websites: [] });
    for (const wrong of [
      { about: 'x'.repeat(140) },
      { email: 'nobody' },
      { websites: ['javascript:alert(1)'] },
      { vertical: 'BOOKS' },
    ]) {
      expect((await call('PUT', 'profile', { ...profile, ...wrong })).status).toBe(400);
    }
  });

  it('gets a picture that this agent uploaded', async () => {
    const put = (fileId: string) => call<BusinessProfile>('PUT', 'profile/picture', { fileId });
    expect(await put(randomUUID())).toMatchObject({ status: 404, body: { code: 'media.not_found' } });
    const document = await upload(Buffer.from('%PDF-1.7\n1 0 obj\n<< >>\nendobj\n'), 'document');
    expect(await put(document)).toMatchObject({ status: 404, body: { code: 'media.not_found' } });
    const somebody = await test.given.agent({ role: 'admin' });
    expect((await put(await upload(PNG, 'image', somebody))).status).toBe(404);
    expect(await put(await upload(PNG, 'image'))).toMatchObject({ status: 200, body: { hasPicture: true } });
    expect(await call('GET', 'profile')).toMatchObject({ body: { about: 'Books since 1974', hasPicture: true } });
  });

  it('sends a template to a phone of one’s own', async () => {
    const sent = await call<TestMessageSent>('POST', 'test-message', hello);
    expect(sent).toMatchObject({ status: 200, body: { wamid: expect.stringMatching(/^wamid\./) as string } });
    expect(await meta.accepted()).toMatchObject([{ wamid: sent.body.wamid, to: '12065550142' }]);
  });

  it('asks nothing of Meta once it is disconnected', async () => {
    await call('POST', 'disconnect');
    expect((await call('GET', 'profile')).body.code).toBe('channel.disconnected');
  });
});
