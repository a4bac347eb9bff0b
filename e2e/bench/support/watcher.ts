import { nowMs } from './results.ts';

const MESSAGE_PREFIX = '42["message:created"';
export const MARK = '#m';
export const MARK_DIGITS = 8;

/** What a message's text carries so that a watcher knows which one it is without parsing the packet. */
export const markOf = (index: number): string => `${MARK}${String(index).padStart(MARK_DIGITS, '0')}`;

/**
 * One agent's socket: speaks Engine.IO and Socket.IO over a bare WebSocket and reads only the mark of each message, so
 * that twenty of them leave the cores to the server.
 */
export class Watcher {
  readonly seen: Uint8Array;
  readonly latenciesMs: number[] = [];
  received = 0;
  doubled = 0;
  private readonly socket: WebSocket;
  private readonly token: string;
  private readonly sentAtMs: Float64Array;
  private readonly onLive: () => void;

  private constructor(url: string, token: string, sentAtMs: Float64Array, onLive: () => void) {
    this.token = token;
    this.sentAtMs = sentAtMs;
    this.onLive = onLive;
    this.seen = new Uint8Array(sentAtMs.length);
    this.socket = new WebSocket(`${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
    this.socket.addEventListener('message', ({ data }) => this.read(String(data)));
  }

  /** Resolves once the server has answered `sync:resume`: live from there. */
  static live(url: string, token: string, sentAtMs: Float64Array): Promise<Watcher> {
    return new Promise((resolve, reject) => {
      const watcher: Watcher = new Watcher(url, token, sentAtMs, () => resolve(watcher));
      watcher.socket.addEventListener('close', () => reject(new Error('a watcher lost its socket')));
    });
  }

  close(): void {
    this.socket.close();
  }

  private read(packet: string): void {
    if (packet.startsWith(MESSAGE_PREFIX)) this.note(packet);
    else if (packet === '2') this.socket.send('3');
    else if (packet.startsWith('0')) this.socket.send(`40${JSON.stringify({ token: this.token })}`);
    else if (packet.startsWith('40')) this.socket.send('420["sync:resume",{"cursor":null}]');
    else if (packet.startsWith('430')) this.onLive();
  }

  private note(packet: string): void {
    const at = packet.indexOf(MARK);
    if (at < 0) return;
    const index = Number(packet.slice(at + MARK.length, at + MARK.length + MARK_DIGITS));
    if (this.seen[index]) {
      this.doubled += 1;
      return;
    }
    this.seen[index] = 1;
    this.received += 1;
    this.latenciesMs.push(nowMs() - (this.sentAtMs[index] ?? Number.NaN));
  }
}
