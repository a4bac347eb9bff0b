import { setTimeout as delay } from 'node:timers/promises';
import { sendText, type Exchange } from '../core/http.ts';
import { asText, type Json } from '../core/json.ts';
import type { BusinessNumber } from '../options.ts';
import { takeSendRule, type Fault } from '../state/behaviour.ts';
import type { SimulatorState } from '../state/simulator-state.ts';
import { graphErrorOf } from './errors.ts';
import { acceptSend } from './messages.ts';

const SLOW_MS = 5_000;

/** Under which a fault may name whom this goes to: as it was written, by number and by user id. */
function addressesOf(state: SimulatorState, body: Json): string[] {
  const written = asText(body['to']) ?? asText(body['recipient']) ?? '';
  const customer = state.customers.findByAddress(written);
  return [written.replace(/^\+/, ''), customer?.waId, customer?.userId].filter((address) => address !== undefined);
}

/** `POST /{phone}/messages` of a message: what the faults say, else Meta's own rules. Undefined: no JSON answer. */
export async function answerSend(
  state: SimulatorState,
  number: BusinessNumber,
  body: Json,
  { response }: Exchange,
): Promise<Json | undefined> {
  const rule = takeSendRule(state.behaviour, number.id, body, addressesOf(state, body));
  const fault: Fault = rule?.fault ?? 'ok';
  const delayMs = rule?.delayMs ?? (fault === 'slow' ? SLOW_MS : 0);
  if (delayMs > 0) await delay(delayMs);
  if (typeof fault === 'object') {
    if (fault.async !== true) throw graphErrorOf(fault.code, fault.details, fault.http);
    return acceptSend(state, number, body, fault).answer;
  }
  switch (fault) {
    case 'ok':
    case 'slow':
      return acceptSend(state, number, body, undefined).answer;
    case 'hang_after_accept':
      acceptSend(state, number, body, undefined);
      return undefined;
    case 'reset_before':
      response.socket?.resetAndDestroy();
      return undefined;
    case 'reset_after':
      acceptSend(state, number, body, undefined);
      response.socket?.resetAndDestroy();
      return undefined;
    case 'http_500':
      throw graphErrorOf(131000);
    case 'http_503_html':
      sendText(response, 503, '<!DOCTYPE html><html><body><h1>Service Unavailable</h1></body></html>', {
        'content-type': 'text/html; charset=utf-8',
        'retry-after': '1',
      });
      return undefined;
  }
}
