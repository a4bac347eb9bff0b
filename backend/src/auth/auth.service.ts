import { Inject, Injectable } from '@nestjs/common';
import type { ChangePassword, Login, Session, SignInOptions } from '@parley/contract';
import { AgentsService } from '../agents/agents.service.js';
import { SessionsService } from '../agents/sessions.service.js';
import type { AuthenticatedAgent } from '../common/access/authenticated-agent.js';
import { DomainError } from '../common/domain.error.js';
import { ENVIRONMENT, type Environment } from '../config/environment.js';
import { ACCESS_TOKEN_SECONDS, AccessService } from './access.service.js';
import { LoginThrottleRepository } from './login-throttle.repository.js';

const FREE_ATTEMPTS_PER_ACCOUNT = 8;
const FREE_ATTEMPTS_PER_ADDRESS = 60;

/** What a successful sign-in or refresh hands out; the refresh token goes into a cookie, never into the body. */
export interface SignedIn {
  session: Session;
  refreshToken: string;
  /** Goes into a cookie too: for files. */
  mediaToken: string;
}

/** Sign-in, the renewal and the end of a session, and the agent's own password. */
@Injectable()
export class AuthService {
  constructor(
    private readonly agents: AgentsService,
    private readonly sessions: SessionsService,
    private readonly access: AccessService,
    private readonly throttle: LoginThrottleRepository,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  /** @throws DomainError auth.invalid, rate.limited (with `retryAfterSeconds`) */
  async login(request: Login, address: string, userAgent: string | null): Promise<SignedIn> {
    const accountKey = `account:${request.email.toLowerCase()}`;
    const addressKey = `address:${address}`;
    // The address first: from one that is blocked nobody locks an account or fills the table.
    refuseIfBlocked(await this.throttle.note(addressKey, FREE_ATTEMPTS_PER_ADDRESS));
    refuseIfBlocked(await this.throttle.note(accountKey, FREE_ATTEMPTS_PER_ACCOUNT));
    const agent = await this.agents.authenticate(request.email, request.password);
    if (!agent) throw new DomainError('auth.invalid', 401, 'E-mail or password is not right.');
    await Promise.all([this.throttle.clear(accountKey), this.throttle.takeBack(addressKey)]);
    const { sessionId, refreshToken } = await this.sessions.open(agent.id, userAgent);
    return this.signedIn(agent.id, sessionId, refreshToken);
  }

  /** @throws DomainError auth.refresh_invalid */
  async refresh(refreshToken: string | undefined): Promise<SignedIn> {
    if (!refreshToken) throw new DomainError('auth.refresh_invalid', 401, 'There is no session to continue.');
    const rotated = await this.sessions.rotate(refreshToken);
    return this.signedIn(rotated.agentId, rotated.sessionId, rotated.refreshToken);
  }

  /**
   * Changes one's own password. A token left open somewhere must not be enough to guess it: counted like a sign-in.
   * @throws DomainError auth.invalid, rate.limited (with `retryAfterSeconds`)
   */
  async changePassword(agent: AuthenticatedAgent, { current, next }: ChangePassword): Promise<void> {
    const key = `password:${agent.id}`;
    refuseIfBlocked(await this.throttle.note(key, FREE_ATTEMPTS_PER_ACCOUNT));
    await this.agents.changePassword(agent.id, agent.sessionId, current, next);
    await this.throttle.clear(key);
  }

  async logout(refreshToken: string | undefined): Promise<void> {
    if (refreshToken) await this.sessions.close(refreshToken);
  }

  /** What the sign-in page offers; one-click sign-ins exist in demo mode only. */
  options(): SignInOptions {
    const { demo } = this.environment;
    return { demo: demo !== null, signIns: demo?.signIns ?? [], simulatorUrl: demo?.simulatorUrl ?? null };
  }

  private async signedIn(agentId: string, sessionId: string, refreshToken: string): Promise<SignedIn> {
    const agent = await this.agents.get(agentId);
    const accessToken = await this.access.issue(agent, sessionId);
    const mediaToken = await this.access.issueForMedia(agentId, sessionId);
    return { session: { accessToken, expiresIn: ACCESS_TOKEN_SECONDS, agent }, refreshToken, mediaToken };
  }
}

function refuseIfBlocked(retryAfterSeconds: number | null): void {
  if (retryAfterSeconds === null) return;
  throw new DomainError('rate.limited', 429, 'Too many attempts. Please wait a moment.', { retryAfterSeconds });
}
