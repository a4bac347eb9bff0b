import { randomBytes } from 'node:crypto';
import { asText, type Json } from '../core/json.ts';
import type { BusinessNumber } from '../options.ts';
import type { QrCode, SimulatorState } from '../state/simulator-state.ts';
import { badParameter } from './check.ts';
import { unknownObject } from './errors.ts';

const MAX_MESSAGE_CHARS = 140;
const MAX_CODES = 2_000;

/** What a call says in its body or, as some SDKs do, in its query. */
interface Asked {
  method: string;
  code: string | undefined;
  query: URLSearchParams;
  body: Json;
}

/** `/{phone}/message_qrdls[/{code}]`: codes that open a chat with words ready. (Meta: QR codes and short links.) */
export function qrCodes(state: SimulatorState, number: BusinessNumber, { method, code, query, body }: Asked): Json {
  const said = (key: string): string | undefined => asText(body[key]) ?? query.get(key) ?? undefined;
  const known = code === undefined ? undefined : state.qrCodes.get(`${number.id} ${code}`);
  if (code !== undefined && !known) throw unknownObject(method, code);
  if (method === 'GET') return { data: (known ? [known] : codesOf(state, number)).map((one) => shown(one)) };
  if (method === 'DELETE' && known) {
    state.qrCodes.delete(`${number.id} ${known.code}`);
    return { success: true };
  }
  if (method !== 'POST') throw unknownObject(method, number.id);
  const message = said('prefilled_message') ?? '';
  if (message === '' || [...message].length > MAX_MESSAGE_CHARS) {
    throw badParameter(`The parameter prefilled_message has 1 to ${String(MAX_MESSAGE_CHARS)} characters.`);
  }
  if (!known && codesOf(state, number).length >= MAX_CODES) throw badParameter('There are too many QR codes.');
  const format = said('generate_qr_image')?.toLowerCase();
  const made = { numberId: number.id, code: known?.code ?? randomBytes(7).toString('hex').toUpperCase(), message };
  state.qrCodes.set(`${number.id} ${made.code}`, made);
  return shown(made, format);
}

const codesOf = (state: SimulatorState, { id }: BusinessNumber): QrCode[] =>
  [...state.qrCodes.values()].filter(({ numberId }) => numberId === id);

/** Meta gives the address of the picture only to who asks for one. */
const shown = ({ code, message }: QrCode, format?: string): Json => ({
  code,
  prefilled_message: message,
  deep_link_url: `https://wa.me/message/${code}`,
  ...(format !== undefined && { qr_image_url: `https://scontent.example.net/qr/${code}.${format}` }),
});
