import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeEach } from 'vitest';
import { asJson, asJsonList, asText, type Json } from './core/json.ts';
import { createSimulator, type Simulator, type SimulatorOptions } from './simulator.ts';

export const PHONE_NUMBER_ID = '274119865530142';
export const BUSINESS_ACCOUNT_ID = '318840027715906';
export const ACCESS_TOKEN = 'test-access-token';
export const APP_SECRET = 'test-app-secret';
export const VERIFY_TOKEN = 'test-verify-token';

export interface ReceivedWebhook {
  headers: IncomingHttpHeaders;
  raw: Buffer;
  body: Json;
}

/** A business's webhook endpoint: keeps what it is sent and answers what the test says. */
export interface Business {
  url: string;
  handshakes: URLSearchParams[];
  received: ReceivedWebhook[];
  /** The status of the next answers, in order; 200 once used up. */
  answers: number[];
  /** Every `value` received so far, in order. */
  values(): Json[];
  statuses(wamid?: string): Json[];
  messages(): Json[];
  close(): Promise<void>;
}

export async function startBusiness(port = 0): Promise<Business> {
  const handshakes: URLSearchParams[] = [];
  const received: ReceivedWebhook[] = [];
  const answers: number[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (request.method === 'GET') {
        const query = new URL(request.url ?? '', 'http://business').searchParams;
        handshakes.push(query);
        const isOurs = query.get('hub.verify_token') === VERIFY_TOKEN;
        response.writeHead(isOurs ? 200 : 403).end(query.get('hub.challenge'));
        return;
      }
      const raw = Buffer.concat(chunks);
      received.push({ headers: request.headers, raw, body: asJson(JSON.parse(raw.toString('utf8'))) });
      response.writeHead(answers.shift() ?? 200).end();
    });
  });
  await listen(server, port);
  const values = (): Json[] =>
    received
      .flatMap(({ body }) => asJsonList(body['entry']))
      .flatMap((entry) => asJsonList(entry['changes']))
      .map((change) => asJson(change['value']));
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/webhook`,
    handshakes,
    received,
    answers,
    values,
    statuses: (wamid) =>
      values()
        .flatMap((value) => asJsonList(value['statuses']))
        .filter((status) => wamid === undefined || status['id'] === wamid),
    messages: () => values().flatMap((value) => asJsonList(value['messages'])),
    close: () => stop(server),
  };
}

/** A simulator for one test, quick by default. */
export function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  return createSimulator({
    accessToken: ACCESS_TOKEN,
    appSecret: APP_SECRET,
    verifyToken: VERIFY_TOKEN,
    ...options,
    behaviour: {
      ...options.behaviour,
      statuses: { sentMs: 0, deliveredMs: 10, readMs: 20, playedMs: 30, ...options.behaviour?.statuses },
      webhooks: { retrySpeed: 1_000, ...options.behaviour?.webhooks },
    },
  });
}

/** Starts a business and a simulator that knows it for each test; `take` gets both before the test runs. */
export function givenBusiness(
  take: (given: { business: Business; simulator: Simulator }) => void,
  options: SimulatorOptions = {},
): void {
  beforeEach(async () => {
    const business = await startBusiness();
    const simulator = await startSimulator({ ...options, webhookUrl: business.url });
    take({ business, simulator });
    return async () => {
      await simulator.close();
      await business.close();
    };
  });
}

/** Calls a Graph route as a business would. */
export async function graph(
  simulator: Simulator,
  method: string,
  path: string,
  body?: unknown,
  token: string | null = ACCESS_TOKEN,
): Promise<{ status: number; body: Json; headers: Headers }> {
  const answer = await fetch(`${simulator.url}/v26.0/${path}`, {
    method,
    headers: {
      'content-type': 'application/json',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: asJson(await answer.json()), headers: answer.headers };
}

/** Sends a message from the business; `to` unless the fields say otherwise. */
export function send(simulator: Simulator, fields: Json): ReturnType<typeof graph> {
  const recipient = fields['recipient'] === undefined ? { to: '+12065550142' } : {};
  return graph(simulator, 'POST', `${PHONE_NUMBER_ID}/messages`, {
    messaging_product: 'whatsapp',
    ...recipient,
    ...fields,
  });
}

export async function sendText(simulator: Simulator, body: string, fields: Json = {}): Promise<string> {
  const answer = await send(simulator, { type: 'text', text: { body }, ...fields });
  return wamidOf(answer.body);
}

function wamidOf(answer: Json): string {
  const wamid = asText(asJsonList(answer['messages'])[0]?.['id']);
  if (wamid === undefined) throw new Error(`Not accepted: ${JSON.stringify(answer)}`);
  return wamid;
}

export async function control(
  simulator: Simulator,
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; body: Json }> {
  const answer = await fetch(`${simulator.url}/control/${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? {} : asJson(JSON.parse(text)) };
}

async function listen(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
}

async function stop(server: Server): Promise<void> {
  await new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  });
}
