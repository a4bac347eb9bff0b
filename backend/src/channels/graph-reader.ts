import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { z } from '@parley/contract';
import { createHmac } from 'node:crypto';
import type { Readable } from 'node:stream';
import { Agent, request } from 'undici';
import { ENVIRONMENT, type Environment } from '../config/environment.js';

const CONNECT_TIMEOUT_MS = 4_000;
const ANSWER_TIMEOUT_MS = 8_000;
/** Of what changes something there: a template, a file. */
const WRITE_TIMEOUT_MS = 30_000;
const LONGEST_ANSWER_BYTES = 512 * 1_024;

/** What Graph said, or why it said nothing. */
export type GraphReading =
  | { kind: 'answer'; body: unknown }
  | {
      kind: 'refused';
      code: number;
      subcode: number | null;
      message: string;
      /** Meta's words for whoever sits before the screen. */
      userMessage?: string;
      /** All that was answered: some refusals carry more than the error. */
      body?: unknown;
    }
  | { kind: 'unreachable'; detail: string };

const refusalSchema = z.object({
  error: z.object({
    code: z.number().int(),
    error_subcode: z.number().int().optional().catch(undefined),
    message: z.string().catch(''),
    error_user_msg: z.string().optional().catch(undefined),
  }),
});

export interface GraphQuestion {
  token: string;
  query?: Record<string, string>;
  /** Proves that token and secret belong to the same app; Graph refuses a proof that does not fit (Meta: securing calls). */
  appSecret?: string | null;
  json?: Record<string, unknown>;
  /** A file, from its beginning (Meta: resumable upload API). */
  file?: { bytes: Readable; size: number };
}

/** Questions about numbers, tokens and templates, asked while somebody waits; nothing is ever asked twice by itself. Sends go another way (`outbound/graph`). */
@Injectable()
export class GraphReader implements OnApplicationShutdown {
  private readonly agent = new Agent({ connect: { timeout: CONNECT_TIMEOUT_MS } });
  private readonly base: string;

  constructor(@Inject(ENVIRONMENT) environment: Environment) {
    this.base = `${environment.whatsapp.graphUrl}/${environment.whatsapp.graphVersion}`;
  }

  get(path: string, question: GraphQuestion): Promise<GraphReading> {
    return this.call('GET', path, question);
  }

  post(path: string, question: GraphQuestion): Promise<GraphReading> {
    return this.call('POST', path, question);
  }

  delete(path: string, question: GraphQuestion): Promise<GraphReading> {
    return this.call('DELETE', path, question);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.agent.destroy();
  }

  private async call(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    { token, query = {}, appSecret, json, file }: GraphQuestion,
  ): Promise<GraphReading> {
    const search = new URLSearchParams(query);
    if (appSecret) search.set('appsecret_proof', createHmac('sha256', appSecret).update(token).digest('hex'));
    const timeout = method === 'GET' ? ANSWER_TIMEOUT_MS : WRITE_TIMEOUT_MS;
    const separator = path.includes('?') ? '&' : '?';
    try {
      const response = await request(`${this.base}/${path}${search.size > 0 ? separator : ''}${search.toString()}`, {
        method,
        dispatcher: this.agent,
        headers: {
          // The upload of a file asks for this word (Meta: resumable upload API).
          authorization: `${file ? 'OAuth' : 'Bearer'} ${token}`,
          accept: 'application/json',
          ...(json && { 'content-type': 'application/json' }),
          ...(file && { file_offset: '0', 'content-length': String(file.size) }),
        },
        body: json ? JSON.stringify(json) : (file?.bytes ?? null),
        headersTimeout: timeout,
        bodyTimeout: timeout,
      });
      const text = await readBounded(response.body);
      return toReading(response.statusCode, text);
    } catch (error) {
      return { kind: 'unreachable', detail: describe(error) };
    } finally {
      file?.bytes.destroy();
    }
  }
}

/** @throws Error when the answer is longer than any that Graph gives to these questions */
async function readBounded(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > LONGEST_ANSWER_BYTES) throw new Error('the answer is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function toReading(status: number, text: string): GraphReading {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return { kind: 'unreachable', detail: `HTTP ${status} without an answer of the Graph API` };
  }
  const refused = refusalSchema.safeParse(body);
  if (refused.success) {
    const { code, error_subcode: subcode, message, error_user_msg: userMessage } = refused.data.error;
    return { kind: 'refused', code, subcode: subcode ?? null, message, ...(userMessage && { userMessage }), body };
  }
  if (status >= 200 && status <= 299) return { kind: 'answer', body };
  return { kind: 'unreachable', detail: `HTTP ${status} without an answer of the Graph API` };
}

/** The cause and never the request: an error of the client may carry the headers, and with them the token. */
function describe(error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: unknown };
  const cause = typeof code === 'string' ? code : '';
  return [cause, typeof message === 'string' ? message : ''].filter((part) => part !== '').join(': ');
}
