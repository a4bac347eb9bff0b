import type { TemplateDraft } from '../template-draft.js';

/** A template in the making that Meta would take. */
export const makeDraft = (over: Partial<TemplateDraft> = {}): TemplateDraft => ({
  name: 'pickup_ready',
  language: 'en_US',
  category: 'utility',
  parameterFormat: 'positional',
  header: null,
  body: { text: 'Hi {{1}}, your order is ready.', samples: { 1: 'Ada' } },
  footer: null,
  buttons: [],
  offer: null,
  cards: [],
  callPermissionRequest: false,
  code: null,
  ...over,
});

/** One of a one-time code, which is copied unless it says otherwise. */
export const makeCodeDraft = (over: Partial<NonNullable<TemplateDraft['code']>> = {}): TemplateDraft =>
  makeDraft({
    category: 'authentication',
    body: { text: '', samples: {} },
    code: {
      securityAdvice: true,
      expiresInMinutes: 10,
      buttonText: 'Copy code',
      delivery: 'copy_code',
      autofillText: '',
      apps: [],
      termsAccepted: false,
      ...over,
    },
  });
