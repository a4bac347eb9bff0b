import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { z } from '@parley/contract';
import type { Agent } from '@parley/contract';
import { AgentsService } from '../agents/agents.service.js';
import type { AuthenticatedAgent } from '../common/access/authenticated-agent.js';
import { DomainError } from '../common/domain.error.js';

/** Minutes, not hours: a stolen access token dies soon, and every use is checked against the store anyway. */
export const ACCESS_TOKEN_SECONDS = 600;
export const JWT_ISSUER = 'parley';
export const JWT_AUDIENCE = 'parley-console';
/** The one algorithm that is accepted (RFC 8725 §3.1). */
export const JWT_ALGORITHM = 'HS256';

const claimsSchema = z.object({ sub: z.uuid(), sid: z.uuid(), typ: z.enum(['access', 'media']), exp: z.int() });
/** What a token opens: the API, or files alone. */
export type TokenType = z.infer<typeof claimsSchema>['typ'];
/** The session ends sooner or later; until then the cookie is renewed with it. */
const MEDIA_TOKEN_SECONDS = 30 * 24 * 3_600;

/** 401: nobody is signed in with this token, or not any more. */
export class AuthRequiredError extends DomainError {
  constructor() {
    super('auth.required', 401, 'Sign in to continue.');
  }
}

/** Turns an access token into the agent it stands for; used by HTTP and by sockets alike. */
@Injectable()
export class AccessService {
  constructor(
    private readonly jwt: JwtService,
    private readonly agents: AgentsService,
  ) {}

  /** A new access token of this session. */
  issue(agent: Agent, sessionId: string): Promise<string> {
    return this.jwt.signAsync({ sub: agent.id, sid: sessionId, typ: 'access' });
  }

  /** A token that opens files while this session lasts. */
  issueForMedia(agentId: string, sessionId: string): Promise<string> {
    return this.jwt.signAsync({ sub: agentId, sid: sessionId, typ: 'media' }, { expiresIn: MEDIA_TOKEN_SECONDS });
  }

  /** @throws AuthRequiredError when the token, its session or its agent is not valid (any more). */
  async authenticate(token: string): Promise<{ agent: AuthenticatedAgent; expiresAt: Date }> {
    let claims: unknown;
    try {
      claims = await this.jwt.verifyAsync(token);
    } catch {
      throw new AuthRequiredError();
    }
    const agent = await this.fromClaims(claims);
    if (!agent) throw new AuthRequiredError();
    return { agent, expiresAt: new Date(claimsSchema.parse(claims).exp * 1_000) };
  }

  /** The agent behind verified claims, as the store knows them now; null when session or agent ended. */
  async fromClaims(claims: unknown, type: TokenType = 'access'): Promise<AuthenticatedAgent | null> {
    const parsed = claimsSchema.safeParse(claims);
    if (!parsed.success || parsed.data.typ !== type) return null;
    const agent = await this.recheck(parsed.data.sid);
    return agent?.id === parsed.data.sub ? agent : null;
  }

  /** Looks the session up again: sockets live on after their handshake. */
  async recheck(sessionId: string): Promise<AuthenticatedAgent | null> {
    return (await this.recheckAll([sessionId])).get(sessionId) ?? null;
  }

  /** The agents of those of the sessions that still stand. */
  async recheckAll(sessionIds: readonly string[]): Promise<Map<string, AuthenticatedAgent>> {
    const rows = await this.agents.bySessions(sessionIds);
    return new Map(
      rows.map(({ sessionId, id, name, role, teamIds }) => [sessionId, { id, name, role, teamIds, sessionId }]),
    );
  }
}
