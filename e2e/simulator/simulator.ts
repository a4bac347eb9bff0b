import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ControlApi } from './control/control-api.ts';
import { RequestError, sendJson, type Exchange } from './core/http.ts';
import type { Json } from './core/json.ts';
import { bearerOf } from './graph/auth.ts';
import { GraphApi } from './graph/graph-api.ts';
import { sendMediaBytes } from './graph/media.ts';
import type { SimulatorOptions } from './options.ts';
import { PhoneBook } from './phones/phone-book.ts';
import { PhonesApi } from './phones/phones-api.ts';
import { sendStaticFile } from './phones/static-files.ts';
import { changeBehaviour, type BehaviourChange } from './state/behaviour.ts';
import { createState, resetState } from './state/create-state.ts';
import type { Receipt, SentMessage } from './state/sent-log.ts';
import type { InboundResult } from './webhooks/inbound.ts';
import type { StatusRequest } from './webhooks/statuses.ts';

export type { SimulatorOptions } from './options.ts';

/** A running simulator. The same controls are under `/control` over HTTP. */
export interface Simulator {
  /** Base of the Graph routes (`WHATSAPP_GRAPH_URL`), of `/control` and of the phones page. */
  readonly url: string;
  /** Origin of the media bytes. */
  readonly mediaUrl: string;
  readonly control: {
    /** Sends what a customer wrote; see `POST /control/inbound`. */
    inbound(fragment: Json): InboundResult;
    statuses(...requests: StatusRequest[]): Promise<boolean[]>;
    faults(change: BehaviourChange): void;
    sent(): SentMessage[];
    receipts(): Receipt[];
    /** Updates that the business has not answered with 200 yet. */
    pendingWebhooks(): number;
    reset(): void;
  };
  close(): Promise<void>;
}

/** Starts a local Cloud API on the loopback address. */
export async function createSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const state = createState(options);
  const reset = (): void => {
    resetState(state, options);
  };
  const graph = new GraphApi(state);
  const control = new ControlApi(state, reset);
  const book = new PhoneBook(state);
  const phones = new PhonesApi(state, book);

  const api = createServer((request, response) => {
    void answer(request, response, async (exchange) => {
      const { path } = exchange;
      const isOurs = path === '/' || /^\/(control|phones|page)(\/|$)/.test(path);
      if (!isOurs) return graph.handle(exchange);
      refuseForeignPages(request);
      if (path.startsWith('/control/')) return control.handle(exchange);
      if (path === '/phones' || path.startsWith('/phones/')) return phones.handle(exchange);
      return sendStaticFile(exchange);
    });
  });
  const media = createServer((request, response) => {
    void answer(request, response, ({ query }) => {
      sendMediaBytes(state, bearerOf(request), query, response);
    });
  });
  api.keepAliveTimeout = 30_000;
  const url = await listen(api, options.port ?? 0);
  const mediaUrl = await listen(media, options.mediaPort ?? 0);
  state.media.serveFrom(mediaUrl);

  return {
    url,
    mediaUrl,
    control: {
      inbound: (fragment) => state.inbound.receive(fragment),
      statuses: (...requests) => Promise.all(requests.map((request) => state.statuses.send(request))),
      faults: (change) => {
        changeBehaviour(state.behaviour, change);
      },
      sent: () => state.sent.all(),
      receipts: () => state.sent.allReceipts(),
      pendingWebhooks: () => state.webhooks.pending(),
      reset,
    },
    close: async () => {
      state.timers.clear();
      state.webhooks.close();
      await Promise.all([close(api), close(media)]);
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  handle: (exchange: Exchange) => Promise<void> | void,
): Promise<void> {
  const [path = '/', search = ''] = (request.url ?? '/').split('?', 2);
  const query = new URLSearchParams(search);
  try {
    await handle({ request, response, method: request.method ?? 'GET', path, query });
  } catch (error) {
    const status = error instanceof RequestError ? error.status : 500;
    const message = error instanceof Error ? error.message : String(error);
    if (!response.headersSent) sendJson(response, status, { error: message });
  }
}

/**
 * The simulator listens on loopback only; this keeps web pages from other sites out as well: those that post across
 * origins, and those whose host name was re-pointed to this machine.
 */
function refuseForeignPages(request: IncomingMessage): void {
  const host = request.headers.host ?? '';
  const { origin } = request.headers;
  if (!/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i.test(host)) {
    throw new RequestError(403, 'Only for this machine: use 127.0.0.1 or localhost.');
  }
  if (origin !== undefined && origin !== `http://${host}`) throw new RequestError(403, 'Not for other sites.');
}

function listen(server: Server, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const { port: taken } = server.address() as AddressInfo;
      resolve(`http://127.0.0.1:${String(taken)}`);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}
