import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FakeTemplates } from './fake-templates.js';

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
  /** Messages under which it was asked to show “typing…”. */
  readonly typing: string[] = [];
  typingAnswer: FakeAnswer = 'ok';
  readonly uploads: { id: string; phoneNumberId: string; token: string; mimeType: string; bytes: Buffer }[] = [];
  /** What an account's list of templates holds, and who asked for which page of it. */
  templates: Record<string, unknown>[] = [];
  readonly templatePages: { account: string; token: string; after: string | null }[] = [];
  templatesAnswer: FakeAnswer = 'ok';
  readonly making = new FakeTemplates(() => this.templates);
  uploadAnswer: FakeAnswer = 'ok';
  /** Uploads are answered once this has settled. */
  uploadGate: Promise<unknown> | null = null;
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
    if (this.making.take(request, response, Buffer.concat(chunks))) return;
    if (request.url?.includes('/message_templates')) return this.listTemplates(request, response);
    if (request.url?.endsWith('/media')) return this.takeUpload(request, response, Buffer.concat(chunks));
    const body = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
    if (body['typing_indicator'] !== undefined) return this.takeTyping(body, response);
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

  private takeTyping(body: Record<string, unknown>, response: ServerResponse): void {
    this.typing.push(String(body['message_id']));
    const { typingAnswer: answer } = this;
    if (typeof answer === 'object') response.writeHead(answer.status);
    response.end(typeof answer === 'object' && 'json' in answer ? JSON.stringify(answer.json) : '{"success":true}');
  }

  private listTemplates(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '', this.url);
    const after = url.searchParams.get('after');
    const token = request.headers.authorization?.replace('Bearer ', '') ?? '';
    this.templatePages.push({ account: url.pathname.split('/')[2] ?? '', token, after });
    if (typeof this.templatesAnswer === 'object') {
      response
        .writeHead(this.templatesAnswer.status)
        .end('json' in this.templatesAnswer ? JSON.stringify(this.templatesAnswer.json) : this.templatesAnswer.text);
      return;
    }
    const name = url.searchParams.get('name');
    if (name !== null) {
      response.end(JSON.stringify({ data: this.templates.filter((template) => template['name'] === name) }));
      return;
    }
    const start = Number(after ?? 0);
    const end = start + Number(url.searchParams.get('limit') ?? 25);
    const paging = { cursors: { before: String(start), after: String(end) } };
    // Meta's address of the next page: it must not be followed.
    const next = end < this.templates.length ? { next: 'http://127.0.0.1:9/elsewhere' } : {};
    response.end(JSON.stringify({ data: this.templates.slice(start, end), paging: { ...paging, ...next } }));
  }

  private async takeUpload(request: IncomingMessage, response: ServerResponse, body: Buffer): Promise<void> {
    await this.uploadGate;
    const { uploadAnswer } = this;
    if (typeof uploadAnswer === 'object') {
      response
        .writeHead(uploadAnswer.status)
        .end('json' in uploadAnswer ? JSON.stringify(uploadAnswer.json) : uploadAnswer.text);
      return;
    }
    const boundary = /boundary=(\S+)/.exec(request.headers['content-type'] ?? '')?.[1] ?? '';
    const part = body.indexOf('name="file"');
    const start = body.indexOf('\r\n\r\n', part) + 4;
    const mimeType = /content-type: (.*)/.exec(body.toString('latin1', part, start))?.[1]?.trim() ?? '';
    const bytes = body.subarray(start, body.lastIndexOf(`\r\n--${boundary}--`));
    const id = String(7e15 + (this.count += 1));
    this.uploads.push({
      id,
      phoneNumberId: request.url?.split('/')[2] ?? '',
      token: request.headers.authorization?.replace('Bearer ', '') ?? '',
      mimeType,
      bytes,
    });
    response.end(JSON.stringify({ id }));
  }

  private toSend(request: IncomingMessage, body: Record<string, unknown>): ArrivedSend {
    const { text, interactive } = body as { text?: { body: string }; interactive?: { body: { text: string } } };
    const callback = body['biz_opaque_callback_data'];
    return {
      phoneNumberId: request.url?.split('/')[2] ?? '',
      token: request.headers.authorization?.replace('Bearer ', '') ?? '',
      body,
      text: text?.body ?? interactive?.body?.text ?? '',
      callback: typeof callback === 'string' ? (JSON.parse(callback) as ArrivedSend['callback']) : null,
      wamid: `wamid.FAKE${String((this.count += 1))}`,
      atMs: performance.now(),
    };
  }
}
