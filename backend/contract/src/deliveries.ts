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
