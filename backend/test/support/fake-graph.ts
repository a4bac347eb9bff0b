import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A send as it arrived. */
export interface ArrivedSend {
  phoneNumberId: string;
  token: string;
  body: Record<string, unknown>;
  /** Text of the message, or of the body above the buttons. */
  text: string;
  callback: { c: string; m: string; a: number } | null;
  wamid: string;
  atMs: number;
}

export type FakeAnswer =
  | { status: number; json: unknown }
  | { status: number; text: string }
  /** Takes the message and never answers. */
  | 'hang'
  /** Takes the message and breaks the connection. */
  | 'reset'
  /** Nothing special: 200 with a wamid. */
  | 'ok';

export const graphError = (code: number, details = 'why'): FakeAnswer => ({
  status: 400,
  json: { error: { message: `(#${code}) Title`, type: 'OAuthException', code, error_data: { details } } },
});

/** A Graph API that says what the test tells it to, and remembers everything that reached it. */
export class FakeGraph {
  readonly sends: ArrivedSend[] = [];
  readonly receipts: string[] = [];
  answer: (send: ArrivedSend) => FakeAnswer | Promise<FakeAnswer> = () => 'ok';
  private readonly server = createServer((request, response) => void this.handle(request, response));
  private count = 0;

  static async start(): Promise<FakeGraph> {
    const graph = new FakeGraph();
    await new Promise<void>((resolve) => graph.server.listen(0, '127.0.0.1', resolve));
    return graph;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** What has reached it of a conversation, in order of arrival. */
  of(conversationId: string): ArrivedSend[] {
    return this.sends.filter((send) => send.callback?.c === conversationId);
  }

  /** Nobody listens any more, until `reopen`. */
  async shut(): Promise<number> {
    const { port } = this.server.address() as AddressInfo;
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    return port;
  }

  async reopen(port: number): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(port, '127.0.0.1', resolve));
  }

  async close(): Promise<void> {
    if (this.server.listening) await this.shut();
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
    if (body['status'] === 'read') {
      this.receipts.push(String(body['message_id']));
      response.end('{"success":true}');
      return;
    }
    const send = this.toSend(request, body);
    this.sends.push(send);
    const answer = await this.answer(send);
    if (answer === 'hang') return;
    if (answer === 'reset') return void request.socket.destroy();
    if (answer === 'ok') {
      response.end(JSON.stringify({ messaging_product: 'whatsapp', messages: [{ id: send.wamid }] }));
      return;
    }
    response.writeHead(answer.status).end('json' in answer ? JSON.stringify(answer.json) : answer.text);
  }

  private toSend(request: IncomingMessage, body: Record<string, unknown>): ArrivedSend {
    const { text, interactive } = body as { text?: { body: string }; interactive?: { body: { text: string } } };
    const callback = body['biz_opaque_callback_data'];
    return {
      phoneNumberId: request.url?.split('/')[2] ?? '',
      token: request.headers.authorization?.replace('Bearer ', '') ?? '',
      body,
      text: text?.body ?? interactive?.body.text ?? '',
      callback: typeof callback === 'string' ? (JSON.parse(callback) as ArrivedSend['callback']) : null,
      wamid: `wamid.FAKE${String((this.count += 1))}`,
      atMs: performance.now(),
    };
  }
}
