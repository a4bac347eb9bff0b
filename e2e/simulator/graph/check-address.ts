import { asJsonList, asText, isJson, type Json } from '../core/json.ts';
import { digitsOf } from '../state/customers.ts';
import { invalid, missing, needObject, needText } from './check.ts';

/** Fields of an address in India (Meta: address messages). */
const FIELDS: ReadonlySet<string> = new Set([
  'name',
  'phone_number',
  'in_pin_code',
  'house_number',
  'floor_number',
  'tower_number',
  'building_name',
  'address',
  'landmark_area',
  'city',
  'state',
]);
const PARAMETERS = 'interactive.action.parameters';

/** Checks what an address is asked with; throws a `GraphError`. */
export function checkAddressRequest(parameters: Json): void {
  const country = needText(parameters, 'country', `${PARAMETERS}.country`, 2);
  if (country !== 'IN') throw invalid(`'${PARAMETERS}.country' is not supported: ${country}`);
  for (const part of ['values', 'validation_errors']) {
    if (parameters[part] !== undefined) checkFields(needObject(parameters, part, `${PARAMETERS}.${part}`), part);
  }
  for (const saved of asJsonList(parameters['saved_addresses'])) {
    needText(saved, 'id', `${PARAMETERS}.saved_addresses.id`, 256);
    if (!isJson(saved['value'])) throw missing(`${PARAMETERS}.saved_addresses.value`);
    checkFields(saved['value'], 'saved_addresses.value');
  }
}

/** An address is asked of those whose number is of the country that is asked for. (Meta: address messages.) */
export function checkAddressee(content: Json, address: string, isUserId: boolean): void {
  if (content['type'] !== 'address_message') return;
  if (isUserId || !digitsOf(address).startsWith('91')) {
    throw invalid('The country of an address message must be that of the recipient.');
  }
}

function checkFields(fields: Json, part: string): void {
  for (const [field, value] of Object.entries(fields)) {
    const path = `${PARAMETERS}.${part}.${field}`;
    if (!FIELDS.has(field)) throw invalid(`'${path}' is unknown.`);
    if (asText(value) === undefined) throw invalid(`'${path}' must be a string.`);
  }
  const pinCode = part === 'validation_errors' ? '' : (asText(fields['in_pin_code']) ?? '');
  if (pinCode.length > 6) throw invalid(`'${PARAMETERS}.${part}.in_pin_code' is longer than 6 characters.`);
}
