import { connect, type Socket } from 'node:net';
import { nowMs } from './results.ts';

const HEADER_END = Buffer.from('\r\n\r\n');

/**
 * One keep-alive connection that posts prepared requests and reads status lines; far cheaper than an HTTP library, so
 * that the generator takes as little of the two cores as it can.
 */
export class RawClient {
  private readonly socket: Socket;
  private buffered: Buffer = Buffer.alloc(0);
  private waiting: ((status: number) => void) | null = null;

  constructor(url: string) {
    const { hostname, port } = new URL(url);
    this.socket = connect(Number(port), hostname);
    this.socket.setNoDelay(true);
    this.socket.on('data', (chunk) => this.read(chunk));
    this.socket.on('error', () => this.waiting?.(0));
    this.socket.on('close', () => this.waiting?.(0));
  }

  /** Sends one request and resolves with the status of its answer (0: the connection broke). */
  send(request: Buffer): Promise<number> {
    return new Promise((resolve) => {
      this.waiting = (status) => {
        this.waiting = null;
        resolve(status);
      };
      this.socket.write(request);
    });
  }

  close(): void {
    this.socket.destroy();
  }

  private read(chunk: Buffer): void {
    this.buffered = this.buffered.length === 0 ? chunk : Buffer.concat([this.buffered, chunk]);
    const end = this.buffered.indexOf(HEADER_END);
    if (end < 0) return;
    const head = this.buffered.toString('latin1', 0, end);
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
    const total = end + HEADER_END.length + length;
    if (this.buffered.length < total) return;
    this.buffered = this.buffered.subarray(total);
    this.waiting?.(Number(head.slice(9, 12)));
  }
}

/** Posts as fast as the server answers, over `connections`, for `seconds`; returns answered requests and latencies. */
export async function flood(
  url: string,
  connections: number,
  seconds: number,
  nextRequest: () => Buffer,
): Promise<{ perSecond: number; latenciesMs: number[]; refused: number }> {
  const latenciesMs: number[] = [];
  let refused = 0;
  const startedAt = nowMs();
  const until = startedAt + seconds * 1_000;
  await Promise.all(
    Array.from({ length: connections }, async () => {
      const client = new RawClient(url);
      while (nowMs() < until) {
        const request = nextRequest();
        const sentAt = nowMs();
        const status = await client.send(request);
        if (status === 200) latenciesMs.push(nowMs() - sentAt);
        else refused += 1;
      }
      client.close();
    }),
  );
  return { perSecond: latenciesMs.length / ((nowMs() - startedAt) / 1_000), latenciesMs, refused };
}

/** Posts each request once, in order, over `connections`; throws when one is refused. */
export async function postAll(url: string, requests: readonly Buffer[], connections: number): Promise<void> {
  const queue = requests.values();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      const client = new RawClient(url);
      for (const request of queue) {
        const status = await client.send(request);
        if (status !== 200) throw new Error(`a delivery was answered ${String(status)}`);
      }
      client.close();
    }),
  );
}
