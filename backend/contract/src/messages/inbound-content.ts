import { idSchema, timeSchema } from '../common.js';
import { z } from '../zod.js';

/** An amount of money as Meta says it, in decimal digits: a float would make of 0.1 three times 0.30000000000000004. */
const amountSchema = z.string().regex(/^\d+(\.\d+)?$/);

/** A cart that the customer sent (Meta: messages webhook, order). A price is for one piece. */
export const orderSchema = z
  .object({
    catalogId: z.string().nullable(),
    lines: z.array(
      z.object({
        productId: z.string().nullable(),
        quantity: z.int().positive().nullable(),
        price: amountSchema.nullable(),
        /** ISO 4217, as Meta says it. */
        currency: z.string().nullable(),
      }),
    ),
    /** Null when a price or a quantity is missing, or the lines are in several currencies. */
    total: z.object({ amount: amountSchema, currency: z.string() }).nullable(),
  })
  .meta({ id: 'Order' });
export type Order = z.infer<typeof orderSchema>;

/** A form that the customer filled in: a flow, an address, or whatever Meta calls by another name (`nfm_reply`). */
export const formReplySchema = z
  .object({
    /** Meta's word: `flow`, `address_message`, …; null when it says none. */
    name: z.string().nullable(),
    /** In the order in which they came; a key of a nested answer is its path, e.g. `values.city`. */
    answers: z.array(z.object({ key: z.string(), value: z.string() })),
    /** The text that came instead of answers, when it could not be read as such. */
    raw: z.string().nullable(),
  })
  .meta({ id: 'FormReply' });
export type FormReply = z.infer<typeof formReplySchema>;

/**
 * The advertisement or post that the customer came by. Addresses are Meta's: only the server asks them, for a picture that
 * it then keeps.
 */
export const referralSchema = z
  .object({
    /** Meta's word: `ad`, `post`, … */
    sourceType: z.string().nullable(),
    sourceId: z.string().nullable(),
    sourceUrl: z.string().nullable(),
    headline: z.string().nullable(),
    body: z.string().nullable(),
    mediaType: z.string().nullable(),
    mediaUrl: z.string().nullable(),
    thumbnailUrl: z.string().nullable(),
    clickId: z.string().nullable(),
    /** A copy of the picture: on its way, or at `GET /api/media/{id}`. Missing where there is none. Pixels. */
    picture: z
      .object({
        id: idSchema,
        state: z.enum(['waiting', 'ready']),
        width: z.int().positive().nullable(),
        height: z.int().positive().nullable(),
      })
      .optional(),
  })
  .meta({ id: 'Referral' });
export type Referral = z.infer<typeof referralSchema>;

/** The product of a catalogue that the message asks about. */
export const productReferenceSchema = z
  .object({ catalogId: z.string().nullable(), productId: z.string().nullable() })
  .meta({ id: 'ProductReference' });
export type ProductReference = z.infer<typeof productReferenceSchema>;

/** Why Meta does not hand over what the customer sent, in its own words. */
export const withheldSchema = z
  .object({ code: z.int().nullable(), title: z.string().nullable(), detail: z.string().nullable() })
  .meta({ id: 'Withheld' });
export type Withheld = z.infer<typeof withheldSchema>;

/** The customer's answer to the question whether they may be called. */
export const callPermissionSchema = z
  .object({
    isGiven: z.boolean(),
    /** Null = Meta named no end. */
    until: timeSchema.nullable(),
    /** Meta says that it has none. */
    isPermanent: z.literal(true).optional(),
  })
  .meta({ id: 'CallPermission' });
export type CallPermission = z.infer<typeof callPermissionSchema>;

/** What some inbound messages carry beside, or instead of, words. */
export const inboundContentShape = {
  order: orderSchema.optional(),
  form: formReplySchema.optional(),
  referral: referralSchema.optional(),
  product: productReferenceSchema.optional(),
  withheld: withheldSchema.optional(),
  callPermission: callPermissionSchema.optional(),
  /** Beside `forwarded`: more than four times (Meta: context.frequently_forwarded). */
  frequentlyForwarded: z.boolean().optional(),
};
export type InboundContent = {
  [Part in keyof typeof inboundContentShape]?: z.infer<(typeof inboundContentShape)[Part]>;
};
