import { z } from '../zod.js';

/** What of the parts of a number's offerings can be asked. */
export const offeringKinds = ['flows', 'catalogs', 'products'] as const;

/** Graph's own ids are digits; nothing else may stand in an address that the token goes along with. */
export const offeringsQuerySchema = z
  .strictObject({
    catalog: z
      .string()
      .regex(/^\d{1,64}$/, 'must be the id of a catalogue: digits')
      .optional(),
  })
  .meta({ id: 'OfferingsQuery' });
export type OfferingsQuery = z.infer<typeof offeringsQuerySchema>;

const offeringSchema = z.object({ id: z.string(), name: z.string().nullable() }).meta({ id: 'Offering' });

/** What was made at Meta and can be named in an offer from a number. */
export const offeringsSchema = z
  .object({
    /** Forms that can be sent: published, and not blocked. */
    flows: z.array(offeringSchema),
    catalogs: z.array(offeringSchema),
    /** Of the catalogue that was asked for, by the ids that the shop gave them. */
    products: z.array(offeringSchema),
    /** What Meta did not tell: the token may lack the scope, or Meta was out of reach. */
    untold: z.array(z.enum(offeringKinds)),
  })
  .meta({ id: 'Offerings' });
export type Offerings = z.infer<typeof offeringsSchema>;

/** What messages from a number named of what was made at Meta: each once, the last used first. */
export const usedOfferingsSchema = z
  .object({
    /** By their ids, or by the names that they were sent by. */
    flows: z.array(z.string()),
    catalogs: z.array(z.string()),
    /** Of the catalogue that was asked for, where messages say of which they are; by the ids that the shop gave them. */
    products: z.array(z.string()),
  })
  .meta({ id: 'UsedOfferings' });
export type UsedOfferings = z.infer<typeof usedOfferingsSchema>;
