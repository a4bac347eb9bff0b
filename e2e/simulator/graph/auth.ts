import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Exchange } from '../core/http.ts';
import type { SimulatorState } from '../state/simulator-state.ts';
import { GraphError } from './errors.ts';

/** The token of a request: `Authorization: Bearer …` (or `OAuth …`). */
export function bearerOf(request: IncomingMessage): string | undefined {
  return /^(?:Bearer|OAuth)\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
}

export function isSame(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

/** Refuses a request without a token (104) or with another than the account's (190). (Meta: error codes.) */
export function checkToken(state: SimulatorState, exchange: Exchange, segments: readonly string[]): void {
  const token = bearerOf(exchange.request) ?? exchange.query.get('access_token') ?? undefined;
  if (token === undefined) {
    throw new GraphError(104, undefined, { message: 'An access token is required to request this resource.' });
  }
  if (isSame(token, state.accessToken)) {
    if (state.token.isExpired) {
      throw new GraphError(190, undefined, {
        message: 'Error validating access token: Session has expired.',
        subcode: 463,
      });
    }
    checkProof(state, token, exchange.query.get('appsecret_proof'));
    return;
  }
  const appSecret = segments[0] === 'debug_token' ? token.split('|')[1] : undefined;
  if (appSecret !== undefined && isSame(appSecret, state.appSecret)) return; // an app token: APP_ID|APP_SECRET
  throw new GraphError(190, undefined, { message: 'Invalid OAuth access token - Cannot parse access token' });
}

/** A call that proves its app secret must prove the right one (Meta: securing Graph API requests). */
function checkProof(state: SimulatorState, token: string, proof: string | null): void {
  if (proof === null || isSame(proof, createHmac('sha256', state.appSecret).update(token).digest('hex'))) return;
  throw new GraphError(100, undefined, { message: 'Invalid appsecret_proof provided in the API argument' });
}
