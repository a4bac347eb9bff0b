import { Inject, Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { ExtractJwt, Strategy } from 'passport-jwt';
import type { FastifyRequest } from 'fastify';
import type { AuthenticatedAgent } from '../common/access/authenticated-agent.js';
import { ENVIRONMENT, type Environment } from '../config/environment.js';
import { MediaCookie } from './media-cookie.js';
import { AccessService, AuthRequiredError, JWT_ALGORITHM, JWT_AUDIENCE, JWT_ISSUER } from './access.service.js';

const bearerOf = ExtractJwt.fromAuthHeaderAsBearerToken();

/** Passport's side of sign-in: the bearer token of a request, or the cookie of one for a file, becomes the agent. */
@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy) {
  private readonly cookie: MediaCookie;

  constructor(
    private readonly access: AccessService,
    @Inject(ENVIRONMENT) environment: Environment,
  ) {
    const cookie = new MediaCookie(environment.publicUrl);
    super({
      jwtFromRequest: (request: FastifyRequest) => bearerOf(request) ?? cookie.read(request),
      passReqToCallback: true,
      secretOrKey: environment.jwtSecret,
      algorithms: [JWT_ALGORITHM],
      issuer: JWT_ISSUER,
      audience: JWT_AUDIENCE,
    });
    this.cookie = cookie;
  }

  async validate(request: FastifyRequest, claims: unknown): Promise<AuthenticatedAgent> {
    const isCookie = bearerOf(request) === null && this.cookie.read(request) !== null;
    const agent = await this.access.fromClaims(claims, isCookie ? 'media' : 'access');
    if (!agent) throw new AuthRequiredError();
    return agent;
  }
}
