import { EventEmitter } from 'node:events';
import type { Json } from '../core/json.ts';
import type { Customer } from './customers.ts';
import type { Receipt, SentMessage } from './sent-log.ts';

/** What happens in the simulator, for the phones page. */
export interface SimulatorEventMap {
  /** A customer wrote; `message` is the item as it goes on the wire. */
  inbound: [customer: Customer, phoneNumberId: string, message: Json];
  /** The business's webhook answered 200 to a message of a customer. */
  inboundTaken: [wamid: string];
  sent: [customer: Customer, message: SentMessage];
  status: [message: SentMessage, status: string];
  receipt: [receipt: Receipt, customerKey: string];
  reset: [];
}

export class SimulatorEvents extends EventEmitter<SimulatorEventMap> {}
