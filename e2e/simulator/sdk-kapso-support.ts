import { GraphApiError, WhatsAppClient } from '@kapso/whatsapp-cloud-api';
import { normalizeWebhook, verifySignature } from '@kapso/whatsapp-cloud-api/server';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DEFAULT_NUMBER } from './options.ts';
import type { Simulator } from './simulator.ts';
import { ACCESS_TOKEN, APP_SECRET, startSimulator } from './test-support.ts';

type Webhook = ReturnType<typeof normalizeWebhook>;
type Sent = Awaited<ReturnType<WhatsAppClient['messages']['sendText']>>;

/** A number of the account that was added and never registered. */
export const NEW_NUMBER_ID = '274119865530199';
/** A customer's. */
export const MAREN = '+12065550142';
export const link = (file: string): string => `https://lantern.example/${file}`;

/** The SDK on a simulator of its own, with a webhook endpoint as its README writes one. */
export interface Kapso {
  client: WhatsAppClient;
  simulator: Simulator;
  /** What its endpoint took, in order. */
  webhooks: Webhook[];
  close(): Promise<void>;
}

/**
 * A second WhatsApp SDK that we did not write, used as its README says; its base address is a setting of its own. Of what
 * it offers there stays out what its maker's proxy adds (`conversations`, `contacts`, `messages.query`, `calls.list` …),
 * the server half of forms, and `templates.get`, which asks for an address that Graph does not document.
 */
export async function startKapso(): Promise<Kapso> {
  const webhooks: Webhook[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (request.method === 'GET') {
        response.end(new URL(request.url ?? '', 'http://business').searchParams.get('hub.challenge'));
        return;
      }
      const rawBody = Buffer.concat(chunks);
      const signatureHeader = String(request.headers['x-hub-signature-256']);
      if (!verifySignature({ appSecret: APP_SECRET, rawBody, signatureHeader })) {
        response.writeHead(401).end();
        return;
      }
      webhooks.push(normalizeWebhook(JSON.parse(rawBody.toString('utf8'))));
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const added = { ...DEFAULT_NUMBER, id: NEW_NUMBER_ID, displayPhoneNumber: '12025550199', isRegistered: false };
  const simulator = await startSimulator({
    webhookUrl: `http://127.0.0.1:${String(port)}/webhook`,
    numbers: [{ ...DEFAULT_NUMBER }, added],
    behaviour: { templates: { reviewMs: 10 } },
  });
  return {
    client: new WhatsAppClient({ accessToken: ACCESS_TOKEN, baseUrl: simulator.url }),
    simulator,
    webhooks,
    close: async () => {
      await simulator.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export const idOf = ({ messages }: Sent): string => messages[0]?.id ?? '';

/** The error of a call that must be refused. */
export async function refusalOf(call: Promise<unknown>): Promise<GraphApiError> {
  const error: unknown = await call.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof GraphApiError) return error;
  throw new Error('it was not refused');
}
