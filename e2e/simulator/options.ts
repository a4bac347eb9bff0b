import type { BehaviourChange } from './state/behaviour.ts';
import type { TemplateDefinition } from './state/templates.ts';

/** One business number of the simulated account. */
export interface BusinessNumber {
  id: string;
  /** Digits without `+`, as webhooks write it. */
  displayPhoneNumber: string;
  verifiedName: string;
  businessAccountId: string;
}

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
