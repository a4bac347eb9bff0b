import { z } from '@parley/contract';
import { createHmac } from 'node:crypto';

const WITHIN_MS = 8_000;

const errorSchema = z.object({ error: z.object({ code: z.number(), message: z.string().optional() }) });

/** What Graph answered: the parsed body, or its error. */
export type GraphAnswer<Body> =
  | { kind: 'ok'; body: Body; date: Date | null }
  | { kind: 'error'; code: number; date: Date | null }
  | { kind: 'unreachable'; reason: string };

/** Reads from the Graph API with one token. */
export class Graph {
  constructor(
    private readonly base: string,
    private readonly token: string,
  ) {}

  async get<Schema extends z.ZodType>(
    path: string,
    schema: Schema,
    query: Record<string, string> = {},
  ): Promise<GraphAnswer<z.output<Schema>>> {
    try {
      const response = await fetch(`${this.base}/${path}?${new URLSearchParams(query).toString()}`, {
        headers: { authorization: `Bearer ${this.token}`, accept: 'application/json' },
        signal: AbortSignal.timeout(WITHIN_MS),
      });
      const text = response.headers.get('date');
      const date = text === null ? null : new Date(text);
      const body: unknown = await response.json();
      const parsed = schema.safeParse(body);
      if (response.ok && parsed.success) return { kind: 'ok', body: parsed.data, date };
      return { kind: 'error', code: errorSchema.safeParse(body).data?.error.code ?? response.status, date };
    } catch (error) {
      return { kind: 'unreachable', reason: reasonOf(error) };
    }
  }

  /** Proves that a secret is that of the token's app (Meta: securing Graph API requests). */
  proof(appSecret: string): string {
    return createHmac('sha256', appSecret).update(this.token).digest('hex');
  }

  get own(): string {
    return this.token;
  }
}

/** The cause that `fetch` hides. */
export function reasonOf(error: unknown): string {
  const { cause, name } = error as { cause?: { code?: unknown; message?: unknown }; name?: string };
  if (name === 'TimeoutError') return 'no answer in time';
  const { code, message } = cause ?? {};
  return typeof code === 'string' ? code : typeof message === 'string' ? message : 'no usable answer';
}
