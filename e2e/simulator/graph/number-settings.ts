import { randomUUID } from 'node:crypto';
import { asText, type Json } from '../core/json.ts';
import type { BusinessNumber } from '../options.ts';
import type { SimulatorState } from '../state/simulator-state.ts';
import { badParameter } from './check.ts';
import { GraphError, graphErrorOf, unknownObject } from './errors.ts';
import { verificationOf } from './number-verification.ts';

/** Longest text of each field of a profile (Meta: business profiles). */
const PROFILE_LIMITS: Readonly<Record<string, number>> = {
  about: 139,
  address: 256,
  description: 512,
  email: 128,
};
/** Industries (Meta: business profiles, vertical). */
const VERTICALS = new Set(
  `ALCOHOL APPAREL AUTO BEAUTY EDU ENTERTAIN EVENT_PLAN FINANCE GOVT GROCERY HEALTH HOTEL NONPROFIT ONLINE_GAMBLING
OTC_DRUGS OTHER PHYSICAL_GAMBLING PROF_SERVICES RESTAURANT RETAIL TRAVEL`.split(/\s+/),
);
const MAX_WEBSITES = 2;
const MAX_WEBSITE_CHARS = 256;

/** `GET|POST /{phone}/whatsapp_business_profile`. */
export function businessProfile(
  state: SimulatorState,
  number: BusinessNumber,
  method: string,
  query: URLSearchParams,
  body: Json,
): Json {
  const profile = (number.profile ??= { messaging_product: 'whatsapp', vertical: 'RETAIL' });
  if (method === 'GET') {
    const fields = query.get('fields')?.split(',') ?? ['messaging_product'];
    return { data: [Object.fromEntries(fields.filter((key) => key in profile).map((key) => [key, profile[key]]))] };
  }
  if (method !== 'POST') throw unknownObject(method, number.id);
  if (body['messaging_product'] !== 'whatsapp') throw badParameter('The parameter messaging_product is required.');
  for (const [key, limit] of Object.entries(PROFILE_LIMITS)) {
    const value = asText(body[key]);
    if (value === undefined) continue;
    if (value.length > limit) throw badParameter(`Param ${key} must be at most ${String(limit)} characters long.`);
    profile[key] = value;
  }
  const vertical = asText(body['vertical']);
  if (vertical !== undefined && !VERTICALS.has(vertical)) {
    throw badParameter(`Param vertical must be one of {${[...VERTICALS].join(', ')}}.`);
  }
  if (vertical !== undefined) profile['vertical'] = vertical;
  const handle = asText(body['profile_picture_handle']);
  if (handle !== undefined && !state.uploads.has(handle))
    throw badParameter('Param profile_picture_handle is not valid.');
  if (handle !== undefined) profile['profile_picture_url'] = `https://pps.example.net/v/${randomUUID()}.jpg`;
  const { websites } = body;
  if (Array.isArray(websites)) {
    const isFine = websites.every((one) => typeof one === 'string' && one.length <= MAX_WEBSITE_CHARS);
    if (!isFine || websites.length > MAX_WEBSITES) throw badParameter('Param websites must hold at most 2 addresses.');
    profile['websites'] = websites;
  }
  return { success: true };
}

/** `POST /{phone}/register`: the first PIN becomes the number's own, later ones must be the same. */
export function registerNumber(number: BusinessNumber, body: Json): Json {
  if (body['messaging_product'] !== 'whatsapp') throw badParameter('The parameter messaging_product is required.');
  if (number.verification !== undefined && number.verification !== 'VERIFIED') throw new GraphError(133_006);
  const pin = asText(body['pin']);
  if (pin === undefined || !/^\d{6}$/.test(pin)) throw badParameter('Param pin must be a string of 6 digits.');
  if (number.pin !== undefined && number.pin !== pin) {
    throw new GraphError(133_005, 'The two-step verification PIN is not that of the number.', {
      message: '(#133005) Two step verification PIN Mismatch',
    });
  }
  number.pin = pin;
  number.isRegistered = true;
  if (number.status === 'PENDING') delete number.status;
  return { success: true };
}

/** `POST /{phone}/deregister`: nothing can be sent from it until it is registered again. */
export function deregisterNumber(number: BusinessNumber): Json {
  if (number.isRegistered === false) throw graphErrorOf(133_010);
  number.verification = verificationOf(number);
  number.isRegistered = false;
  return { success: true };
}
