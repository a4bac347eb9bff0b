import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FakeAnswer } from './fake-graph.js';

/** Something that was asked of templates, as it arrived. */
export interface ArrivedTemplateCall {
  method: string;
  path: string;
  query: Record<string, string>;
  body: Record<string, unknown>;
}

/** Makes, changes and deletes the templates of a fake Graph API, and takes samples; the list itself is `templates`. */
export class FakeTemplates {
  readonly calls: ArrivedTemplateCall[] = [];
  readonly samples: { session: string; authorization: string; offset: string; bytes: Buffer }[] = [];
  /** What is answered after the thing is done: `reset` loses the answer. An error is answered in place of doing it. */
  answer: FakeAnswer = 'ok';
  private count = 0;

  constructor(private readonly templates: () => Record<string, unknown>[]) {}

  /** False when the call is about something else. */
  take(request: IncomingMessage, response: ServerResponse, bytes: Buffer): boolean {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://graph');
    const [, , id = '', edge] = pathname.split('/');
    const { method = 'GET' } = request;
    if (id === 'debug_token') return this.say(response, { data: { app_id: '670843887433847' } });
    if (edge === 'uploads') return this.say(response, { id: 'upload:MTpzYW1wbGU=?sig=ARZ' });
    if (decodeURIComponent(id).startsWith('upload:')) {
      const { authorization = '', file_offset: offset } = request.headers;
      this.samples.push({ session: request.url ?? '', authorization, offset: String(offset), bytes });
      const count = this.samples.length;
      return this.say(response, { h: `4::aGFuZGxl${count > 1 ? String(count) : ''}` });
    }
    const isList = edge === 'message_templates';
    const isOne = edge === undefined && this.templates().some((template) => template['id'] === decodeURIComponent(id));
    const isMissing = edge === undefined && method === 'GET' && /^\d{15,}$/.test(id);
    if ((isList && method === 'GET') || !(isList || isOne || isMissing)) return false;
    const query = Object.fromEntries(searchParams);
    const body = bytes.length === 0 ? {} : (JSON.parse(bytes.toString()) as Record<string, unknown>);
    if (method !== 'GET') this.calls.push({ method, path: pathname.replace(/^\/[^/]+\//, ''), query, body });
    this.perform(request, response, { method, id: decodeURIComponent(id), query, body });
    return true;
  }

  private perform(
    request: IncomingMessage,
    response: ServerResponse,
    { method, id, query, body }: { method: string; id: string; query: Record<string, string>; body: object },
  ): void {
    const list = this.templates();
    const known = list.find((template) => template['id'] === id);
    if (method === 'GET') {
      if (known) this.say(response, known);
      else response.writeHead(400).end('{"error":{"message":"no such object","code":100,"error_subcode":33}}');
      return;
    }
    const { answer } = this;
    if (typeof answer === 'object') {
      response.writeHead(answer.status).end('json' in answer ? JSON.stringify(answer.json) : answer.text);
      return;
    }
    let result: object = { success: true };
    if (method === 'DELETE') {
      const at = list.findIndex((template) => template['id'] === query['hsm_id']);
      if (at >= 0) list.splice(at, 1);
    } else if (known) Object.assign(known, body, { status: 'PENDING' });
    else {
      const made = { id: `12844009177266${String(20 + (this.count += 1))}`, ...body, status: 'PENDING' };
      list.push(made);
      result = { id: made.id, status: 'PENDING' };
    }
    if (answer === 'reset') request.socket.destroy();
    else this.say(response, result);
  }

  private say(response: ServerResponse, body: object): true {
    response.end(JSON.stringify(body));
    return true;
  }
}
