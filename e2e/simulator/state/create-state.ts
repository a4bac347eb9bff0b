import { chanceOf } from '../core/chance.ts';
import { Timers } from '../core/timers.ts';
import { DEFAULT_NUMBER, HEALTHY_TOKEN, type SimulatorOptions } from '../options.ts';
import { Inbound } from '../webhooks/inbound.ts';
import { WebhookSender } from '../webhooks/sender.ts';
import { Statuses } from '../webhooks/statuses.ts';
import { Subscriptions } from '../webhooks/subscriptions.ts';
import { Accounts } from './accounts.ts';
import { changeBehaviour, defaultBehaviour, type Behaviour } from './behaviour.ts';
import { BlockList } from './block-list.ts';
import { Customers } from './customers.ts';
import { SimulatorEvents } from './events.ts';
import { Flows } from './flows.ts';
import { Limits } from './limits.ts';
import { MediaStore } from './media-store.ts';
import { SentLog } from './sent-log.ts';
import type { SimulatorState } from './simulator-state.ts';
import { defaultTemplates } from './default-templates.ts';
import type { TemplateDefinition } from './templates.ts';
import { Uploads } from './uploads.ts';

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
  const blocks = new BlockList();
  const sent = new SentLog(options.sentKept);
  const chance = chanceOf(options.seed);
  const media = new MediaStore();
  const appSecret = options.appSecret ?? DEFAULT_APP_SECRET;
  const subscriptions = new Subscriptions({
    webhookUrl: options.webhookUrl,
    verifyToken: options.verifyToken ?? DEFAULT_VERIFY_TOKEN,
    verifyCallback: options.verifyCallback ?? true,
  });
  const webhooks = new WebhookSender({ behaviour, subscriptions, timers, appSecret, chance });
  return {
    accessToken: options.accessToken ?? DEFAULT_ACCESS_TOKEN,
    token: { ...HEALTHY_TOKEN },
    appSecret,
    behaviour,
    accounts,
    customers,
    blocks,
    sent,
    media,
    limits: new Limits(),
    templates: startingTemplates(options),
    templateCount: { next: 0 },
    deletedTemplates: new Set(),
    uploads: new Uploads(),
    flows: new Flows(),
    serviceMessages: new Map(),
    qrCodes: new Map(),
    subscriptions,
    webhooks,
    statuses: new Statuses({ behaviour, accounts, customers, sent, webhooks, timers, events, chance }),
    inbound: new Inbound({ accounts, customers, blocks, media, sent, webhooks, events }),
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
  state.blocks.clear();
  state.sent.clear();
  state.media.clear();
  state.limits.clear();
  state.serviceMessages.clear();
  state.qrCodes.clear();
  state.deletedTemplates.clear();
  state.uploads.clear();
  state.flows.reset();
  state.templates.splice(0, Infinity, ...startingTemplates(options));
  Object.assign(state.token, HEALTHY_TOKEN);
  changeBehaviour(state.behaviour, startingBehaviour(options));
  state.events.emit('reset');
}

/** Of this simulator alone: tests pause and reject them. */
const startingTemplates = ({ templates }: SimulatorOptions): TemplateDefinition[] =>
  [...(templates ?? defaultTemplates)].map((template) => ({ ...template }));

function startingBehaviour(options: SimulatorOptions): Behaviour {
  const behaviour = defaultBehaviour();
  changeBehaviour(behaviour, options.behaviour ?? {});
  return behaviour;
}
