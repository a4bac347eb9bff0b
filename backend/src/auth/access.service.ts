import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { z } from '@parley/contract';
import type { Agent } from '@parley/contract';
import { AgentsService } from '../agents/agents.service.js';
import { SessionsService } from '../agents/sessions.service.js';
import type { AuthenticatedAgent } from '../common/access/authenticated-agent.js';
import { DomainError } from '../common/domain.error.js';

/** Minutes, not hours: a stolen access token dies soon, and every use is checked against the store anyway. */
export const ACCESS_TOKEN_SECONDS = 600;
export const JWT_ISSUER = 'parley';
export const JWT_AUDIENCE = 'parley-console';
/** The one algorithm that is accepted (RFC 8725 §3.1). */
export const JWT_ALGORITHM = 'HS256';

const claimsSchema = z.object({ sub: z.uuid(), sid: z.uuid(), typ: z.literal('access'), exp: z.int() });

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
    private readonly sessions: SessionsService,
  ) {}

  /** A new access token of this session. */
  issue(agent: Agent, sessionId: string): Promise<string> {
    return this.jwt.signAsync({ sub: agent.id, sid: sessionId, typ: 'access' });
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
  async fromClaims(claims: unknown): Promise<AuthenticatedAgent | null> {
    const parsed = claimsSchema.safeParse(claims);
    if (!parsed.success) return null;
    const agent = await this.recheck(parsed.data.sid);
    return agent?.id === parsed.data.sub ? agent : null;
  }

  /** Looks the session up again: sockets live on after their handshake. */
  async recheck(sessionId: string): Promise<AuthenticatedAgent | null> {
    const agentId = await this.sessions.validAgentId(sessionId);
    const row = agentId ? await this.agents.find(agentId) : null;
    if (!row?.active) return null;
    return { id: row.id, name: row.name, role: row.role, teamIds: row.teamIds, sessionId };
  }
}
