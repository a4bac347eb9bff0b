import type { Json } from '../core/json.ts';
import type { BusinessNumber } from '../options.ts';
import type { SimulatorState } from '../state/simulator-state.ts';
import { valueFor } from '../webhooks/envelope.ts';

/** Tells the business something that is no message of a customer's. */
export function tell(state: SimulatorState, number: BusinessNumber, field: string, content: Json): void {
  state.webhooks.enqueue(
    {
      businessAccountId: number.businessAccountId,
      phoneNumberId: number.id,
      field,
      value: valueFor(number, content),
    },
    () => undefined,
  );
}

/** Seconds since 1970 as Meta writes them. */
export const nowInSeconds = (ago = 0): string => String(Math.floor(Date.now() / 1_000) - ago);
