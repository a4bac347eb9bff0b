import { RequestError } from '../core/http.ts';
import { createWamid } from '../core/ids.ts';
import { asJson, asText, type Json } from '../core/json.ts';
import type { BusinessNumber } from '../options.ts';
import { type Customer, shownWaId } from '../state/customers.ts';
import type { SimulatorState } from '../state/simulator-state.ts';
import { contactOf } from '../webhooks/envelope.ts';
import type { PhoneBook } from './phone-book.ts';
import { nowInSeconds, tell } from './tell.ts';
import { contentOf } from './written.ts';

/**
 * Somebody writes, reacts, edits or deletes on the business's own phone (coexistence): the customer gets it, and the
 * business hears of it as an echo. (Meta: webhooks, field `smb_message_echoes`.)
 */
export function actOnBusinessPhone(
  state: SimulatorState,
  book: PhoneBook,
  customer: Customer,
  number: BusinessNumber,
  body: Json,
): Json {
  const content = contentOf(body);
  const type = asText(content['type']) ?? '';
  const target = asText(asJson(content[type])['original_message_id']);
  if (target !== undefined && book.message(target)?.byApp !== true) {
    throw new RequestError(400, 'Only what was written on the business’s own phone can be changed there.');
  }
  const quoted = asText(body['quoted']);
  const wamid = createWamid('outbound', customer.key);
  const waId = shownWaId(customer);
  const echo: Json = {
    ...(quoted === undefined ? {} : { context: { id: quoted } }),
    from: number.displayPhoneNumber,
    ...(waId === undefined ? {} : { to: waId }),
    ...(customer.userId === undefined ? {} : { to_user_id: customer.userId }),
    id: wamid,
    timestamp: nowInSeconds(),
    ...content,
  };
  tell(state, number, 'smb_message_echoes', { contacts: [contactOf(customer, false)], message_echoes: [echo] });

  const part = asJson(content[type]);
  if (type === 'reaction') book.react(asText(part['message_id']) ?? '', 'business', asText(part['emoji']) ?? '');
  else if (target !== undefined) book.amend(part);
  else {
    book.add(customer.key, number.id, {
      id: wamid,
      from: 'business',
      at: new Date().toISOString(),
      type,
      content: part,
      quoted: quoted ?? null,
      status: 'delivered',
      reactions: {},
      byApp: true,
    });
  }
  return { wamids: [wamid] };
}
