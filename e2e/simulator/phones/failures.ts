import { RequestError } from '../core/http.ts';
import { asNumber, type Json } from '../core/json.ts';
import type { BusinessNumber } from '../options.ts';
import type { Customer } from '../state/customers.ts';
import type { SimulatorState } from '../state/simulator-state.ts';

const MAX_RULES = 50;

/** The business's next message to a customer is refused with a code of Meta's, or accepted and failed later (`async`). */
export function failNext(state: SimulatorState, customer: Customer, number: BusinessNumber, body: Json): Json {
  const code = asNumber(body['code']);
  if (code === undefined || !Number.isInteger(code) || code < 0) throw new RequestError(400, 'Give a code of Meta’s.');
  const { behaviour } = state;
  const waiting = behaviour.sends.filter(({ count }) => count !== 0);
  if (waiting.length >= MAX_RULES) throw new RequestError(400, 'Enough failures wait for their messages already.');
  const rule = {
    match: { to: customer.waId ?? customer.userId ?? customer.key, phoneNumberId: number.id },
    count: 1,
    fault: { code, async: body['async'] === true },
  };
  behaviour.sends = [rule, ...waiting];
  return { code };
}
