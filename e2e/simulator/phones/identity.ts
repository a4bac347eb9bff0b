import { RequestError } from '../core/http.ts';
import { createWamid, userIdOfPhone } from '../core/ids.ts';
import { asText, type Json } from '../core/json.ts';
import type { BusinessNumber } from '../options.ts';
import { canonicalWaId, digitsOf, type Customer, shownWaId } from '../state/customers.ts';
import type { SimulatorState } from '../state/simulator-state.ts';
import { nowInSeconds, tell } from './tell.ts';

/**
 * `{ phone }`: they have another number; `{ userId: "new" }`: another user id; `{ hidesNumber }`: from now on their
 * number stands in no webhook, or does again. (Meta: webhooks, system messages.)
 */
export function changeIdentity(state: SimulatorState, customer: Customer, number: BusinessNumber, body: Json): void {
  if (typeof body['hidesNumber'] === 'boolean') {
    if (customer.userId === undefined)
      throw new RequestError(400, 'Without a user id nobody could be told from others.');
    customer.hidesNumber = body['hidesNumber'];
    return;
  }
  const phone = asText(body['phone']);
  if (phone === undefined) changeUserId(state, customer, number);
  else changeNumber(state, customer, number, digitsOf(phone));
}

function changeNumber(state: SimulatorState, customer: Customer, number: BusinessNumber, digits: string): void {
  if (digits.length < 7 || digits.length > 15) {
    throw new RequestError(400, 'A phone number has 7 to 15 digits, with its country code.');
  }
  const waId = canonicalWaId(digits);
  const holder = state.customers.findByAddress(waId);
  if (holder && holder !== customer) throw new RequestError(400, `That number belongs to ${holder.name}.`);
  if (customer.waId === waId) throw new RequestError(400, 'That is their number already.');
  const before = { waId: customer.waId, userId: customer.userId };
  const userId = userIdOfPhone(waId);
  state.customers.rekey(customer, { waId, userId });
  tellSystem(state, customer, number, before.waId, {
    body: `User ${customer.name} changed from ${before.waId ?? before.userId ?? ''} to ${waId}`,
    ...(shownWaId(customer) === undefined ? {} : { wa_id: waId }),
    user_id: userId,
    ...(before.userId === undefined ? {} : { previous_user_id: before.userId }),
    type: 'user_changed_number',
  });
}

/** Meta sends no number with it: it comes of those who share none. */
function changeUserId(state: SimulatorState, customer: Customer, number: BusinessNumber): void {
  const before = customer.userId;
  if (before === undefined) throw new RequestError(400, 'They have no user id that could change.');
  const userId = userIdOfPhone(`${before} ${String(Date.now())}`);
  state.customers.rekey(customer, { userId });
  tellSystem(state, customer, number, undefined, {
    body: `User changed from ${before} to ${userId}`,
    user_id: userId,
    previous_user_id: before,
    type: 'user_changed_user_id',
  });
}

function tellSystem(
  state: SimulatorState,
  customer: Customer,
  number: BusinessNumber,
  from: string | undefined,
  system: Json,
): void {
  const shown = customer.hidesNumber === true ? undefined : from;
  const message = {
    ...(shown === undefined ? {} : { from: shown }),
    id: createWamid('inbound', customer.key),
    timestamp: nowInSeconds(),
    type: 'system',
    system,
  };
  tell(state, number, 'messages', { messages: [message] });
}
