import { Inject, Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { ExtractJwt, Strategy } from 'passport-jwt';
import type { AuthenticatedAgent } from '../common/access/authenticated-agent.js';
import { ENVIRONMENT, type Environment } from '../config/environment.js';
import { AccessService, AuthRequiredError, JWT_ALGORITHM, JWT_AUDIENCE, JWT_ISSUER } from './access.service.js';

/** Passport's side of sign-in: the bearer token of a request becomes the agent. */
@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy) {
  constructor(
    private readonly access: AccessService,
    @Inject(ENVIRONMENT) environment: Environment,
  ) {
    super({
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      secretOrKey: environment.jwtSecret,
      algorithms: [JWT_ALGORITHM],
      issuer: JWT_ISSUER,
      audience: JWT_AUDIENCE,
    });
  }

  async validate(claims: unknown): Promise<AuthenticatedAgent> {
    const agent = await this.access.fromClaims(claims);
    if (!agent) throw new AuthRequiredError();
    return agent;
  }
}
