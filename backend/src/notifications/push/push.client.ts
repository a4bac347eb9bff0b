import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { request } from 'undici';
import { EgressGuard } from '../../common/egress/egress-guard.js';
import { ENVIRONMENT, type Environment } from '../../config/environment.js';

const ANSWER_TIMEOUT_MS = 10_000;
const MAX_RETRY_AFTER_SECONDS = 3_600;
const GONE = new Set([404, 410]);

/** What a push service said. `failed` with `isFinal` would be refused again. */
export type PushOutcome =
  | { kind: 'sent' }
  | { kind: 'gone' }
  | { kind: 'failed'; failure: string; isFinal: boolean; retryAfterSeconds: number | null };

/** Posts to push services, whose addresses browsers name: whatever they name, nothing of ours is reached. */
@Injectable()
export class PushClient implements OnApplicationShutdown {
  private readonly guard: EgressGuard;

  constructor(@Inject(ENVIRONMENT) environment: Environment) {
    this.guard = new EgressGuard(environment);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.guard.destroy();
  }

  mayReach(endpoint: string): boolean {
    return this.guard.mayReach(endpoint);
  }

  /** Never throws: what went wrong is an outcome. */
  async post(endpoint: string, headers: Record<string, string>, body: Buffer): Promise<PushOutcome> {
    if (!this.mayReach(endpoint)) return failed('its address is not allowed', true);
    try {
      const answer = await request(endpoint, {
        method: 'POST',
        dispatcher: this.guard.agent,
        headers,
        body,
        headersTimeout: ANSWER_TIMEOUT_MS,
        bodyTimeout: ANSWER_TIMEOUT_MS,
      });
      await answer.body.dump();
      return outcomeOf(answer.statusCode, answer.headers['retry-after']);
    } catch (error) {
      return failed(error instanceof Error ? error.message : 'no answer', false);
    }
  }
}

function outcomeOf(status: number, retryAfter: string | string[] | undefined): PushOutcome {
  if (status >= 200 && status < 300) return { kind: 'sent' };
  if (GONE.has(status)) return { kind: 'gone' };
  const seconds = Number(retryAfter ?? Number.NaN);
  const isLater = status === 429 || status >= 500;
  return {
    ...failed(`the push service answered ${status}`, !isLater),
    retryAfterSeconds: Number.isFinite(seconds) ? Math.min(Math.max(seconds, 0), MAX_RETRY_AFTER_SECONDS) : null,
  };
}

const failed = (failure: string, isFinal: boolean): PushOutcome & { kind: 'failed' } => ({
  kind: 'failed',
  failure,
  isFinal,
  retryAfterSeconds: null,
});
