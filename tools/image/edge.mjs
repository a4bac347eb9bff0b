// The edge of a composed installation as a browser and Meta see it: over TLS, from outside.
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import https from 'node:https';
import http2 from 'node:http2';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { inRoot } from '../lib/paths.mjs';
import { run } from '../lib/processes.mjs';

const ASK_EVERY_MS = 20;
const FILE_BYTES = 20 * 2 ** 20;
const WITHIN_MS = 15_000;
const agent = new https.Agent({ rejectUnauthorized: false });

function hold(isSo, what) {
  if (!isSo) throw new Error(`this does not hold: ${what}`);
}

export class Edge {
  constructor(values, sign) {
    this.values = values;
    this.sign = sign;
    this.url = values.PUBLIC_URL;
  }

  /** fullchain.pem and privkey.pem, which only root may read. */
  static async makeCertificate(folder, address) {
    mkdirSync(folder, { recursive: true });
    const files = ['-keyout', path.join(folder, 'privkey.pem'), '-out', path.join(folder, 'fullchain.pem')];
    const name = ['-subj', '/CN=parley.test', '-addext', `subjectAltName=IP:${address}`];
    const kind = ['-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2'];
    await run('openssl', ['req', ...kind, ...files, ...name], { failure: 'openssl makes no certificate.' });
  }

  /** One request over HTTP/1.1; `status` 0 when nobody answered. */
  ask(method, target, { headers = {}, body, url = this.url } = {}) {
    return new Promise((resolve) => {
      const request = https.request(`${url}${target}`, { method, agent, headers }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part) => (text += part));
        response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text }));
      });
      request.on('error', () => resolve({ status: 0, headers: {}, text: '' }));
      request.end(body);
    });
  }

  async signIn() {
    const { ADMIN_EMAIL: email, ADMIN_PASSWORD: password } = this.values;
    const headers = { 'content-type': 'application/json' };
    const answer = await this.ask('POST', '/api/auth/login', { headers, body: JSON.stringify({ email, password }) });
    hold(answer.status === 200, `signing in answers 200 (${answer.status} ${answer.text})`);
    hold(/^__Secure-.*Secure/i.test(answer.headers['set-cookie']?.[0] ?? ''), 'the cookie is for https alone');
    return JSON.parse(answer.text).accessToken;
  }

  async isAsConfigured() {
    hold((await negotiated(this.url)) === 'h2', 'HTTP/2 is spoken');
    const page = await this.ask('GET', '/');
    hold(page.status === 200 && page.text.includes('<div id="app"'), 'the console’s page is served');
    hold(page.headers['content-security-policy'] !== undefined, 'with its policy');
    const script = /\/assets\/[\w.-]+\.js/.exec(page.text)?.[0] ?? '/assets/none';
    const file = await this.ask('GET', script, { headers: { 'accept-encoding': 'gzip' } });
    hold(file.status === 200 && file.headers['content-encoding'] === 'gzip', 'scripts come compressed');
    hold(/immutable/.test(file.headers['cache-control']), 'and are kept');
    const plain = await fetch(this.url.replace('https:', 'http:'), { redirect: 'manual' });
    hold(plain.status === 301, 'http leads to https');
    for (const shut of ['/metrics', '/control/state'])
      hold((await this.ask('GET', shut)).status === 404, `${shut} is shut`);
    const ready = await this.ask('GET', '/api/health/ready');
    hold(ready.status === 200, `ready says 200 (${ready.text})`);
    const unsigned = await this.ask('POST', '/api/webhooks/whatsapp', { body: '{}' });
    hold(unsigned.status === 401, `an unsigned delivery gets 401 (${unsigned.status})`);
  }

  /** Meta delivers over https; the message comes out of a socket over wss. */
  async bringsAMessage() {
    const token = await this.signIn();
    const { io } = createRequire(inRoot('e2e', 'package.json'))('socket.io-client');
    const socket = io(this.url, { transports: ['websocket'], auth: { token }, rejectUnauthorized: false });
    try {
      const message = new Promise((resolve) => socket.on('message:created', resolve));
      const answer = await new Promise((resolve) => {
        socket.on('connect', () => socket.emit('sync:resume', { cursor: null }, resolve));
      });
      hold(answer.ok, 'a socket resumes');
      const value = {
        messaging_product: 'whatsapp',
        metadata: { display_phone_number: '12025550134', phone_number_id: this.values.WHATSAPP_PHONE_NUMBER_ID },
        contacts: [{ profile: { name: 'Maren' }, wa_id: '12065550142' }],
        messages: [
          { from: '12065550142', id: 'wamid.image', timestamp: seconds(), type: 'text', text: { body: 'Hi' } },
        ],
      };
      const entry = [{ id: this.values.WHATSAPP_BUSINESS_ACCOUNT_ID, changes: [{ field: 'messages', value }] }];
      const body = JSON.stringify({ object: 'whatsapp_business_account', entry });
      const headers = { 'content-type': 'application/json', 'x-hub-signature-256': this.sign(body) };
      const taken = await this.ask('POST', '/api/webhooks/whatsapp', { headers, body });
      hold(taken.status === 200, `a signed delivery gets 200 (${taken.status})`);
      const shown = await Promise.race([message, delay(WITHIN_MS, null)]);
      hold(shown?.wamid === 'wamid.image', 'the message reaches the socket');
    } finally {
      socket.disconnect();
    }
  }

  /** A file larger than any delivery goes in, and comes out in ranges. */
  async carriesFiles() {
    const authorization = `Bearer ${await this.signIn()}`;
    const body = Buffer.alloc(FILE_BYTES, 'a large text\n');
    const headers = { authorization, 'content-type': 'text/plain', 'content-length': String(body.length) };
    const answer = await this.ask('POST', '/api/media?kind=document&fileName=large.txt', { headers, body });
    hold(answer.status === 201, `a file of 20 MB is taken (${answer.status} ${answer.text.slice(0, 200)})`);
    const { id } = JSON.parse(answer.text);
    const part = await this.ask('GET', `/api/media/${id}`, { headers: { authorization, range: 'bytes=0-11' } });
    hold(part.status === 206 && part.text === 'a large text', `and comes back in ranges (${part.status})`);
  }

  /** Asks all the while; `end` says whether every answer was the first and a good one. */
  keepAsking() {
    let isOver = false;
    const refused = [];
    let asked = 0;
    const asking = (async () => {
      const token = await this.signIn();
      while (!isOver) {
        const { status } = await this.ask('GET', '/api/conversations', {
          headers: { authorization: `Bearer ${token}` },
        });
        asked += 1;
        if (status !== 200) refused.push(status);
        await delay(ASK_EVERY_MS);
      }
    })();
    return {
      end: async () => {
        isOver = true;
        await asking;
        hold(asked > 0 && refused.length === 0, `of ${asked} requests none is refused (${refused.join(', ')})`);
      },
    };
  }
}

const seconds = () => String(Math.floor(Date.now() / 1_000));

function negotiated(url) {
  return new Promise((resolve, reject) => {
    const session = http2.connect(url, { rejectUnauthorized: false });
    session.once('error', reject);
    session.once('connect', () => {
      resolve(session.alpnProtocol);
      session.close();
    });
  });
}
