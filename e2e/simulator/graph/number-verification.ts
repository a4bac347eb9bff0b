import { randomInt } from 'node:crypto';
import { asText, type Json } from '../core/json.ts';
import type { BusinessNumber } from '../options.ts';
import { badParameter } from './check.ts';
import { GraphError } from './errors.ts';

const VERIFIED = 'VERIFIED';

/** Whether the number was shown to be the business's own. */
export const verificationOf = ({ verification, isRegistered }: BusinessNumber): string =>
  verification ?? (isRegistered === false ? 'NOT_VERIFIED' : VERIFIED);

/** `POST /{phone}/request_code`: the code comes to the number; here `GET /control/numbers` tells it. */
export function requestCode(number: BusinessNumber, body: Json): Json {
  const method = asText(body['code_method']) ?? '';
  if (method !== 'SMS' && method !== 'VOICE') throw badParameter("Param code_method must be one of {'SMS', 'VOICE'}.");
  if (!/^[a-z]{2,3}(_[A-Z]{2})?$/.test(asText(body['language']) ?? '')) {
    throw badParameter('Param language must be a language code.');
  }
  if (verificationOf(number) === VERIFIED) throw new GraphError(136_024);
  number.code = String(randomInt(100_000, 1_000_000));
  return { success: true };
}

/** `POST /{phone}/verify_code`. Which code a wrong one is refused with, Meta's pages do not say; 136025 is as observed. */
export function verifyCode(number: BusinessNumber, body: Json): Json {
  const code = asText(body['code']);
  if (code === undefined) throw badParameter('The parameter code is required.');
  if (number.code === undefined || code !== number.code) {
    throw new GraphError(136_025, undefined, {
      userMessage: 'The code that was entered is not the one that was sent.',
    });
  }
  number.verification = VERIFIED;
  delete number.code;
  return { success: true };
}
