import { durableEventTypes } from '@parley/contract/constants';
import type { Ack, ClientToServerEvents, DurablePayloads, ServerToClientEvents, SyncHead } from '@parley/contract';
import { io, type Socket } from 'socket.io-client';
import { waitFor } from './wait-for.js';

export interface LiveEvent {
  type: keyof DurablePayloads;
  payload: Record<string, unknown> & { id?: string; rev?: number; conversationId?: string };
  cursor: string;
}

export interface ResumeAnswer {
  ok: boolean;
  cursor: string;
  reset: boolean;
}

/** A client that keeps the protocol: its cursor moves only on heads that follow it and on answers to a resume. */
export class LiveClient {
  readonly socket: Socket<ServerToClientEvents, ClientToServerEvents>;
  cursor: string | null = null;
  readonly events: LiveEvent[] = [];
  readonly heads: SyncHead[] = [];
  readonly resumes: ResumeAnswer[] = [];
  readonly volatile: { type: string; payload: Record<string, unknown> }[] = [];
  revoked: string | null = null;
  private isResuming = false;
  private waitingHeads: SyncHead[] = [];

  constructor(url: string, token: string, options: { cursor?: string | null; resumes?: boolean } = {}) {
    this.cursor = options.cursor ?? null;
    this.socket = io(url, { transports: ['websocket'], auth: { token }, forceNew: true, reconnectionDelay: 50 });
    for (const type of durableEventTypes) {
      this.socket.on(type, (payload: object, cursor: string) => {
        this.events.push({ type, payload: payload as LiveEvent['payload'], cursor });
      });
    }
    this.socket.on('sync:head', (head) => {
      this.heads.push(head);
      if (this.isResuming) this.waitingHeads.push(head);
      else this.take(head);
    });
    for (const type of ['presence:updated', 'typing:updated', 'viewers:updated'] as const) {
      this.socket.on(type, (payload: object) => this.volatile.push({ type, payload: { ...payload } }));
    }
    this.socket.on('setup:changed', (payload) =>
      this.volatile.push({ type: 'setup:changed', payload: { ...payload } }),
    );
    this.socket.on('auth:revoked', ({ code }) => (this.revoked = code));
    if (options.resumes !== false) this.socket.on('connect', () => this.resumeOrReconnect());
    this.socket.on('disconnect', () => (this.isResuming = false));
  }

  /** Connected and, unless told not to, live. */
  async ready(): Promise<this> {
    await waitFor(() => this.socket.connected && (this.resumes.length > 0 || !this.socket.hasListeners('connect')));
    return this;
  }

  async resume(cursor: string | null = this.cursor): Promise<ResumeAnswer> {
    this.isResuming = true;
    const answer = await this.ask<{ cursor: string; reset: boolean }>('sync:resume', { cursor });
    if (!answer.ok) throw new Error(`resume refused: ${JSON.stringify(answer)}`);
    this.isResuming = false;
    this.cursor = answer.cursor;
    this.resumes.push(answer);
    for (const head of this.waitingHeads.splice(0)) this.take(head);
    return answer;
  }

  /** Sends anything at all and waits for its acknowledgement. */
  async ask<Extra extends object = object>(event: string, payload: unknown): Promise<Ack<Extra>> {
    const untyped = this.socket as unknown as Socket;
    return (await untyped.timeout(10_000).emitWithAck(event, payload)) as Ack<Extra>;
  }

  of(type: LiveEvent['type']): LiveEvent[] {
    return this.events.filter((event) => event.type === type);
  }

  /** Ids of payloads of this type, in the order they came. */
  ids(type: LiveEvent['type']): string[] {
    return this.of(type).map(({ payload }) => payload.id ?? '');
  }

  /** Cuts the line as a dead network does; socket.io-client comes back by itself. */
  dropLine(): void {
    this.socket.io.engine.close();
  }

  close(): void {
    this.socket.disconnect();
  }

  /** Without an answer the line is given up, and tried anew. */
  private resumeOrReconnect(): void {
    this.resume().catch(() => {
      if (this.socket.connected) this.dropLine();
    });
  }

  private take(head: SyncHead): void {
    if (this.cursor === null) return;
    if (head.after === this.cursor) this.cursor = head.cursor;
    else this.resumeOrReconnect();
  }
}
