import type { Timers } from '../core/timers.ts';
import type { Inbound } from '../webhooks/inbound.ts';
import type { WebhookSender } from '../webhooks/sender.ts';
import type { Statuses } from '../webhooks/statuses.ts';
import type { Subscriptions } from '../webhooks/subscriptions.ts';
import type { Accounts } from './accounts.ts';
import type { Behaviour } from './behaviour.ts';
import type { Customers } from './customers.ts';
import type { SimulatorEvents } from './events.ts';
import type { Limits } from './limits.ts';
import type { MediaStore } from './media-store.ts';
import type { SentLog } from './sent-log.ts';
import type { TemplateDefinition } from './templates.ts';

/** Everything that one simulator holds; its routes work on this. All of it lives in memory and is bounded. */
export interface SimulatorState {
  readonly accessToken: string;
  readonly appSecret: string;
  readonly behaviour: Behaviour;
  readonly accounts: Accounts;
  readonly customers: Customers;
  readonly sent: SentLog;
  readonly limits: Limits;
  readonly media: MediaStore;
  readonly templates: readonly TemplateDefinition[];
  /** Free-form messages so far, by number and month, for `pricing`. */
  readonly serviceMessages: Map<string, number>;
  readonly subscriptions: Subscriptions;
  readonly webhooks: WebhookSender;
  readonly statuses: Statuses;
  readonly inbound: Inbound;
  readonly events: SimulatorEvents;
  readonly timers: Timers;
}
