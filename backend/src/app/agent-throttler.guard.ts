import { type ExecutionContext, Injectable } from '@nestjs/common';
import { ThrottlerGuard } from '@nestjs/throttler';
import type { AuthenticatedAgent } from '../common/access/authenticated-agent.js';
import { DomainError } from '../common/domain.error.js';

export const WINDOW_MS = 10_000;
/** A hundred requests a second by one agent is no person any more. */
export const REQUESTS_PER_WINDOW = 1_000;

/** Limits each route per signed-in agent, else per address, on each instance. Sockets have a limit of their own. */
@Injectable()
export class AgentThrottlerGuard extends ThrottlerGuard {
  protected override shouldSkip(context: ExecutionContext): Promise<boolean> {
    return Promise.resolve(context.getType() !== 'http');
  }

  protected override getTracker(request: { agent?: AuthenticatedAgent; ip?: string }): Promise<string> {
    return Promise.resolve(request.agent?.id ?? request.ip ?? 'unknown');
  }

  protected override throwThrottlingException(): Promise<void> {
    throw new DomainError('rate.limited', 429, 'Too many requests. Please slow down.', {
      retryAfterSeconds: WINDOW_MS / 1_000,
    });
  }
}
