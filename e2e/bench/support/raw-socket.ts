import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { nowMs } from './results.ts';
import { MARK, MARK_DIGITS } from './watcher.ts';

const HEADER_END = Buffer.from('\r\n\r\n');
const MESSAGE = Buffer.from('42["message:created"');
const HEAD = Buffer.from('42["sync:head"');
const RESUME_ANSWER = Buffer.from('430');
const MARK_BYTES = Buffer.from(MARK);
const ZERO = 48;
/** A frame of a server: final, text. */
const TEXT_FRAME = 0x81;
const CLOSE_FRAME = 0x88;

/** What many sockets are told of alike: when a marked message was sent, and what became of it. */
export interface Tally {
  sentAtMs: Float64Array;
  latenciesMs: number[];
  doubled: number;
}

/**
 * An agent's socket over bare TCP: reads frames where they lie and looks only at what it must, so that a thousand of them
 * fit beside the server that they measure. Ten thousand take 30 MB.
 */
export class RawSocket {
  received = 0;
  /** The cursor to resume from after a cut. */
  cursor: string | null;
  private readonly socket: Socket;
  private readonly token: string;
  private readonly tally: Tally | null;
  private readonly seen: Uint8Array | null;
  private rest: Buffer | null = null;
  private isUpgraded = false;
  private settle: { live: () => void; failed: (error: Error) => void } | null;

  private constructor(
    url: string,
    token: string,
    cursor: string | null,
    tally: Tally | null,
    settle: { live: () => void; failed: (error: Error) => void },
  ) {
    const { hostname, port } = new URL(url);
    this.token = token;
    this.cursor = cursor;
    this.tally = tally;
    this.seen = tally && new Uint8Array(tally.sentAtMs.length);
    this.settle = settle;
    this.socket = connect(Number(port), hostname);
    this.socket.setNoDelay(true);
    this.socket.on('data', (chunk: Buffer) => this.read(chunk));
    this.socket.on('error', (error) => this.fail(error));
    this.socket.on('close', () => this.fail(new Error('the server closed the socket')));
    this.socket.write(
      `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: ${hostname}\r\nUpgrade: websocket\r\n` +
        `Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`,
    );
  }

  /** Resolves once `sync:resume` was answered: live from there. */
  static live(url: string, token: string, tally: Tally | null, cursor: string | null = null): Promise<RawSocket> {
    return new Promise((resolve, reject) => {
      const made: RawSocket = new RawSocket(url, token, cursor, tally, { live: () => resolve(made), failed: reject });
    });
  }

  /** As a network that is cut: nobody is told. */
  cut(): void {
    this.settle = null;
    this.socket.removeAllListeners('close');
    this.socket.destroy();
  }

  private fail(error: Error): void {
    this.settle?.failed(error);
    this.settle = null;
  }

  private read(chunk: Buffer): void {
    let data = this.rest ? Buffer.concat([this.rest, chunk]) : chunk;
    this.rest = null;
    if (!this.isUpgraded) {
      const end = data.indexOf(HEADER_END);
      if (end < 0) {
        this.rest = data;
        return;
      }
      this.isUpgraded = true;
      data = data.subarray(end + HEADER_END.length);
    }
    let at = 0;
    for (;;) {
      if (data.length - at < 2) break;
      let length = (data[at + 1] ?? 0) & 127;
      let head = 2;
      if (length === 126) {
        if (data.length - at < 4) break;
        length = data.readUInt16BE(at + 2);
        head = 4;
      } else if (length === 127) {
        if (data.length - at < 10) break;
        length = Number(data.readBigUInt64BE(at + 2));
        head = 10;
      }
      if (data.length - at < head + length) break;
      if (data[at] === TEXT_FRAME) this.packet(data, at + head, at + head + length);
      else if (data[at] === CLOSE_FRAME) this.fail(new Error('the server ended the session'));
      at += head + length;
    }
    // A copy: what is kept of a chunk would keep all of it.
    if (at < data.length) this.rest = Buffer.from(data.subarray(at));
  }

  private packet(data: Buffer, from: number, to: number): void {
    const is = (prefix: Buffer): boolean => data.compare(prefix, 0, prefix.length, from, from + prefix.length) === 0;
    const first = (data[from] ?? 0) - ZERO;
    if (first === 4 && is(MESSAGE)) this.note(data.subarray(from, to));
    else if (first === 2) this.write('3');
    else if (first === 0) this.write(`40${JSON.stringify({ token: this.token })}`);
    else if (first === 4 && is(HEAD)) this.cursor = cursorIn(data.toString('latin1', from, to)) ?? this.cursor;
    else if (first === 4 && is(RESUME_ANSWER)) {
      this.cursor = cursorIn(data.toString('latin1', from, to)) ?? this.cursor;
      this.settle?.live();
      this.settle = null;
    } else if (first === 4 && data[from + 1] === ZERO) {
      this.write(`420["sync:resume",${JSON.stringify({ cursor: this.cursor })}]`);
    }
  }

  private note(packet: Buffer): void {
    if (!this.tally || !this.seen) return;
    const at = packet.indexOf(MARK_BYTES);
    if (at < 0) return;
    const digits = packet.toString('latin1', at + MARK.length, at + MARK.length + MARK_DIGITS);
    const index = Number(digits);
    if (this.seen[index]) {
      this.tally.doubled += 1;
      return;
    }
    this.seen[index] = 1;
    this.received += 1;
    this.tally.latenciesMs.push(nowMs() - (this.tally.sentAtMs[index] ?? Number.NaN));
  }

  /** A client's frame is masked; a mask of zeros is one too. */
  private write(text: string): void {
    const body = Buffer.from(text);
    const head = Buffer.alloc(body.length < 126 ? 6 : 8);
    head[0] = TEXT_FRAME;
    if (body.length < 126) head[1] = 128 | body.length;
    else {
      head[1] = 128 | 126;
      head.writeUInt16BE(body.length, 2);
    }
    this.socket.write(Buffer.concat([head, body]));
  }
}

const cursorIn = (packet: string): string | null => /"cursor":"([^"]+)"/.exec(packet)?.[1] ?? null;
