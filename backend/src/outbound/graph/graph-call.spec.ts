import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { Agent } from 'undici';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callGraph, type GraphCall } from './graph-call.js';
import { messageId, toOutcome } from './graph.client.js';

let server: Server | null = null;
let dispatcher: Agent;

async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener);
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function closedPort(): Promise<string> {
  const probe = createTcpServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return `http://127.0.0.1:${port}`;
}

async function outcomeOf(origin: string, changes: Partial<GraphCall> = {}) {
  const call: GraphCall = { origin, path: '/v26.0/1/messages', token: 't', body: {}, timeoutMs: 5_000, ...changes };
  return toOutcome(await callGraph(dispatcher, call), messageId);
}

const answer =
  (status: number, body: string): RequestListener =>
  (request, response) => {
    request.resume();
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  };

describe('what happened on the wire', () => {
  beforeEach(() => (dispatcher = new Agent({ connect: { timeout: 500 } })));
  afterEach(async () => {
    await dispatcher.destroy();
    server?.closeAllConnections();
    server?.close();
    server = null;
  });

  it('is accepted with the id that Meta gave', async () => {
    const origin = await serve(answer(200, '{"messages":[{"id":"wamid.A"}],"contacts":[]}'));
    expect(await outcomeOf(origin)).toEqual({ kind: 'accepted', wamid: 'wamid.A', httpStatus: 200 });
  });

  it('is refused when there is a Graph error body, whatever the status', async () => {
    const body = '{"error":{"message":"(#131026) Undeliverable","code":131026,"error_data":{"details":"gone"}}}';
    for (const status of [200, 400, 503]) {
      const origin = await serve(answer(status, body));
      expect(await outcomeOf(origin)).toMatchObject({ kind: 'refused', code: 131_026, detail: 'gone' });
      server?.close();
    }
  });

  it('reads an error_data that is a string', async () => {
    const origin = await serve(answer(400, '{"error":{"code":1,"error_data":"odd","is_transient":true}}'));
    expect(await outcomeOf(origin)).toMatchObject({ kind: 'refused', code: 1, detail: 'odd', isTransient: true });
  });

  it('is ambiguous for an answer that is not of the Graph API', async () => {
    for (const [status, body] of [
      [502, '<html>Bad gateway</html>'],
      [200, '{}'],
      [200, 'not json'],
      [302, ''],
    ] as const) {
      const origin = await serve(answer(status, body));
      expect(await outcomeOf(origin)).toMatchObject({ kind: 'ambiguous', httpStatus: status });
      server?.close();
    }
  });

  it('is not connected when nobody listens, so it may be repeated', async () => {
    expect(await outcomeOf(await closedPort())).toMatchObject({ kind: 'not_connected' });
  });

  it('is not connected when the name does not resolve', async () => {
    expect(await outcomeOf('http://graph.invalid')).toMatchObject({ kind: 'not_connected' });
  });

  it('is not connected when the request cannot even be written, say for a broken token', async () => {
    const origin = await serve(answer(200, '{}'));
    expect(await outcomeOf(origin, { token: 'two\nlines' })).toMatchObject({ kind: 'not_connected' });
  });

  it('is ambiguous when the connection breaks after the request was written', async () => {
    const origin = await serve((request) => request.socket.destroy());
    expect(await outcomeOf(origin)).toMatchObject({ kind: 'ambiguous', httpStatus: null });
  });

  it('is ambiguous when the answer breaks off half way', async () => {
    const origin = await serve((request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"mess');
      setImmediate(() => request.socket.destroy());
    });
    expect(await outcomeOf(origin)).toMatchObject({ kind: 'ambiguous', httpStatus: 200 });
  });

  it('is ambiguous when no answer comes in time', async () => {
    const origin = await serve((request) => request.resume());
    expect(await outcomeOf(origin, { timeoutMs: 50 })).toMatchObject({ kind: 'ambiguous', httpStatus: null });
  });

  it('is not connected when it waited for a connection all the time', async () => {
    await dispatcher.destroy();
    dispatcher = new Agent({ connections: 1, pipelining: 1 });
    let arrived = 0;
    const origin = await serve((request) => {
      arrived += 1;
      request.resume();
    });
    const first = outcomeOf(origin, { timeoutMs: 300 });
    const second = outcomeOf(origin, { timeoutMs: 50 });
    expect(await second).toMatchObject({ kind: 'not_connected' });
    expect(await first).toMatchObject({ kind: 'ambiguous' });
    expect(arrived).toBe(1);
  });

  it('writes nothing when too little of the lease is left', async () => {
    let arrived = 0;
    const origin = await serve((request) => {
      arrived += 1;
      request.resume();
    });
    expect(await outcomeOf(origin, { mayWrite: () => false })).toMatchObject({ kind: 'not_started' });
    expect(arrived).toBe(0);
  });
});
