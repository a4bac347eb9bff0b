import { Timers } from '../core/timers.ts';
import { DEFAULT_NUMBER, type SimulatorOptions } from '../options.ts';
import { Inbound } from '../webhooks/inbound.ts';
import { WebhookSender } from '../webhooks/sender.ts';
import { Statuses } from '../webhooks/statuses.ts';
import { Subscriptions } from '../webhooks/subscriptions.ts';
import { Accounts } from './accounts.ts';
import { changeBehaviour, defaultBehaviour, type Behaviour } from './behaviour.ts';
import { Customers } from './customers.ts';
import { SimulatorEvents } from './events.ts';
import { Limits } from './limits.ts';
import { MediaStore } from './media-store.ts';
import { SentLog } from './sent-log.ts';
import type { SimulatorState } from './simulator-state.ts';
import { defaultTemplates } from './templates.ts';

const DEFAULT_APP_SECRET = 'simulator-app-secret';
const DEFAULT_VERIFY_TOKEN = 'simulator-verify-token';
const DEFAULT_ACCESS_TOKEN = 'simulator-access-token';

/** Builds the parts of one simulator and joins them. */
export function createState(options: SimulatorOptions): SimulatorState {
  const behaviour = startingBehaviour(options);
  const timers = new Timers();
  const events = new SimulatorEvents();
  const accounts = new Accounts(options.numbers ?? [DEFAULT_NUMBER]);
  const customers = new Customers();
  const sent = new SentLog();
  const media = new MediaStore();
  const appSecret = options.appSecret ?? DEFAULT_APP_SECRET;
  const subscriptions = new Subscriptions({
    webhookUrl: options.webhookUrl,
    verifyToken: options.verifyToken ?? DEFAULT_VERIFY_TOKEN,
    verifyCallback: options.verifyCallback ?? true,
  });
  const webhooks = new WebhookSender(behaviour, subscriptions, timers, appSecret);
  return {
    accessToken: options.accessToken ?? DEFAULT_ACCESS_TOKEN,
    appSecret,
    behaviour,
    accounts,
    customers,
    sent,
    media,
    limits: new Limits(),
    templates: options.templates ?? defaultTemplates,
    serviceMessages: new Map(),
    subscriptions,
    webhooks,
    statuses: new Statuses({ behaviour, accounts, customers, sent, webhooks, timers, events }),
    inbound: new Inbound({ accounts, customers, media, sent, webhooks, events }),
    events,
    timers,
  };
}

/** Back to how it started: no messages, no customers, nothing under way, the first settings. */
export function resetState(state: SimulatorState, options: SimulatorOptions): void {
  state.timers.clear();
  state.webhooks.reset();
  state.subscriptions.reset();
  state.statuses.clear();
  state.customers.clear();
  state.sent.clear();
  state.media.clear();
  state.limits.clear();
  state.serviceMessages.clear();
  changeBehaviour(state.behaviour, startingBehaviour(options));
  state.events.emit('reset');
}

function startingBehaviour(options: SimulatorOptions): Behaviour {
  const behaviour = defaultBehaviour();
  changeBehaviour(behaviour, options.behaviour ?? {});
  return behaviour;
}
