import { Controller, Get, Header, HttpCode, Ip, Post, Query } from '@nestjs/common';
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
import { Public } from '../common/access/decorators.js';
import { ForbiddenError } from '../common/domain.error.js';
import { VerifyToken } from '../workspace/verify-token.js';
import { DoorLog } from './door/door-log.js';
import { isSameSecret } from './door/signature.js';

/** Meta's address: its handshake, and the description of the door behind it. */
@ApiTags('webhooks')
@Controller('webhooks/whatsapp')
@Public()
@SkipThrottle()
export class WebhookController {
  constructor(
    private readonly verifyToken: VerifyToken,
    private readonly log: DoorLog,
  ) {}

  @Get()
  @Header('content-type', 'text/plain; charset=utf-8')
  @ApiOperation({ summary: 'Meta checks that this address is ours' })
  @ApiOkResponse({ description: 'The challenge, as text' })
  @ApiForbiddenResponse({ description: 'Another verify token' })
  async verify(@Query() query: Record<string, unknown>, @Ip() address: string): Promise<string> {
    const { 'hub.mode': mode, 'hub.verify_token': token, 'hub.challenge': challenge } = query;
    const isOurs = typeof token === 'string' && isSameSecret(token, await this.verifyToken.get());
    const isWhole = mode === 'subscribe' && typeof challenge === 'string';
    const isTry = isWhole && typeof token === 'string';
    this.log.note(isTry ? (isOurs ? 'handshake' : 'handshake_wrong_token') : 'handshake_malformed', address);
    if (!isWhole || !isOurs) throw new ForbiddenError('The verify token is not the one configured here.');
    return challenge;
  }

  @Post()
  @HttpCode(200)
  @ApiOperation({ summary: 'Takes a delivery of Meta' })
  @ApiOkResponse({ description: 'Stored' })
  @ApiUnauthorizedResponse({ description: 'The signature is missing or bad' })
  @ApiPayloadTooLargeResponse({ description: 'More than 4 MB' })
  @ApiServiceUnavailableResponse({ description: 'It cannot be stored now' })
  receive(): never {
    // This describes the route; WebhookDoor answers it before the framework is asked.
    throw new Error('a delivery reached the framework: the door does not stand before this server');
  }
}
