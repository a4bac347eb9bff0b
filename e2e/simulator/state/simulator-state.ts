import type { TokenState } from '../options.ts';
import type { Timers } from '../core/timers.ts';
import type { Inbound } from '../webhooks/inbound.ts';
import type { WebhookSender } from '../webhooks/sender.ts';
import type { Statuses } from '../webhooks/statuses.ts';
import type { Subscriptions } from '../webhooks/subscriptions.ts';
import type { Accounts } from './accounts.ts';
import type { Behaviour } from './behaviour.ts';
import type { BlockList } from './block-list.ts';
import type { Customers } from './customers.ts';
import type { SimulatorEvents } from './events.ts';
import type { Flows } from './flows.ts';
import type { Limits } from './limits.ts';
import type { MediaStore } from './media-store.ts';
import type { SentLog } from './sent-log.ts';
import type { TemplateDefinition } from './templates.ts';
import type { Uploads } from './uploads.ts';

/** A code that opens a chat with a number, with words ready to send. */
export interface QrCode {
  numberId: string;
  code: string;
  message: string;
}

/** Everything that one simulator holds; its routes work on this. All of it lives in memory and is bounded. */
export interface SimulatorState {
  readonly accessToken: string;
  readonly token: TokenState;
  readonly appSecret: string;
  readonly behaviour: Behaviour;
  readonly accounts: Accounts;
  readonly customers: Customers;
  readonly blocks: BlockList;
  readonly sent: SentLog;
  readonly limits: Limits;
  readonly media: MediaStore;
  readonly templates: TemplateDefinition[];
  /** How many were made so far. */
  readonly templateCount: { next: number };
  /** Account, name and language of approved ones that were deleted: not free again for 30 days. */
  readonly deletedTemplates: Set<string>;
  readonly uploads: Uploads;
  readonly flows: Flows;
  /** Free-form messages so far, by number and month, for `pricing`. */
  readonly serviceMessages: Map<string, number>;
  /** By number and code. */
  readonly qrCodes: Map<string, QrCode>;
  readonly subscriptions: Subscriptions;
  readonly webhooks: WebhookSender;
  readonly statuses: Statuses;
  readonly inbound: Inbound;
  readonly events: SimulatorEvents;
  readonly timers: Timers;
}
