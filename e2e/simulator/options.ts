import type { Json } from './core/json.ts';
import type { BehaviourChange } from './state/behaviour.ts';
import type { TemplateDefinition } from './state/templates.ts';

/** One business number of the simulated account. */
export interface BusinessNumber {
  id: string;
  /** Digits without `+`, as webhooks write it. */
  displayPhoneNumber: string;
  verifiedName: string;
  businessAccountId: string;
  /** False: it was added to the account and never registered, so that nothing can be sent from it. */
  isRegistered?: boolean;
  /** What Meta says of it; healthy unless set. */
  qualityRating?: string | undefined;
  nameStatus?: string | undefined;
  status?: string | undefined;
  canSendMessage?: string | undefined;
  /** Why it cannot send, as `health_status` words it. */
  healthErrors?: Json[];
  throughput?: string | undefined;
  messagingLimit?: string | undefined;
  /** Used on the WhatsApp Business app as well (coexistence). */
  isOnBusinessApp?: boolean;
  /** Whether the code that came to the number was entered; as the registration says unless set. */
  verification?: string | undefined;
  /** The code that came to the number last. */
  code?: string | undefined;
  /** The number's two-step PIN, once it was registered with one. */
  pin?: string | undefined;
  /** Whether and when it takes calls. */
  calling?: Json;
  profile?: Json;
}

/** What the account's one access token is like. */
export interface TokenState {
  scopes: string[];
  /** Seconds since 1970; 0 = never. */
  expiresAt: number;
  isExpired: boolean;
}

export const HEALTHY_TOKEN: Readonly<TokenState> = {
  scopes: ['whatsapp_business_management', 'whatsapp_business_messaging'],
  expiresAt: 0,
  isExpired: false,
};

export interface SimulatorOptions {
  /** 0 (the default) takes a free port. */
  port?: number;
  /** Port of the media bytes, another than the API's as at Meta; 0 (the default) takes a free one. */
  mediaPort?: number;
  /** Where webhooks go; without it nothing is delivered. */
  webhookUrl?: string;
  appSecret?: string;
  verifyToken?: string;
  accessToken?: string;
  /** Ask the callback for its challenge before the first delivery (default true). */
  verifyCallback?: boolean;
  numbers?: BusinessNumber[];
  templates?: TemplateDefinition[];
  /** Draws of chance (jitter, duplicates, what overtakes what) begin here; without it every run has its own. */
  seed?: number;
  /** How many accepted sends are remembered (10,000): whoever compares ledgers needs them all. */
  sentKept?: number;
  /** Settings that differ from a healthy Cloud API; also changeable at run time. */
  behaviour?: BehaviourChange;
}

export const DEFAULT_PHONE_NUMBER_ID = '274119865530142';
export const DEFAULT_BUSINESS_ACCOUNT_ID = '318840027715906';
export const DEFAULT_DISPLAY_PHONE_NUMBER = '12025550134';
export const DEFAULT_VERIFIED_NAME = 'Lantern Books';

export const DEFAULT_NUMBER: BusinessNumber = {
  id: DEFAULT_PHONE_NUMBER_ID,
  displayPhoneNumber: DEFAULT_DISPLAY_PHONE_NUMBER,
  verifiedName: DEFAULT_VERIFIED_NAME,
  businessAccountId: DEFAULT_BUSINESS_ACCOUNT_ID,
};
