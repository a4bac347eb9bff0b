import { timeSchema } from '../common.js';
import { z } from '../zod.js';

/**
 * What became of a call, as far as Meta has said. `ringing` and `ongoing` may never be followed by an end. `missed` means
 * that nobody picked up: of an inbound call the business, of an outbound one the customer. `declined` and `failed` are
 * said of outbound calls only.
 */
export const callOutcomes = ['ringing', 'ongoing', 'answered', 'missed', 'declined', 'failed'] as const;
export type CallOutcome = (typeof callOutcomes)[number];

/** A voice call on the number. Parley takes no calls: it shows what Meta tells of them. */
export const callSchema = z
  .object({
    direction: z.enum(['inbound', 'outbound']),
    outcome: z.enum(callOutcomes),
    /** How long they talked; of `answered` only, and only where Meta says it. */
    seconds: z.int().nonnegative().nullable(),
    /** When it began, by Meta's time. */
    startedAt: timeSchema,
  })
  .meta({ id: 'Call' });
export type Call = z.infer<typeof callSchema>;
