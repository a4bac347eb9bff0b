import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { z } from '@parley/contract';
import { Agent } from 'undici';
import { ChannelsService } from '../../channels/channels.service.js';
import { ENVIRONMENT, type Environment } from '../../config/environment.js';
import { graphBody, type GraphIds, readReceiptBody, type Sendable, typingBody } from './graph-body.js';
import { callGraph, type CallResult } from './graph-call.js';
import { uploadToGraph } from './graph-upload.js';
import type { OutgoingFile } from '../../media/sendable-files.js';
import type { SendOutcome } from './send-outcome.js';

const CONNECT_TIMEOUT_MS = 3_000;
/** The whole call, waiting for a connection included: far below the lease. */
const CALL_TIMEOUT_MS = 20_000;
const MAX_CONNECTIONS = 256;
/** Meta's code for "token missing": we have none to send. */
const TOKEN_MISSING = 104;

const acceptedSchema = z.object({ messages: z.array(z.object({ id: z.string().min(1) })).min(1) });
const refusedSchema = z.object({
  error: z.object({
    code: z.number().int(),
    message: z.string().optional().catch(undefined),
    error_data: z.unknown().optional(),
    error_user_msg: z.string().optional().catch(undefined),
    is_transient: z.boolean().optional().catch(undefined),
  }),
});

const uploadedSchema = z.object({ id: z.string().regex(/^\d+$/) });

/** Which number sends, and with which token: as its row had it when the work was leased. */
export interface SendingNumber {
  channelId: string;
  phoneNumberId: string;
  tokenSealed: string | null;
}

/** The only HTTP to Meta. It never repeats anything by itself. */
@Injectable()
export class GraphClient implements OnApplicationShutdown {
  private readonly agent = new Agent({
    connections: MAX_CONNECTIONS,
    pipelining: 1,
    connect: { timeout: CONNECT_TIMEOUT_MS },
  });
  private readonly origin: string;
  private readonly basePath: string;

  constructor(
    private readonly channels: ChannelsService,
    @Inject(ENVIRONMENT) environment: Environment,
  ) {
    const url = new URL(environment.whatsapp.graphUrl);
    this.origin = url.origin;
    this.basePath = `${url.pathname.replace(/\/$/, '')}/${environment.whatsapp.graphVersion}`;
  }

  /** Sends one message; what came of it is told by what happened on the wire. */
  async send(
    number: SendingNumber,
    message: Sendable,
    mayWrite: () => boolean,
    graphIds?: GraphIds,
  ): Promise<SendOutcome> {
    return this.call(number, graphBody(message, graphIds), messageId, mayWrite);
  }

  /** Gives Meta a file to be sent by its id. */
  async upload(
    number: SendingNumber,
    file: OutgoingFile,
  ): Promise<SendOutcome | { kind: 'uploaded'; graphId: string }> {
    const token = this.tokenOf(number);
    if (typeof token !== 'string') {
      file.bytes.destroy();
      return token;
    }
    const url = `${this.origin}${this.basePath}/${encodeURIComponent(number.phoneNumberId)}/media`;
    const result = await uploadToGraph(this.agent, { url, token, ...file, fileName: file.fileName ?? 'file' });
    const outcome = toOutcome(result, uploadedId);
    if (outcome.kind === 'accepted') return { kind: 'uploaded', graphId: outcome.wamid };
    return outcome.kind === 'ambiguous' ? { kind: 'not_connected', detail: outcome.detail } : outcome;
  }

  /** Turns the customer's ticks blue up to this message. */
  async markRead(number: SendingNumber, wamid: string): Promise<SendOutcome> {
    return this.call(number, readReceiptBody(wamid), () => wamid);
  }

  /** Shows the customer that their message is being answered, and marks it as read. */
  async showTyping(number: SendingNumber, wamid: string, mayWrite: () => boolean): Promise<SendOutcome> {
    return this.call(number, typingBody(wamid), () => wamid, mayWrite);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.agent.destroy();
  }

  private async call(
    number: SendingNumber,
    body: Record<string, unknown>,
    idOf: (answer: unknown) => string | null,
    mayWrite?: () => boolean,
  ): Promise<SendOutcome> {
    const token = this.tokenOf(number);
    if (typeof token !== 'string') return token;
    const path = `${this.basePath}/${encodeURIComponent(number.phoneNumberId)}/messages`;
    const { origin, agent } = this;
    return toOutcome(await callGraph(agent, { origin, path, token, body, timeoutMs: CALL_TIMEOUT_MS, mayWrite }), idOf);
  }

  private tokenOf({ channelId, tokenSealed }: SendingNumber): string | SendOutcome {
    if (tokenSealed === null) return noToken();
    try {
      return this.channels.openAccessToken(channelId, tokenSealed);
    } catch (error) {
      return { kind: 'not_connected', detail: `the access token could not be read: ${String(error)}` };
    }
  }
}

/** Only a Graph error body is a refusal: a bare 502 of something in between may well have been taken. */
export function toOutcome(result: CallResult, idOf: (answer: unknown) => string | null): SendOutcome {
  if (result.kind === 'broken') return { kind: 'ambiguous', detail: result.detail, httpStatus: result.httpStatus };
  if (result.kind !== 'answered') return result;
  const { httpStatus } = result;
  const answer = parseJson(result.body);
  const refused = refusedSchema.safeParse(answer);
  if (refused.success) {
    const {
      code,
      message,
      error_data: data,
      error_user_msg: userMessage,
      is_transient: isTransient,
    } = refused.data.error;
    return {
      kind: 'refused',
      code,
      title: message ?? `(#${code})`,
      detail: detailsOf(data) ?? userMessage ?? null,
      isTransient: isTransient ?? false,
      httpStatus,
    };
  }
  const wamid = httpStatus >= 200 && httpStatus <= 299 ? idOf(answer) : null;
  if (wamid !== null) return { kind: 'accepted', wamid, httpStatus };
  return { kind: 'ambiguous', detail: `HTTP ${httpStatus} without an answer of the Graph API`, httpStatus };
}

function uploadedId(answer: unknown): string | null {
  return uploadedSchema.safeParse(answer).data?.id ?? null;
}

/** The id that Meta gave the message. */
export function messageId(answer: unknown): string | null {
  const accepted = acceptedSchema.safeParse(answer);
  return accepted.success ? (accepted.data.messages[0]?.id ?? null) : null;
}

/** `error_data` is an object with `details`, in odd cases a string. */
function detailsOf(data: unknown): string | null {
  if (typeof data === 'string') return data === '' ? null : data;
  if (typeof data !== 'object' || data === null) return null;
  const { details } = data as { details?: unknown };
  return typeof details === 'string' && details !== '' ? details : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const noToken = (): SendOutcome => ({
  kind: 'refused',
  code: TOKEN_MISSING,
  title: 'No access token',
  detail: 'This number has no access token.',
  isTransient: false,
  httpStatus: 0,
});
