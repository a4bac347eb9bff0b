import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How the next fetches of a file go wrong. */
export interface MediaFaults {
  /** HTTP status of the resolving call, with Meta's error code. */
  resolve?: { status: number; code: number };
  /** Named instead of the real address. */
  url?: string;
  /** Said instead of the real hash. */
  sha256?: string;
  /** Said instead of the real size. */
  size?: number;
  /** HTTP status of the bytes. */
  bytes?: number;
  location?: string;
  /** Sends the head and some bytes, then nothing, until `release` is called. */
  stalls?: boolean;
  /** Breaks the connection half-way. */
  breaks?: boolean;
}

interface Served {
  body: Buffer;
  faults: MediaFaults;
}

/** A small picture of 2 × 1 pixels. */
export const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAYAAAD0In+KAAAAEUlEQVR42mNk+M9Qz8DAwAAACgUBgMCtxbsAAAAASUVORK5CYII=',
  'base64',
);

export const hashOf = (body: Buffer): string => createHash('sha256').update(body).digest('base64');

/** Meta's two media servers: one names addresses, another has the bytes and wants the token too. */
export class FakeMedia {
  readonly asked: { kind: 'resolve' | 'bytes'; id: string; token: string }[] = [];
  private readonly files = new Map<string, Served>();
  private readonly stalled = new Set<ServerResponse>();
  private readonly api = createServer((request, response) => this.resolve(request, response));
  private readonly bytes = createServer((request, response) => this.send(request, response));

  static async start(): Promise<FakeMedia> {
    const media = new FakeMedia();
    for (const server of [media.api, media.bytes]) {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    }
    return media;
  }

  get url(): string {
    return `http://127.0.0.1:${portOf(this.api)}`;
  }

  get host(): string {
    return `127.0.0.1:${portOf(this.bytes)}`;
  }

  add(id: string, body: Buffer, faults: MediaFaults = {}): void {
    this.files.set(id, { body, faults });
  }

  /** Everything works again for this file. */
  heal(id: string): void {
    const file = this.files.get(id);
    if (file) file.faults = {};
  }

  of(id: string, kind: 'resolve' | 'bytes'): number {
    return this.asked.filter((call) => call.id === id && call.kind === kind).length;
  }

  release(): void {
    for (const response of this.stalled) response.destroy();
    this.stalled.clear();
  }

  async close(): Promise<void> {
    this.release();
    for (const server of [this.api, this.bytes]) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  private resolve(request: IncomingMessage, response: ServerResponse): void {
    const id = new URL(request.url ?? '', 'http://x').pathname.split('/')[2] ?? '';
    this.asked.push({ kind: 'resolve', id, token: tokenOf(request) });
    const file = this.files.get(id);
    const refusal = file ? file.faults.resolve : { status: 400, code: 100 };
    if (!file || refusal) {
      const error = { message: 'Unsupported get request.', type: 'GraphMethodException', code: refusal?.code };
      response.writeHead(refusal?.status ?? 400).end(JSON.stringify({ error }));
      return;
    }
    const { body, faults } = file;
    response.end(
      JSON.stringify({
        messaging_product: 'whatsapp',
        url: faults.url ?? `http://${this.host}/whatsapp_business/attachments/?mid=${id}`,
        mime_type: 'image/png',
        sha256: faults.sha256 ?? hashOf(body),
        file_size: String(faults.size ?? body.length),
        id,
      }),
    );
  }

  private send(request: IncomingMessage, response: ServerResponse): void {
    const id = new URL(request.url ?? '', 'http://x').searchParams.get('mid') ?? '';
    this.asked.push({ kind: 'bytes', id, token: tokenOf(request) });
    const file = this.files.get(id);
    if (!file) return void response.writeHead(404).end();
    const { body, faults } = file;
    if (faults.bytes) {
      response.writeHead(faults.bytes, faults.location ? { location: faults.location } : {}).end();
    } else if (faults.stalls || faults.breaks) {
      response.writeHead(200, { 'content-length': body.length }).write(body.subarray(0, 10), () => {
        if (faults.breaks) response.destroy();
      });
      this.stalled.add(response);
    } else {
      response.writeHead(200, { 'content-type': 'image/png', 'content-length': body.length }).end(body);
    }
  }
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;
const tokenOf = (request: IncomingMessage): string => request.headers.authorization?.replace('Bearer ', '') ?? '';
