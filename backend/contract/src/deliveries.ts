import { cursorSchema, idSchema, limitSchema, timeSchema } from './common.js';
import { z } from './zod.js';

export const deliveryStates = ['new', 'processing', 'done', 'retry', 'dead'] as const;
export type DeliveryState = (typeof deliveryStates)[number];

export const itemOutcomes = ['pending', 'applied', 'duplicate', 'kept', 'waiting', 'unrouted', 'dead'] as const;
export type ItemOutcome = (typeof itemOutcomes)[number];

/** One message, status, error or other change inside a body of Meta's, and what became of it. */
export const deliveryItemSchema = z
  .object({
    ordinal: z.int().nonnegative(),
    /** `message`, `status`, `error`, `echo`, `history`, or the webhook field's own name. */
    kind: z.string(),
    /** The item's wamid where it has one. */
    wamid: z.string().nullable(),
    outcome: z.enum(itemOutcomes),
    reason: z.string().nullable(),
    conversationId: idSchema.nullable(),
    messageId: idSchema.nullable(),
  })
  .meta({ id: 'DeliveryItem' });
export type DeliveryItem = z.infer<typeof deliveryItemSchema>;

/** One body that Meta posted. */
export const deliverySchema = z
  .object({
    id: idSchema,
    receivedAt: timeSchema,
    sizeBytes: z.int().nonnegative(),
    state: z.enum(deliveryStates),
    attempts: z.int().nonnegative(),
    error: z.string().nullable(),
    items: z.array(deliveryItemSchema),
  })
  .meta({ id: 'Delivery' });
export type Delivery = z.infer<typeof deliverySchema>;

export const deliveryListQuerySchema = z.object({
  state: z.enum(deliveryStates).optional(),
  outcome: z.enum(itemOutcomes).optional(),
  cursor: cursorSchema.optional(),
  limit: limitSchema,
});
export type DeliveryListQuery = z.infer<typeof deliveryListQuerySchema>;
export const deliveryListSchema = z
  .object({ items: z.array(deliverySchema), nextCursor: cursorSchema.nullable() })
  .meta({ id: 'DeliveryList' });
export type DeliveryList = z.infer<typeof deliveryListSchema>;

/** What Meta posted about one message, without what else stood in the same bodies. */
export const rawMessageSchema = z
  .object({
    wamid: z.string().nullable(),
    /** Older posts about it may have been deleted: bodies are kept for some days only. */
    isPruned: z.boolean(),
    /** Newest first. */
    items: z.array(
      z.object({
        deliveryId: idSchema,
        receivedAt: timeSchema,
        kind: z.string(),
        outcome: z.enum(itemOutcomes),
        /** Meta's JSON of this item, indented; null = the body cannot be read. */
        json: z.string().nullable(),
        /** It goes on: only its beginning is here. */
        isCut: z.boolean(),
      }),
    ),
  })
  .meta({ id: 'RawMessage' });
export type RawMessage = z.infer<typeof rawMessageSchema>;

/** How many deliveries and items want somebody's eye; each counted up to `DELIVERY_COUNT_MAX`. */
export const DELIVERY_COUNT_MAX = 1_000;
export const deliveryCountsSchema = z
  .object({
    /** Deliveries by state: those that wait, are repeated or gave up. */
    states: z.object({ retry: z.int(), dead: z.int() }),
    /** Items by outcome: those that did not come to their end. */
    outcomes: z.object({ waiting: z.int(), unrouted: z.int(), dead: z.int() }),
  })
  .meta({ id: 'DeliveryCounts' });
export type DeliveryCounts = z.infer<typeof deliveryCountsSchema>;

export const REPLAY_AT_ONCE = 100;
export const replayDeliveriesSchema = z
  .strictObject({ ids: z.array(idSchema).min(1).max(REPLAY_AT_ONCE) })
  .meta({ id: 'ReplayDeliveries' });
export type ReplayDeliveries = z.infer<typeof replayDeliveriesSchema>;
/** `skipped` are unknown by now, or being worked on just now. */
export const replayedDeliveriesSchema = z
  .object({ replayed: z.array(idSchema), skipped: z.array(idSchema) })
  .meta({ id: 'ReplayedDeliveries' });
export type ReplayedDeliveries = z.infer<typeof replayedDeliveriesSchema>;
