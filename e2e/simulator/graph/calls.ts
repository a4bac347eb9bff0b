import { randomBytes } from 'node:crypto';
import { asJson, asText, type Json } from '../core/json.ts';
import { customerForSend } from '../state/customers.ts';
import type { SimulatorState } from '../state/simulator-state.ts';
import { badParameter, missing } from './check.ts';

/** What goes with each action on a call that exists: an answer to the offer, or nothing. */
const ANSWERS: Readonly<Record<string, boolean>> = { pre_accept: true, accept: true, reject: false, terminate: false };

/**
 * `POST /{phone}/calls`: begins a call, or acts on one. Nothing rings here, so whoever is called is only told of by the
 * answer. (Meta: Cloud API calling.)
 */
export function actOnCall(state: SimulatorState, body: Json): Json {
  if (body['messaging_product'] !== 'whatsapp') throw badParameter('The parameter messaging_product is required.');
  const action = asText(body['action']) ?? '';
  if (action === 'connect') {
    const to = asText(body['to']);
    const address = to ?? asText(body['recipient']);
    if (address === undefined) throw missing('to');
    needSession(body, 'offer');
    customerForSend(state.customers, address, to === undefined);
    return { messaging_product: 'whatsapp', calls: [{ id: `wacid.${randomBytes(18).toString('base64')}` }] };
  }
  const hasSession = ANSWERS[action];
  if (hasSession === undefined) throw badParameter('The parameter action is unknown.');
  if (!/^wacid\.\S+$/.test(asText(body['call_id']) ?? '')) throw missing('call_id');
  if (hasSession) needSession(body, 'answer');
  return { messaging_product: 'whatsapp', success: true };
}

function needSession(body: Json, type: string): void {
  const session = asJson(body['session']);
  if (session['sdp_type'] !== type || asText(session['sdp']) === undefined) throw missing('session');
}

/**
 * `GET /{phone}/call_permissions?user_wa_id=`: whether the customer may be asked, and may be called. Nobody has allowed
 * anything here, so asking is all that can be done. (Meta: Cloud API calling, user call permissions.)
 */
export function callPermissions(query: URLSearchParams): Json {
  if (!/^\d{5,15}$/.test(query.get('user_wa_id') ?? '')) throw badParameter('The parameter user_wa_id is required.');
  const limits = (used: [string, number][]) =>
    used.map(([period, most]) => ({ time_period: period, max_allowed: most, current_usage: 0 }));
  return {
    messaging_product: 'whatsapp',
    permission: { status: 'no_permission' },
    actions: [
      {
        action_name: 'send_call_permission_request',
        can_perform_action: true,
        limits: limits([
          ['PT24H', 1],
          ['P7D', 2],
        ]),
      },
      { action_name: 'start_call', can_perform_action: false, limits: limits([['PT24H', 5]]) },
    ],
  };
}
