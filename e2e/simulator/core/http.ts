import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { isJson, type Json } from './json.ts';

/** A request that the simulator's own routes refuse (Graph routes answer with `GraphError` instead). */
export class RequestError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'RequestError';
    this.status = status;
  }
}

/** One parsed request on its way through the routes. */
export interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  method: string;
  path: string;
  query: URLSearchParams;
}

/** The whole body, refused with 413 beyond `limitBytes`. */
export async function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > limitBytes) throw new RequestError(413, `The body is larger than ${String(limitBytes)} bytes.`);
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
}

/** The body as JSON; 400 when it is none. An empty body is an empty object. */
export async function readJson(request: IncomingMessage, limitBytes: number): Promise<unknown> {
  const body = await readBody(request, limitBytes);
  if (body.length === 0) return {};
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    throw new RequestError(400, 'The body is not JSON.');
  }
}

/** The body as a JSON object; 400 when it is anything else. */
export async function readJsonObject(request: IncomingMessage, limitBytes: number): Promise<Json> {
  const value = await readJson(request, limitBytes);
  if (!isJson(value)) throw new RequestError(400, 'The body must be a JSON object.');
  return value;
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  sendText(response, status, JSON.stringify(body), { 'content-type': 'application/json; charset=utf-8' });
}

export function sendText(
  response: ServerResponse,
  status: number,
  body: string | Buffer,
  headers: OutgoingHttpHeaders,
): void {
  if (response.destroyed || response.headersSent) return;
  response.writeHead(status, { 'content-length': Buffer.byteLength(body), 'cache-control': 'no-store', ...headers });
  response.end(body);
}
