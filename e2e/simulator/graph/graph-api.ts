import type { ServerResponse } from 'node:http';
import { sendText, readBody, RequestError, type Exchange } from '../core/http.ts';
import { createTraceId } from '../core/ids.ts';
import { isJson, type Json } from '../core/json.ts';
import { encodeWire } from '../core/wire.ts';
import type { BusinessNumber } from '../options.ts';
import type { SimulatorState } from '../state/simulator-state.ts';
import { checkToken } from './auth.ts';
import { badParameter } from './check.ts';
import { errorBody, GraphError, unknownObject } from './errors.ts';
import { deleteMedia, resolveMedia, uploadMedia } from './media.ts';
import { changeNumber, debugToken, listNumbers, listTemplates, showNumber, subscribedApps } from './management.ts';
import { answerSend } from './send.ts';
import { acceptReceipt } from './messages.ts';

const MAX_BODY_BYTES = 1024 * 1024;
const MAX_UPLOAD_BYTES = 101 * 1024 * 1024;
const OLDEST_LIVE_VERSION = 'v21.0';

/** What Graph answers: JSON with 200, or nothing when the handler has answered (or cut the line) itself. */
type Answer = Json | undefined;

/** The Graph API's routes: `/v{N}.0/{id}/…`; any version is taken, and none, as Graph does. */
export class GraphApi {
  private readonly state: SimulatorState;

  constructor(state: SimulatorState) {
    this.state = state;
  }

  async handle(exchange: Exchange): Promise<void> {
    const [, version = OLDEST_LIVE_VERSION, rest = ''] = /^\/(v\d+\.\d+)?\/?(.*)$/.exec(exchange.path) ?? [];
    const segments = rest
      .split('/')
      .filter((segment) => segment !== '')
      .map(decodeSegment);
    setGraphHeaders(exchange.response, version, this.state);
    try {
      checkToken(this.state, exchange, segments);
      const answer = await this.route(exchange, segments);
      if (answer) sendGraph(exchange.response, 200, answer);
    } catch (error) {
      sendGraphError(exchange.response, toGraphError(error));
    }
  }

  private async route(exchange: Exchange, [id = '', edge, ...more]: string[]): Promise<Answer> {
    const { method } = exchange;
    if (more.length > 0) throw unknownObject(method, id);
    if (id === 'debug_token' && edge === undefined) return debugToken(this.state, exchange.query);
    const number = this.state.accounts.find(id);
    if (number) return this.routeNumber(exchange, number, edge);
    if (this.state.accounts.hasAccount(id)) return this.routeAccount(exchange, id, edge);
    if (edge !== undefined) throw unknownObject(method, id);
    if (method === 'GET') return resolveMedia(this.state, id);
    if (method === 'DELETE') return deleteMedia(this.state, id);
    throw unknownObject(method, id);
  }

  private async routeNumber(exchange: Exchange, number: BusinessNumber, edge: string | undefined): Promise<Answer> {
    const { method, request, query } = exchange;
    if (edge === undefined && method === 'GET') return showNumber(this.state, number, query);
    if (edge === undefined && method === 'POST') return changeNumber(this.state, number, await readGraphBody(exchange));
    if (edge === 'messages' && method === 'POST') {
      const body = await readGraphBody(exchange);
      if (body['status'] !== undefined) return acceptReceipt(this.state, number, body);
      return answerSend(this.state, number, body, exchange);
    }
    if (edge === 'media' && method === 'POST') {
      const type = request.headers['content-type'] ?? '';
      return uploadMedia(this.state, await readBody(request, MAX_UPLOAD_BYTES), type, query);
    }
    throw unknownObject(method, number.id);
  }

  private async routeAccount(exchange: Exchange, id: string, edge: string | undefined): Promise<Answer> {
    const { method, query } = exchange;
    if (edge === 'phone_numbers' && method === 'GET') return listNumbers(this.state, id, query);
    if (edge === 'message_templates' && method === 'GET') return listTemplates(this.state, query);
    if (edge === 'subscribed_apps') {
      const body = method === 'POST' ? await readGraphBody(exchange) : {};
      return subscribedApps(this.state, id, method, body);
    }
    throw unknownObject(method, id);
  }
}

/** JSON or form fields, as Graph takes both. */
async function readGraphBody({ request }: Exchange): Promise<Json> {
  const text = (await readBody(request, MAX_BODY_BYTES)).toString('utf8');
  if (text.trim() === '') return {};
  if ((request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')) {
    return Object.fromEntries(new URLSearchParams(text));
  }
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw badParameter('The request body is not valid JSON.');
  }
  if (!isJson(body)) throw badParameter('The request body must be a JSON object.');
  return body;
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function setGraphHeaders(response: ServerResponse, version: string, state: SimulatorState): void {
  const account = state.accounts.first()?.businessAccountId ?? '0';
  const usage = {
    type: 'whatsapp',
    call_count: 1,
    total_cputime: 1,
    total_time: 1,
    estimated_time_to_regain_access: 0,
  };
  response.setHeader('facebook-api-version', version);
  response.setHeader('x-fb-trace-id', createTraceId());
  response.setHeader('x-fb-request-id', createTraceId());
  response.setHeader('x-app-usage', '{"call_count":0,"total_cputime":0,"total_time":0}');
  response.setHeader('x-business-use-case-usage', JSON.stringify({ [account]: [usage] }));
}

function sendGraph(response: ServerResponse, status: number, body: Json): void {
  sendText(response, status, encodeWire(body), { 'content-type': 'application/json; charset=UTF-8' });
}

function sendGraphError(response: ServerResponse, error: GraphError): void {
  if (response.headersSent || response.destroyed) return;
  const traceId = createTraceId();
  if (error.http === 401) {
    const text = error.message.replace(/["\\]/g, '');
    response.setHeader('www-authenticate', `OAuth "Facebook Platform" "invalid_token" "${text}"`);
  }
  sendGraph(response, error.http, errorBody(error, traceId));
}

function toGraphError(error: unknown): GraphError {
  if (error instanceof GraphError) return error;
  if (error instanceof RequestError) return new GraphError(100, error.message, { http: error.status });
  return new GraphError(131000, error instanceof Error ? error.message : String(error));
}
