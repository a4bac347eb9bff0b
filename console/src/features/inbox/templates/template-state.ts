import type { Template } from '@parley/contract';

/** What keeps a template from being sent, as a key below `templates.status`; null = nothing. */
export const blockKeyOf = ({ blockedBy, status }: Pick<Template, 'blockedBy' | 'status'>): string | null =>
  blockedBy === 'status' ? status : blockedBy;

/** What keeps a template from one customer. */
export interface TemplateBlock {
  /** Not the template, but the customer: they want no marketing. */
  isUnwanted: boolean;
  /** The sentence that says so. */
  why: string;
}

/** As `blockKeyOf`, for a customer who may want no marketing: a key below `templates.blocked`. */
export const blockFor = (
  template: Pick<Template, 'blockedBy' | 'status' | 'category'>,
  isMarketingStopped: boolean,
): string | null =>
  blockKeyOf(template) ?? (isMarketingStopped && template.category === 'marketing' ? 'marketing_stopped' : null);

/** Meta's words for a rejection that have a sentence of ours below `templates.reason`. */
const REASONS: ReadonlySet<string> = new Set([
  'ABUSIVE_CONTENT',
  'INCORRECT_CATEGORY',
  'INVALID_FORMAT',
  'PROMOTIONAL',
  'SCAM',
  'TAG_CONTENT_MISMATCH',
]);

/** Why Meta has it so: a key below `templates.reason`, or Meta's own words. */
export function reasonOf({ statusReason, statusDetail }: Pick<Template, 'statusReason' | 'statusDetail'>): {
  key: string | null;
  words: string | null;
} {
  const key = statusReason !== null && REASONS.has(statusReason) ? statusReason : null;
  return { key, words: statusDetail ?? (key === null ? statusReason : null) };
}

const RED: ReadonlySet<string> = new Set(['rejected', 'disabled', 'locked', 'deleted', 'pending_deletion']);

export function toneOf(template: Pick<Template, 'blockedBy' | 'status'>): 'green' | 'amber' | 'red' | 'neutral' {
  const block = blockKeyOf(template);
  if (block === null) return 'green';
  if (RED.has(block)) return 'red';
  return block === 'unsupported' || block === 'unknown' || block === 'archived' ? 'neutral' : 'amber';
}
