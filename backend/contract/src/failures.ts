import { cursorSchema, idSchema, limitSchema, personSchema, timeSchema } from './common.js';
import { FAILURES_AT_ONCE, failureReasons, failureScopes, failureStates, resendObstacles } from './constants.js';
import { lastMessageSchema } from './conversations.js';
import { z } from './zod.js';

/** Meta's code in digits, or a word of ours. */
const failureCodeSchema = z.string().min(1).max(64);

/** Messages of ours that did not get through, for one cause. `state` and `code` together name the group. */
export const failureGroupSchema = z
  .object({
    state: z.enum(failureStates),
    code: failureCodeSchema,
    reason: z.enum(failureReasons),
    scope: z.enum(failureScopes),
    /** Plain English; clients word the `reason` themselves. */
    title: z.string(),
    advice: z.string(),
    /** Whether sending the same again can help at all; what waits goes out by itself. */
    retryable: z.boolean(),
    /** With `retryable`: so many seconds must lie between the failure and the next try. */
    retryAfterSeconds: z.int().nonnegative(),
    count: z.int().positive(),
    /** When the first and the last of them failed; of what waits, when it was written. */
    oldestAt: timeSchema,
    newestAt: timeSchema,
    /** Numbers that they were to leave from, those with the most first. */
    channels: z.array(z.object({ id: idSchema, name: z.string(), count: z.int().positive() })),
  })
  .meta({ id: 'FailureGroup' });
export type FailureGroup = z.infer<typeof failureGroupSchema>;

/** All groups that the asking agent may see: what holds up a whole number first, then the largest. */
export const failureGroupListSchema = z.object({ items: z.array(failureGroupSchema) }).meta({ id: 'FailureGroupList' });
export type FailureGroupList = z.infer<typeof failureGroupListSchema>;

export const failureListQuerySchema = z
  .strictObject({
    state: z.enum(failureStates),
    code: failureCodeSchema,
    channel: idSchema.optional(),
    cursor: cursorSchema.optional(),
    limit: limitSchema,
  })
  .meta({ id: 'FailureListQuery' });
export type FailureListQuery = z.infer<typeof failureListQuerySchema>;

/** One message on the failure desk, with where it belongs. */
export const failureSchema = z
  .object({
    conversationId: idSchema,
    message: lastMessageSchema,
    contact: personSchema,
    channel: personSchema,
    assignee: personSchema.nullable(),
    /** `basedOn` of a resend: the thread's end as it was when this was read. */
    lastSeq: z.int().nonnegative(),
    /** When it failed; of what waits, when it was written. */
    at: timeSchema,
    /** What Meta added, in its own words. */
    detail: z.string().nullable(),
    /** Why it cannot be sent again just now; null when it can. */
    obstacle: z.enum(resendObstacles).nullable(),
    /** With `later`: from when on it can. */
    retryAt: timeSchema.nullable(),
  })
  .meta({ id: 'Failure' });
export type Failure = z.infer<typeof failureSchema>;

/** Those that failed last first. */
export const failureListSchema = z
  .object({ items: z.array(failureSchema), nextCursor: cursorSchema.nullable() })
  .meta({ id: 'FailureList' });
export type FailureList = z.infer<typeof failureListSchema>;

const messageRefSchema = z.strictObject({ conversationId: idSchema, messageId: idSchema });

/** Messages to take off the desk, or to put back; one that is named with `at` only as it was seen, not what came later. */
export const settleFailuresSchema = z
  .strictObject({
    messages: z
      .array(messageRefSchema.extend({ at: timeSchema.optional() }))
      .min(1)
      .max(FAILURES_AT_ONCE),
  })
  .meta({ id: 'SettleFailures' });
export type SettleFailures = z.infer<typeof settleFailuresSchema>;

/** Those that the request changed; the others were settled, sent again, delivered or hidden from this agent already. */
export const settledFailuresSchema = z.object({ messages: z.array(messageRefSchema) }).meta({ id: 'SettledFailures' });
export type SettledFailures = z.infer<typeof settledFailuresSchema>;
