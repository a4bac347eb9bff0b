import { Body, Controller, Get, Headers, HttpCode, Inject, Ip, Post, Req, Res } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  type ChangePassword,
  changePasswordSchema,
  type Login,
  loginSchema,
  type Session,
  sessionSchema,
  type SignInOptions,
  signInOptionsSchema,
} from '@parley/contract';
import type { CookieSerializeOptions } from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AuthenticatedAgent } from '../common/access/authenticated-agent.js';
import { CurrentAgent, Public, Requires } from '../common/access/decorators.js';
import { DomainError, ForbiddenError } from '../common/domain.error.js';
import { isAllowedOrigin } from '../common/origin.js';
import { ENVIRONMENT, type Environment } from '../config/environment.js';
import { MediaCookie } from './media-cookie.js';
import { AuthService, type SignedIn } from './auth.service.js';

const COOKIE_NAME = 'parley_refresh';
const COOKIE_PATH = '/api/auth';
const COOKIE_MAX_AGE_SECONDS = 30 * 24 * 3_600;

@ApiTags('auth')
@Controller('auth')
export class AuthController {
  private readonly cookieName: string;
  private readonly cookie: CookieSerializeOptions;
  private readonly mediaCookie: MediaCookie;
  private readonly publicUrl: string | null;

  constructor(
    private readonly auth: AuthService,
    @Inject(ENVIRONMENT) environment: Environment,
  ) {
    this.publicUrl = environment.publicUrl;
    const secure = this.publicUrl?.startsWith('https:') ?? false;
    // `__Secure-`, not `__Host-`: the latter demands Path=/, and this cookie is for sign-in alone.
    this.cookieName = secure ? `__Secure-${COOKIE_NAME}` : COOKIE_NAME;
    this.mediaCookie = new MediaCookie(this.publicUrl);
    // Also for clearing it: a browser ignores a `__Secure-` cookie without `Secure`, an emptied one included.
    this.cookie = { path: COOKIE_PATH, httpOnly: true, sameSite: 'strict', secure };
  }

  @Get('options')
  @ApiOperation({ summary: 'What the sign-in page may know before anyone has signed in' })
  @Public()
  @ApiOkResponse({ standardSchema: signInOptionsSchema })
  options(): SignInOptions {
    return this.auth.options();
  }

  @Post('login')
  @ApiOperation({ summary: 'Signs in; the refresh token comes as an httpOnly cookie' })
  @HttpCode(200)
  @Public()
  @ApiOkResponse({ standardSchema: sessionSchema })
  async login(
    @Body({ schema: loginSchema }) request: Login,
    @Ip() address: string,
    @Headers('user-agent') userAgent: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Session> {
    return this.hand(reply, await this.auth.login(request, address, userAgent?.slice(0, 300) ?? null));
  }

  @Post('refresh')
  @ApiOperation({ summary: 'A new access token for the cookie, which is replaced by its successor' })
  @HttpCode(200)
  @Public()
  @ApiOkResponse({ standardSchema: sessionSchema })
  async refresh(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<Session> {
    this.refuseForeignOrigin(request);
    try {
      return this.hand(reply, await this.auth.refresh(request.cookies[this.cookieName]));
    } catch (error) {
      // Only a session that has ended: while the database is away, everybody's goes on.
      if (error instanceof DomainError) this.forget(reply);
      throw error;
    }
  }

  @Post('logout')
  @ApiOperation({ summary: 'Ends the session of the cookie' })
  @HttpCode(204)
  @Public()
  @ApiNoContentResponse()
  async logout(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    this.refuseForeignOrigin(request);
    await this.auth.logout(request.cookies[this.cookieName]);
    this.forget(reply);
  }

  @Post('password')
  @ApiOperation({ summary: 'Changes one’s own password and ends one’s other sessions' })
  @HttpCode(204)
  @Requires('session.own')
  @ApiNoContentResponse()
  async password(
    @CurrentAgent() agent: AuthenticatedAgent,
    @Body({ schema: changePasswordSchema }) request: ChangePassword,
  ): Promise<void> {
    await this.auth.changePassword(agent, request);
  }

  private hand(reply: FastifyReply, { session, refreshToken, mediaToken }: SignedIn): Session {
    void reply.setCookie(this.cookieName, refreshToken, { ...this.cookie, maxAge: COOKIE_MAX_AGE_SECONDS });
    void reply.setCookie(this.mediaCookie.name, mediaToken, this.mediaCookie.lasting);
    void reply.header('cache-control', 'no-store');
    return session;
  }

  private forget(reply: FastifyReply): void {
    void reply.clearCookie(this.cookieName, this.cookie);
    void reply.clearCookie(this.mediaCookie.name, this.mediaCookie.options);
  }

  /** The cookie is SameSite=Strict already; a browser that names another origin is refused as well. */
  private refuseForeignOrigin({ headers }: FastifyRequest): void {
    if (!isAllowedOrigin(headers, this.publicUrl)) throw new ForbiddenError('Not from this page.');
  }
}
