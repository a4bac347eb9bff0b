import type { TemplateCategory, TemplateQuality, TemplateStatus } from '@parley/contract';

/** What a webhook says of one template, at Meta's time. */
export interface TemplateChange {
  kind: 'template';
  businessAccountId: string;
  /** Meta's; null when it was no exact number: then name and language say which. */
  id: string | null;
  name: string;
  language: string;
  at: Date;
  news: TemplateNews;
}

export type TemplateNews =
  | {
      part: 'status';
      status: TemplateStatus;
      category: TemplateCategory | null;
      reason: string | null;
      detail: string | null;
    }
  | { part: 'quality'; quality: TemplateQuality }
  | { part: 'category'; category: TemplateCategory }
  /** Meta says what the category will be at `from`, or should be (null). The present one stays. */
  | { part: 'upcoming'; category: TemplateCategory; from: Date | null }
  | { part: 'components'; components: readonly TellsComponent[] };

/** A component of a template as far as the webhook tells it. */
export interface TellsComponent {
  type: 'HEADER' | 'BODY' | 'FOOTER' | 'BUTTONS';
  format?: 'TEXT';
  text?: string;
  buttons?: readonly { type: string; text: string; url?: string; phone_number?: string }[];
}

/** What became of a change, for the ledger. */
export interface TemplateOutcome {
  outcome: 'applied' | 'duplicate' | 'kept';
  reason?: string;
}
