import { Controller, Get, Header, HttpCode, Inject, Post, Query, Req, Res } from '@nestjs/common';
import {
  ApiForbiddenResponse,
  ApiOkResponse,
  ApiOperation,
  ApiPayloadTooLargeResponse,
  ApiServiceUnavailableResponse,
  ApiTags,
  ApiUnauthorizedResponse,
} from '@nestjs/swagger';
import { SkipThrottle } from '@nestjs/throttler';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { setTimeout as delay } from 'node:timers/promises';
import { ChannelsService } from '../channels/channels.service.js';
import { Public } from '../common/access/decorators.js';
import { ForbiddenError } from '../common/domain.error.js';
import { ENVIRONMENT, type Environment } from '../config/environment.js';
import { DeliveryIntake } from './delivery-intake.js';
import { isSameSecret, isSignedBy } from './signature.js';
import type { WebhookBody } from './webhook-body.js';

const RETRY_AFTER_SECONDS = '5';
/** A database that does not answer must not hold up the 503. */
const SECRETS_WITHIN_MS = 400;

/** Meta's door. A well-signed body is stored, then answered; what is in it is nobody's business here. */
@ApiTags('webhooks')
@Controller('webhooks/whatsapp')
@Public()
@SkipThrottle()
export class WebhookController {
  private secrets: readonly string[];

  constructor(
    @Inject(ENVIRONMENT) private readonly environment: Environment,
    private readonly channels: ChannelsService,
    private readonly intake: DeliveryIntake,
  ) {
    this.secrets = environment.whatsapp.appSecrets;
  }

  @Get()
  @Header('content-type', 'text/plain; charset=utf-8')
  @ApiOperation({ summary: 'Meta checks that this address is ours' })
  @ApiOkResponse({ description: 'The challenge, as text' })
  @ApiForbiddenResponse({ description: 'Another verify token' })
  verify(@Query() query: Record<string, unknown>): string {
    const { 'hub.mode': mode, 'hub.verify_token': token, 'hub.challenge': challenge } = query;
    const expected = this.environment.whatsapp.webhookToken;
    const isOurs = expected !== null && typeof token === 'string' && isSameSecret(token, expected);
    if (mode !== 'subscribe' || typeof challenge !== 'string' || !isOurs) {
      throw new ForbiddenError('The verify token is not the one configured here.');
    }
    return challenge;
  }

  @Post()
  @HttpCode(200)
  @ApiOperation({ summary: 'Takes a delivery of Meta' })
  @ApiOkResponse({ description: 'Stored' })
  @ApiUnauthorizedResponse({ description: 'The signature is missing or bad' })
  @ApiPayloadTooLargeResponse({ description: 'More than 4 MB' })
  @ApiServiceUnavailableResponse({ description: 'It cannot be stored now' })
  async receive(@Req() request: FastifyRequest<{ Body: WebhookBody }>, @Res() reply: FastifyReply): Promise<void> {
    const { body } = request;
    // Answered on the bare response: nothing that hooks could add means anything to Meta.
    reply.hijack();
    if (body === 'gone') request.raw.socket.destroy();
    else if (body === 'too_large') answer(reply, 413, { connection: 'close' });
    else if (body === 'no_room') answer(reply, 503, { connection: 'close', 'retry-after': RETRY_AFTER_SECONDS });
    else if (!(await this.isSigned(request.headers['x-hub-signature-256'], body))) answer(reply, 401);
    else await this.store(body, reply);
  }

  private async store(body: Buffer, reply: FastifyReply): Promise<void> {
    try {
      await this.intake.take(body);
      answer(reply, 200);
    } catch {
      answer(reply, 503, { 'retry-after': RETRY_AFTER_SECONDS });
    }
  }

  /**
   * The secrets last known decide at once; a number that was just connected may have brought another. So while the
   * database is away a bad signature stays a 401 and a good one becomes a 503.
   */
  private async isSigned(header: unknown, body: Buffer): Promise<boolean> {
    const refreshed = this.refreshSecrets();
    if (isSignedBy(this.secrets, header, body)) return true;
    await Promise.race([refreshed, delay(SECRETS_WITHIN_MS, undefined, { ref: false })]);
    return isSignedBy(this.secrets, header, body);
  }

  private async refreshSecrets(): Promise<void> {
    try {
      this.secrets = await this.channels.appSecrets();
    } catch {
      // The intake finds out as well, and says so.
    }
  }
}

function answer(reply: FastifyReply, status: number, headers: Record<string, string> = {}): void {
  reply.raw.writeHead(status, { ...headers, 'content-length': '0' }).end();
}
