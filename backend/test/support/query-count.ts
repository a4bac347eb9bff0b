import { AsyncLocalStorage } from 'node:async_hooks';
import type { Server } from 'node:http';
import pg from 'pg';

/** What surrounds a transaction's statements: not counted as a query. */
const TRANSACTION = /^\s*(start transaction|begin|commit|rollback|savepoint|release)\b/i;
const COMMIT = /^\s*commit\b/i;

/** Statements by the request that caused them, whatever else the application does at the same time. */
export class QueryCount {
  private readonly requests = new AsyncLocalStorage<string[]>();
  private statements: string[] = [];
  private readonly original = pg.Client.prototype.query;

  private constructor(server: Server) {
    const { requests, original } = this;
    const emit = server.emit.bind(server);
    server.emit = (event: string, ...args: unknown[]): boolean => {
      if (event !== 'request') return emit(event, ...args);
      this.statements = [];
      return requests.run(this.statements, () => emit(event, ...args));
    };
    const counted = function (this: pg.Client, ...args: unknown[]): unknown {
      const [first] = args;
      const text = typeof first === 'string' ? first : (first as { text?: string } | undefined)?.text;
      if (text !== undefined) requests.getStore()?.push(text);
      return (original as (...all: unknown[]) => unknown).apply(this, args);
    };
    pg.Client.prototype.query = counted as typeof original;
  }

  /** From here on, until `end`. */
  static begin(server: Server): QueryCount {
    return new QueryCount(server);
  }

  /** What the last request asked the database, up to its commit: what it then woke goes on by itself. */
  get last(): readonly string[] {
    const end = this.statements.findIndex((text) => COMMIT.test(text));
    const own = end < 0 ? this.statements : this.statements.slice(0, end);
    return own.filter((text) => !TRANSACTION.test(text));
  }

  end(): void {
    pg.Client.prototype.query = this.original;
  }
}
