import {
  Bot,
  Building2,
  Coins,
  ClipboardList,
  LayoutTemplate,
  MessageSquareText,
  MonitorCog,
  PackageSearch,
  Network,
  Rocket,
  ShieldCheck,
  Sparkles,
  Tags,
  UserRound,
  UsersRound,
  Phone,
  ReceiptText,
} from '@lucide/vue';
import type { AgentRole } from '@parley/contract';
import { defineAsyncComponent, type Component } from 'vue';
import { loadTexts } from '../../i18n/index.js';

export const pageKeys = [
  'profile',
  'sessions',
  'setup',
  'numbers',
  'bot',
  'canned',
  'tags',
  'templates',
  'answers',
  'agents',
  'roles',
  'teams',
  'workspace',
  'costs',
  'rates',
  'ledger',
  'demo',
] as const;
export type PageKey = (typeof pageKeys)[number];

export interface SettingsPage {
  key: PageKey;
  group: 'you' | 'channels' | 'people' | 'operations';
  icon: Component;
  /** The least role that may open it. */
  role: AgentRole;
  demoOnly?: boolean;
  view: Component;
}

const RANK: Record<AgentRole, number> = { agent: 0, supervisor: 1, admin: 2 };

const page = (
  key: PageKey,
  group: SettingsPage['group'],
  icon: Component,
  role: AgentRole,
  load: () => Promise<Component>,
): SettingsPage => ({ key, group, icon, role, view: defineAsyncComponent(load) });

/** The rooms of the settings, in the order of the list. */
export const settingsPages: readonly SettingsPage[] = [
  page('profile', 'you', UserRound, 'agent', () => import('./pages/ProfilePage.vue')),
  page('sessions', 'you', MonitorCog, 'agent', () => import('./pages/SessionsPage.vue')),
  page('setup', 'channels', Rocket, 'admin', () => import('./pages/SetupPage.vue')),
  page('numbers', 'channels', Phone, 'admin', () =>
    Promise.all([import('./pages/NumbersPage.vue'), loadTexts('numbers'), loadTexts('templates')]).then(
      ([numbers]) => numbers,
    ),
  ),
  page('bot', 'channels', Bot, 'supervisor', () => import('./pages/BotPage.vue')),
  page('canned', 'channels', MessageSquareText, 'supervisor', () => import('./pages/CannedPage.vue')),
  page('tags', 'channels', Tags, 'supervisor', () => import('./pages/TagsPage.vue')),
  page('templates', 'channels', LayoutTemplate, 'supervisor', () =>
    Promise.all([import('./pages/TemplatesPage.vue'), loadTexts('templates'), loadTexts('making')]).then(
      ([templates]) => templates,
    ),
  ),
  page('answers', 'channels', ClipboardList, 'admin', () => import('./pages/AnswersPage.vue')),
  page('agents', 'people', UsersRound, 'admin', () => import('./pages/AgentsPage.vue')),
  page('roles', 'people', ShieldCheck, 'agent', () => import('./pages/RolesPage.vue')),
  page('teams', 'people', Network, 'admin', () => import('./pages/TeamsPage.vue')),
  page('workspace', 'operations', Building2, 'admin', () => import('./pages/WorkspacePage.vue')),
  page('costs', 'operations', Coins, 'supervisor', () => import('./pages/CostsPage.vue')),
  page('rates', 'operations', ReceiptText, 'admin', () => import('./pages/RatesPage.vue')),
  page('ledger', 'operations', PackageSearch, 'supervisor', () => import('./pages/LedgerPage.vue')),
  { ...page('demo', 'operations', Sparkles, 'admin', () => import('./pages/DemoPage.vue')), demoOnly: true },
];

/** The pages that somebody of this role may open. */
export const pagesFor = (role: AgentRole, isDemo: boolean): SettingsPage[] =>
  settingsPages.filter((one) => RANK[role] >= RANK[one.role] && (isDemo || !one.demoOnly));
