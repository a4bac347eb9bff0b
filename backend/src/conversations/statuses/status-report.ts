/** Steps in the order of the ladder; `failed` wins only over what is below `delivered`. */
export const statusSteps = ['accepted', 'sent', 'delivered', 'read', 'played', 'failed'] as const;
export type StatusStep = (typeof statusSteps)[number];

/** An error as Meta gives it with a failed status. */
export interface StatusError {
  code: number | null;
  title: string | null;
  detail: string | null;
}

/** `pricing` of a status, plain values only, whatever keys Meta adds (Meta: status webhooks). */
export type StatusPricing = Record<string, string | number | boolean>;

/** Where our own callback data say that a status belongs. */
export interface CallbackTarget {
  conversationId: string;
  messageId: string;
  attempt: number;
}

/** One status of Meta's about a message of ours. */
export interface StatusReport {
  wamid: string;
  /** Member of a group that this status is about; '' = the message as a whole. */
  participant: string;
  /** Null = a value that we do not know: kept, moves nothing. */
  step: StatusStep | null;
  value: string;
  at: Date;
  errors: StatusError[];
  pricing: StatusPricing | null;
  callback: CallbackTarget | null;
  /** Until when everything is free in this thread; only where the status says so. */
  freeUntil?: Date;
}
