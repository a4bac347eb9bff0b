import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** Somebody else's web server, with files that may be linked to. */
export class FakeShop {
  /** The paths that were asked for, in order, with the headers that came along. */
  readonly asked: { path: string; headers: IncomingMessage['headers'] }[] = [];
  private readonly answers = new Map<string, Answer>();
  private readonly server = createServer((request, response) => {
    const path = new URL(request.url ?? '', 'http://x').pathname;
    this.asked.push({ path, headers: request.headers });
    const answer = this.answers.get(path);
    if (answer) answer(request, response);
    else response.writeHead(404).end();
  });

  static async start(): Promise<FakeShop> {
    const shop = new FakeShop();
    await new Promise<void>((resolve) => shop.server.listen(0, '127.0.0.1', resolve));
    return shop;
  }

  /** Puts a file there; its address. */
  file(path: string, body: Buffer, type = 'application/octet-stream'): string {
    return this.answer(path, (_request, response) => {
      response.writeHead(200, { 'content-type': type, 'content-length': body.length }).end(body);
    });
  }

  answer(path: string, answer: Answer): string {
    this.answers.set(path, answer);
    return this.url(path);
  }

  redirect(path: string, location: string): string {
    return this.answer(path, (_request, response) => response.writeHead(302, { location }).end());
  }

  url(path: string): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}${path}`;
  }

  count(path: string): number {
    return this.asked.filter((one) => one.path === path).length;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
