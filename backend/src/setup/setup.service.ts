import { Inject, Injectable } from '@nestjs/common';
import type { Setup } from '@parley/contract';
import { callbackUrlOf, ENVIRONMENT, type Environment } from '../config/environment.js';
import { Database } from '../database/database.js';
import { DoorLog } from '../webhook/door/door-log.js';
import { VerifyToken } from '../workspace/verify-token.js';
import { SetupRepository } from './setup.repository.js';

/** Names that only this machine or this house can resolve: Meta never reaches them. */
const LOCAL_HOST = /^(localhost|127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|\[|.*\.(local|internal|lan)$)/;

/** Everything by which the set-up page tests itself. */
@Injectable()
export class SetupService {
  constructor(
    private readonly database: Database,
    private readonly repository: SetupRepository,
    private readonly door: DoorLog,
    private readonly verifyToken: VerifyToken,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  async get(): Promise<Setup> {
    const { pool } = this.database;
    const [now, people, channels, lastDeliveryAt, unrouted, attempts, lastHandshakeAt, verifyToken] = await Promise.all(
      [
        this.database.now(),
        this.repository.people(pool),
        this.repository.progress(pool),
        this.repository.lastDeliveryAt(pool),
        this.repository.unrouted(pool),
        this.door.newest(),
        this.door.lastHandshakeAt(),
        this.verifyToken.get(),
      ],
    );
    const callbackUrl = callbackUrlOf(this.environment);
    const { demo } = this.environment;
    return {
      now: now.toISOString(),
      callbackUrl,
      callbackReach: reachOf(callbackUrl),
      verifyToken,
      ...people,
      channels,
      lastHandshakeAt: lastHandshakeAt?.toISOString() ?? null,
      lastDeliveryAt: lastDeliveryAt?.toISOString() ?? null,
      attempts,
      unrouted,
      demo: demo !== null,
      simulatorUrl: demo?.simulatorUrl ?? null,
    };
  }
}

function reachOf(callbackUrl: string): Setup['callbackReach'] {
  const { protocol, hostname } = new URL(callbackUrl);
  if (LOCAL_HOST.test(hostname)) return 'local';
  return protocol === 'https:' ? 'public' : 'not_https';
}
