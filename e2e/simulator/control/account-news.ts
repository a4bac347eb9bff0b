import { readJsonObject, RequestError, type Exchange } from '../core/http.ts';
import { asJson, asText } from '../core/json.ts';
import type { SimulatorState } from '../state/simulator-state.ts';

const MAX_BODY_BYTES = 64 * 1024;

/** A webhook about an account or a number as a whole: `{ field, value, time?, businessAccountId? }`. */
export async function tellOfAccount(
  state: SimulatorState,
  { request }: Exchange,
): Promise<{ delivered: Promise<boolean> }> {
  const body = await readJsonObject(request, MAX_BODY_BYTES);
  const field = asText(body['field']);
  if (field === undefined) throw new RequestError(400, 'Give the webhook "field".');
  const account = asText(body['businessAccountId']) ?? state.accounts.first()?.businessAccountId ?? '';
  const time = typeof body['time'] === 'number' ? body['time'] : Math.floor(Date.now() / 1_000);
  const update = {
    businessAccountId: account,
    phoneNumberId: state.accounts.ofAccount(account)[0]?.id ?? '',
    field,
    value: asJson(body['value']),
    time,
  };
  return { delivered: new Promise<boolean>((resolve) => state.webhooks.enqueue(update, resolve)) };
}
