import type { ServerResponse } from 'node:http';
import { sendText, readBody, RequestError, type Exchange } from '../core/http.ts';
import { createTraceId } from '../core/ids.ts';
import type { Json } from '../core/json.ts';
import { encodeWire } from '../core/wire.ts';
import type { BusinessNumber } from '../options.ts';
import type { Flow } from '../state/flows.ts';
import type { SimulatorState } from '../state/simulator-state.ts';
import { checkToken } from './auth.ts';
import { blockUsers } from './block-users.ts';
import { actOnCall, callPermissions } from './calls.ts';
import { numberSettings } from './calling-settings.ts';
import { badParameter } from './check.ts';
import { errorBody, GraphError, unknownObject } from './errors.ts';
import { actOnFlow, createFlow, listFlows } from './flows.ts';
import { deleteMedia, formOf, resolveMedia, uploadMedia } from './media.ts';
import { APP, changeNumber, debugToken, listNumbers, showNumber, subscribedApps } from './management.ts';
import { createTemplate, deleteTemplates, editTemplate } from './making.ts';
import { businessProfile, deregisterNumber, registerNumber } from './number-settings.ts';
import { requestCode, verifyCode } from './number-verification.ts';
import { qrCodes } from './qr-codes.ts';
import { readGraphBody } from './graph-body.ts';
import { listTemplates, showTemplate } from './templates.ts';
import { catalogEdge, isCatalog, listCatalogs } from './offerings.ts';
import { answerSend } from './send.ts';
import { acceptReceipt } from './messages.ts';

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
    const owner = this.state.accounts.find(id);
    if (owner && edge === 'message_qrdls' && more.length <= 1) return this.routeQrCodes(exchange, owner, more[0]);
    if (more.length > 0) throw unknownObject(method, id);
    if (id === 'debug_token' && edge === undefined) return debugToken(this.state, exchange.query);
    if (id === APP.id && edge === 'uploads' && method === 'POST') return this.beginUpload(exchange);
    if (id.startsWith('upload:') && method === 'POST') return this.finishUpload(exchange, id);
    const template = edge === undefined ? this.state.templates.find((one) => one.id === id) : undefined;
    if (template && method === 'GET') return showTemplate(template);
    if (template && method === 'POST') return editTemplate(this.state, template, await readGraphBody(exchange));
    if (owner) return this.routeNumber(exchange, owner, edge);
    if (this.state.accounts.hasAccount(id)) return this.routeAccount(exchange, id, edge);
    const flow = this.state.flows.find(id);
    if (flow) return this.routeFlow(exchange, flow, edge);
    if (isCatalog(id)) return catalogEdge(id, edge, method, exchange.query);
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
    if (edge === 'block_users') {
      return blockUsers(this.state, number, method, method === 'GET' ? {} : await readGraphBody(exchange));
    }
    if (edge === 'calls' && method === 'POST') return actOnCall(this.state, await readGraphBody(exchange));
    if (edge === 'whatsapp_business_profile') {
      return businessProfile(this.state, number, method, query, method === 'GET' ? {} : await readGraphBody(exchange));
    }
    if (edge === 'call_permissions' && method === 'GET') return callPermissions(query);
    if (edge === 'settings') {
      return numberSettings(number, method, query, method === 'GET' ? {} : await readGraphBody(exchange));
    }
    if (edge === 'request_code' && method === 'POST') return requestCode(number, await readGraphBody(exchange));
    if (edge === 'verify_code' && method === 'POST') return verifyCode(number, await readGraphBody(exchange));
    if (edge === 'register' && method === 'POST') return registerNumber(number, await readGraphBody(exchange));
    if (edge === 'deregister' && method === 'POST') return deregisterNumber(number);
    if (edge === 'media' && method === 'POST') {
      const type = request.headers['content-type'] ?? '';
      return uploadMedia(this.state, await readBody(request, MAX_UPLOAD_BYTES), type, query);
    }
    throw unknownObject(method, number.id);
  }

  private routeFlow(exchange: Exchange, flow: Flow, edge: string | undefined): Promise<Json> {
    const { method, request, query } = exchange;
    const body = () => readGraphBody(exchange);
    const form = async () => formOf(await readBody(request, MAX_UPLOAD_BYTES), request.headers['content-type'] ?? '');
    return actOnFlow(this.state, flow, { method, edge, query, body, form });
  }

  private async routeQrCodes(exchange: Exchange, number: BusinessNumber, code: string | undefined): Promise<Answer> {
    const { method, query } = exchange;
    return qrCodes(this.state, number, { method, query, code, body: await readGraphBody(exchange) });
  }

  /** A session for a sample (Meta: resumable upload API). */
  private beginUpload({ query }: Exchange): Json {
    const id = this.state.uploads.begin(query.get('file_type') ?? '', Number(query.get('file_length')));
    if (id === null)
      throw badParameter('Param file_type must be one of {application/pdf, image/jpeg, image/png, video/mp4}.');
    return { id: `${id}?sig=ARZ` };
  }

  private async finishUpload({ request }: Exchange, id: string): Promise<Json> {
    const bytes = await readBody(request, MAX_UPLOAD_BYTES);
    const isWhole = request.headers['file_offset'] === '0';
    const handle = isWhole ? this.state.uploads.finish(id, bytes.length) : null;
    if (handle === null) throw badParameter('The upload session is unknown, or its bytes are not what was announced.');
    return { h: handle };
  }

  private async routeAccount(exchange: Exchange, id: string, edge: string | undefined): Promise<Answer> {
    const { method, query } = exchange;
    if (edge === 'phone_numbers' && method === 'GET') return listNumbers(this.state, id, query);
    if (edge === 'message_templates' && method === 'GET') return listTemplates(this.state, id, query);
    if (edge === 'message_templates' && method === 'POST') {
      return createTemplate(this.state, id, await readGraphBody(exchange));
    }
    if (edge === 'message_templates' && method === 'DELETE') return deleteTemplates(this.state, id, query);
    if (edge === 'flows' && method === 'GET') return listFlows(this.state, id, query);
    if (edge === 'flows' && method === 'POST') return createFlow(this.state, id, await readGraphBody(exchange));
    if (edge === 'product_catalogs' && method === 'GET') return listCatalogs(query);
    if (edge === 'subscribed_apps') {
      const body = method === 'POST' ? await readGraphBody(exchange) : {};
      return subscribedApps(this.state, id, method, body);
    }
    throw unknownObject(method, id);
  }
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
