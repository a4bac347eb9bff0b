import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { Agent, request } from 'undici';
import { ENVIRONMENT, type Environment } from '../../config/environment.js';
import { isOutside, isPushAddress } from './push-hosts.js';

const CONNECT_TIMEOUT_MS = 4_000;
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
  /** Only where Meta itself is a simulator on this machine: demo and tests. */
  private readonly allowsLoopback: boolean;
  private readonly agent: Agent;

  constructor(@Inject(ENVIRONMENT) { whatsapp, production }: Environment) {
    this.allowsLoopback = !production && whatsapp.graphUrl.startsWith('http:');
    this.agent = new Agent({ connect: { timeout: CONNECT_TIMEOUT_MS, lookup: this.lookup } });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.agent.destroy();
  }

  mayReach(endpoint: string): boolean {
    return isPushAddress(endpoint, this.allowsLoopback);
  }

  /** Never throws: what went wrong is an outcome. */
  async post(endpoint: string, headers: Record<string, string>, body: Buffer): Promise<PushOutcome> {
    if (!this.mayReach(endpoint)) return failed('its address is not allowed', true);
    try {
      const answer = await request(endpoint, {
        method: 'POST',
        dispatcher: this.agent,
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

  /** The address that is connected to is the one that was judged: a name that changes in between gains nothing. */
  private readonly lookup: LookupFunction = (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      const allowed = this.allowsLoopback ? addresses : addresses?.filter(({ address }) => isOutside(address));
      const [first] = allowed ?? [];
      if (error) callback(error, []);
      else if (!first) callback(new Error(`${hostname} is no address of the outside`), []);
      else if (options.all) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
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
