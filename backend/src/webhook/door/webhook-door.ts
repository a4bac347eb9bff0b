import proxyAddr from '@fastify/proxy-addr';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { ChannelsService } from '../../channels/channels.service.js';
import { ENVIRONMENT, type Environment } from '../../config/environment.js';
import { Metrics } from '../../metrics/metrics.js';
import { DeliveryIntake } from './delivery-intake.js';
import { DoorLog } from './door-log.js';
import { InFlightBytes } from './in-flight-bytes.js';
import { isSignedBy } from './signature.js';
import { readBody, type WebhookBody } from './webhook-body.js';

const WEBHOOK_URL = '/api/webhooks/whatsapp';
const MAX_IN_FLIGHT_BYTES = 64 * 1_024 * 1_024;
const MAX_IN_FLIGHT_BYTES_PER_SOURCE = 32 * 1_024 * 1_024;
const RETRY_AFTER_SECONDS = '5';
/** A database that does not answer must not hold up the 503. */
const SECRETS_WITHIN_MS = 400;
/** Good signatures look this often whether there are new secrets; a bad one looks at once. */
const SECRETS_LOOK_EVERY_MS = 1_000;

type TrustedProxies = ReturnType<typeof proxyAddr.compile>;

/**
 * Meta's door. A well-signed body is stored, then answered; what is in it is nobody's business here. It stands before
 * the framework and answers on the bare response: no router, hook, parser, guard or pipe has anything to say to Meta, and
 * together they cost more than all that is done here (docs/adr/0009).
 */
@Injectable()
export class WebhookDoor implements OnModuleInit {
  private readonly inFlight = new InFlightBytes(MAX_IN_FLIGHT_BYTES, MAX_IN_FLIGHT_BYTES_PER_SOURCE);
  private secrets: readonly string[];
  private nextLookAtMs = 0;
  private readonly trustedProxies: TrustedProxies | null;

  constructor(
    @Inject(ENVIRONMENT) environment: Environment,
    private readonly channels: ChannelsService,
    private readonly intake: DeliveryIntake,
    private readonly log: DoorLog,
    private readonly metrics: Metrics,
    private readonly adapterHost: HttpAdapterHost,
  ) {
    const { trustProxy, whatsapp } = environment;
    this.secrets = whatsapp.appSecrets;
    // The list as Fastify reads it, so that both mean the same.
    this.trustedProxies =
      trustProxy === null ? null : proxyAddr.compile(trustProxy.split(',').map((proxy) => proxy.trim()));
  }

  /** Takes Meta's deliveries before whoever listens to the server now; those get everything else. */
  onModuleInit(): void {
    const server = this.adapterHost.httpAdapter.getHttpServer() as Server;
    const others = server.listeners('request') as RequestListener[];
    server.removeAllListeners('request');
    server.on('request', (request, response) => {
      if (isDelivery(request)) return this.receive(request, response);
      for (const other of others) other.call(server, request, response);
    });
  }

  /** Reads the raw bytes, whatever their content type says, within bounds for each source address and for all. */
  private receive(request: IncomingMessage, response: ServerResponse): void {
    const source = this.sourceOf(request);
    const hold = this.inFlight.open(source);
    const startedAtMs = performance.now();
    response.on('close', () => {
      hold.release();
      this.metrics.delivery(response.headersSent ? response.statusCode : 0, performance.now() - startedAtMs);
    });
    const { 'content-length': announced, 'x-hub-signature-256': signature } = request.headers;
    readBody(request, Number(announced ?? 0), hold, (body) => {
      if (body === 'gone') request.socket.destroy();
      else void this.decide(body, signature, source, response);
    });
  }

  private sourceOf(request: IncomingMessage): string {
    return this.trustedProxies ? proxyAddr(request, this.trustedProxies) : (request.socket.remoteAddress ?? '');
  }

  private async decide(
    body: Exclude<WebhookBody, 'gone'>,
    signature: unknown,
    source: string,
    response: ServerResponse,
  ): Promise<void> {
    if (body === 'too_large') return answer(response, 413, { connection: 'close' });
    if (body === 'no_room') return answer(response, 503, { connection: 'close', 'retry-after': RETRY_AFTER_SECONDS });
    if (!this.isSigned(signature, body) && !(await this.isSignedByNewSecret(signature, body))) {
      answer(response, 401);
      return this.log.note(signature === undefined ? 'signature_missing' : 'signature_bad', source, body);
    }
    let deliveryId: string;
    try {
      deliveryId = await this.intake.take(body);
    } catch {
      return answer(response, 503, { 'retry-after': RETRY_AFTER_SECONDS });
    }
    response.writeHead(200, ['x-delivery-id', deliveryId, 'content-length', '0']).end();
    this.log.noteDelivery();
  }

  private isSigned(signature: unknown, body: Buffer): boolean {
    const nowMs = performance.now();
    if (nowMs >= this.nextLookAtMs) {
      this.nextLookAtMs = nowMs + SECRETS_LOOK_EVERY_MS;
      void this.refreshSecrets();
    }
    return isSignedBy(this.secrets, signature, body);
  }

  /**
   * A number that was just connected may have brought a secret. While the database is away a bad signature stays a 401,
   * and a good one becomes a 503.
   */
  private async isSignedByNewSecret(signature: unknown, body: Buffer): Promise<boolean> {
    await Promise.race([this.refreshSecrets(), delay(SECRETS_WITHIN_MS, undefined, { ref: false })]);
    return isSignedBy(this.secrets, signature, body);
  }

  private async refreshSecrets(): Promise<void> {
    try {
      this.secrets = await this.channels.appSecrets();
    } catch {
      // The intake finds out as well, and says so.
    }
  }
}

function isDelivery({ method, url = '' }: IncomingMessage): boolean {
  return method === 'POST' && (url === WEBHOOK_URL || url.startsWith(`${WEBHOOK_URL}?`));
}

function answer(response: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  response.writeHead(status, { ...headers, 'content-length': '0' }).end();
}
