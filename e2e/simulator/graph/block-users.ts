import { asJsonList, asText, withoutEmpty, type Json } from '../core/json.ts';
import type { BusinessNumber } from '../options.ts';
import { customerForSend, type Customer } from '../state/customers.ts';
import type { SimulatorState } from '../state/simulator-state.ts';
import { badParameter } from './check.ts';
import { GraphError, unknownObject } from './errors.ts';

const WINDOW_SECONDS = 24 * 3_600;
const MAX_USERS = 1_000;

/** `POST|DELETE|GET /{phone}/block_users` (Meta: block API). Only who wrote within 24 hours can be blocked. */
export function blockUsers(state: SimulatorState, number: BusinessNumber, method: string, body: Json): Json {
  if (method === 'GET') {
    const data = state.blocks.keys(number.id).map((key) => describe(state.customers.find(key)));
    return { data: data.map((user) => ({ messaging_product: 'whatsapp', ...user })) };
  }
  if (method !== 'POST' && method !== 'DELETE') throw unknownObject(method, number.id);
  if (body['messaging_product'] !== 'whatsapp') throw badParameter('The parameter messaging_product is required.');
  const users = asJsonList(body['block_users']);
  if (users.length === 0 || users.length > MAX_USERS) {
    throw badParameter(`The parameter block_users must list 1 to ${String(MAX_USERS)} users.`);
  }
  const done: Json[] = [];
  const failed: Json[] = [];
  for (const user of users) {
    const input = asText(user['user']) ?? asText(user['user_id']);
    if (input === undefined) throw badParameter('Each of block_users needs "user" or "user_id".');
    const customer = customerForSend(state.customers, input, asText(user['user']) === undefined);
    if (method === 'POST' && !isRecent(state, number, customer)) {
      const message = 'The user has not messaged the business in the last 24 hours.';
      failed.push({ input, errors: [{ code: 131047, message, error_data: { details: message } }] });
      continue;
    }
    if (method === 'POST') state.blocks.add(number.id, customer);
    else state.blocks.remove(number.id, customer);
    done.push({ input, ...describe(customer) });
  }
  const list = { [method === 'POST' ? 'added_users' : 'removed_users']: done };
  if (failed.length > 0) {
    throw new GraphError(139_100, 'Some of the users could not be blocked.', {
      message: '(#139100) Failed to block/unblock some users',
      beside: { messaging_product: 'whatsapp', block_users: { ...list, failed_users: failed } },
    });
  }
  return { messaging_product: 'whatsapp', block_users: list };
}

function isRecent(state: SimulatorState, number: BusinessNumber, customer: Customer): boolean {
  const openedAt = customer.windowOpenedAt.get(number.id);
  return openedAt === undefined ? state.behaviour.unknown === 'accept' : Date.now() / 1_000 - openedAt < WINDOW_SECONDS;
}

const describe = (customer: Customer | undefined): Json =>
  withoutEmpty({ wa_id: customer?.waId, user_id: customer?.userId });
