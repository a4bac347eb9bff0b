import type { Json } from '../core/json.ts';
import type { BusinessNumber } from '../options.ts';
import type { Customer } from '../state/customers.ts';
import type { SimulatorState } from '../state/simulator-state.ts';

/** Whom and what a happening is about. */
export interface Scene {
  state: SimulatorState;
  customer: Customer;
  number: BusinessNumber;
}

/** Something that can be made to happen from a phone, beyond what is typed on it. */
export interface Happening {
  id: string;
  /** The heading it stands under on the page. */
  group: string;
  title: string;
  /** What comes of it, in a sentence. */
  about: string;
  play(scene: Scene): void;
}

/** A message of the customer's that no field of the page writes; `message` gives its typed part. */
export interface MessageSample extends Omit<Happening, 'play' | 'group'> {
  message(scene: Scene): Json;
}
