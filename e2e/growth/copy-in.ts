import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type pg from 'pg';

/** What `pg` gives a statement that speaks the protocol itself. */
interface Wire {
  stream: Writable;
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  sendCopyFail(reason: string): void;
}

/** Bytes that are gathered before they go on the wire. */
const CHUNK_CHARS = 256 * 1024;

/**
 * Rows into one table by `COPY … FROM STDIN` in text form, with back-pressure. One at a time on a connection: begin, add
 * rows, end.
 */
export class CopyIn {
  private readonly statement: CopyStatement;
  private waiting = '';

  private constructor(statement: CopyStatement) {
    this.statement = statement;
  }

  static async begin(client: pg.Client, table: string, columns: readonly string[]): Promise<CopyIn> {
    const statement = new CopyStatement(`copy ${table} (${columns.join(', ')}) from stdin with (freeze)`);
    client.query(statement as unknown as pg.Submittable);
    await statement.ready;
    return new CopyIn(statement);
  }

  /** Lines as COPY reads them, each ended by a newline. A promise only when it is time to wait for it. */
  add(lines: string): Promise<void> | null {
    this.waiting += lines;
    return this.waiting.length >= CHUNK_CHARS ? this.flush() : null;
  }

  async end(): Promise<void> {
    await this.flush();
    this.statement.finish();
    await this.statement.done;
  }

  private async flush(): Promise<void> {
    const chunk = Buffer.from(this.waiting);
    this.waiting = '';
    if (chunk.length > 0) await this.statement.send(chunk);
  }
}

/** The protocol's side of it, as `pg` calls it. */
class CopyStatement {
  readonly ready: Promise<void>;
  readonly done: Promise<void>;
  private readonly text: string;
  private wire: Wire | null = null;
  private failure: Error | null = null;
  private onReady: () => void = () => undefined;
  private onDone: () => void = () => undefined;
  private onFailure: (error: Error) => void = () => undefined;

  constructor(text: string) {
    this.text = text;
    this.ready = new Promise((resolve, reject) => {
      this.onReady = resolve;
      this.onFailure = reject;
    });
    this.done = new Promise((resolve, reject) => {
      this.onDone = () => (this.failure ? reject(this.failure) : resolve());
    });
    // Whoever sends learns of a failure first; `end` reports it again to whoever asks.
    this.done.catch(() => undefined);
  }

  submit(connection: Wire): void {
    this.wire = connection;
    connection.query(this.text);
  }

  async send(chunk: Buffer): Promise<void> {
    if (this.failure) throw this.failure;
    if (!this.wire) throw new Error('COPY has not begun');
    this.wire.sendCopyFromChunk(chunk);
    if (this.wire.stream.writableNeedDrain) await Promise.race([once(this.wire.stream, 'drain'), this.done]);
  }

  finish(): void {
    if (!this.failure) this.wire?.endCopyFrom();
  }

  handleCopyInResponse(): void {
    this.onReady();
  }

  handleCommandComplete(): void {
    // ReadyForQuery ends it
  }

  handleReadyForQuery(): void {
    this.onDone();
  }

  handleError(error: Error): void {
    this.failure = error;
    this.onFailure(error);
  }
}
