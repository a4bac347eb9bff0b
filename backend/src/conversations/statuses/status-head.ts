import type { StatusError, StatusPricing, StatusStep } from './status-report.js';

/** What all sources together know of one (channel, wamid, participant): the row as it stands after an upsert. */
export interface StatusHead {
  channelId: string;
  wamid: string;
  participant: string;
  conversationId: string | null;
  messageId: string | null;
  times: Partial<Record<StatusStep, Date>>;
  errors: StatusError[] | null;
  /** What Meta says of the price; the same for every order and repetition. */
  pricing: StatusPricing | null;
  /** The times before this upsert: what an item added can be told from them. */
  before: Partial<Record<StatusStep, Date>>;
  /** Unknown values that were kept before this upsert. */
  othersBefore: Record<string, string> | null;
}
