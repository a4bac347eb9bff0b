import { RequestError } from '../core/http.ts';
import type { Json } from '../core/json.ts';
import type { BusinessNumber } from '../options.ts';
import { type Customer, shownWaId } from '../state/customers.ts';
import type { SimulatorState } from '../state/simulator-state.ts';
import type { Happening, Scene } from './happening.ts';
import { messageSamples } from './message-samples.ts';
import { newsSamples } from './news-samples.ts';

const WRITTEN = 'They send';

/** Everything that can be made to happen, in the order of the page. */
export const happenings: readonly Happening[] = [
  ...messageSamples.map(({ message, ...sample }) => ({
    ...sample,
    group: WRITTEN,
    play: (scene: Scene) => {
      write(scene, message(scene));
    },
  })),
  ...newsSamples,
];

/** `{ what }`: the id of a happening. */
export function happen(state: SimulatorState, customer: Customer, number: BusinessNumber, body: Json): Json {
  const happening = happenings.find(({ id }) => id === body['what']);
  if (!happening) throw new RequestError(400, `"what" must be one of ${happenings.map(({ id }) => id).join(', ')}.`);
  happening.play({ state, customer, number });
  return { what: happening.id };
}

function write({ state, customer, number }: Scene, content: Json): void {
  const message = { from: shownWaId(customer) ?? null, from_user_id: customer.userId ?? null, ...content };
  state.inbound.receive({ phone_number_id: number.id, messages: [message] });
}
