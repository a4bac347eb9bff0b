import { randomBytes } from 'node:crypto';
import type { Json } from '../core/json.ts';
import type { BusinessNumber } from '../options.ts';
import { type Customer, shownWaId } from '../state/customers.ts';
import type { SimulatorState } from '../state/simulator-state.ts';
import { contactOf } from '../webhooks/envelope.ts';

const TALK_SECONDS = 37;

/**
 * A customer's call as the business hears of it: `connect`, then `terminate`, which tells when they talked only if
 * somebody picked up. (Meta: webhooks, field `calls`.)
 */
export function callBusiness(
  state: SimulatorState,
  customer: Customer,
  number: BusinessNumber,
  isPickedUp: boolean,
): { callId: string } {
  const callId = `wacid.${randomBytes(18).toString('base64')}`;
  const endedAt = Math.floor(Date.now() / 1_000);
  const startedAt = endedAt - (isPickedUp ? TALK_SECONDS : 0);
  const waId = shownWaId(customer);
  const call: Json = {
    id: callId,
    ...(waId === undefined ? {} : { from: waId }),
    ...(customer.userId === undefined ? {} : { from_user_id: customer.userId }),
    to: number.displayPhoneNumber,
    direction: 'USER_INITIATED',
  };
  const session = { sdp_type: 'offer', sdp: 'v=0\r\no=- 7122 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n' };
  const talk = { start_time: String(startedAt), end_time: String(endedAt), duration: TALK_SECONDS };
  const events: Json[] = [
    { ...call, event: 'connect', timestamp: String(startedAt), session },
    { ...call, event: 'terminate', timestamp: String(endedAt), status: 'COMPLETED', ...(isPickedUp ? talk : {}) },
  ];
  for (const event of events) {
    state.inbound.receive({
      phone_number_id: number.id,
      field: 'calls',
      contacts: [contactOf(customer, false)],
      calls: [event],
    });
  }
  // A call opens the window as a message does, answered or not.
  const known = customer.windowOpenedAt.get(number.id) ?? 0;
  customer.windowOpenedAt.set(number.id, Math.max(known, startedAt));
  return { callId };
}
