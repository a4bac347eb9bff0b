import { idSchema, timeSchema } from './common.js';
import {
  RATE_AMOUNT,
  RATE_CATEGORY,
  RATE_COLUMNS,
  RATE_CSV_MAX_CHARS,
  RATE_CURRENCY,
  RATE_PREFIX,
} from './rate-csv.js';
import { z } from './zod.js';

/** A decimal number as text, exact: money is never a float. */
const amountSchema = z.string().regex(RATE_AMOUNT, 'must be a number such as 0.0625');
const prefixSchema = z.string().regex(RATE_PREFIX, 'must be the first digits of a number, without +');
const categorySchema = z.string().regex(RATE_CATEGORY, 'must be a category of Meta’s, in small letters with _');
const currencySchema = z.string().regex(RATE_CURRENCY, 'must be a currency’s three letters, such as USD');

/**
 * What one message costs from a day on. The rate of the longest prefix that fits the recipient's number, and that is in
 * force for the category, holds.
 */
export const rateSchema = z
  .object({
    id: idSchema,
    effectiveFrom: z.iso.date(),
    /** First digits of the number, without +; '' = every number that no other rate fits. */
    prefix: z.string(),
    /** As Meta names it in `pricing.category`, with `_` for `-`. */
    category: z.string(),
    currency: z.string(),
    /** Units of the currency, exact: `0.0625`. */
    amount: z.string(),
    updatedAt: timeSchema,
  })
  .meta({ id: 'Rate' });
export type Rate = z.infer<typeof rateSchema>;

/** What is free from a day on (Meta: pricing; it changes, so it is data). */
export const billingTermsSchema = z
  .strictObject({
    effectiveFrom: z.iso.date(),
    /** Free service messages of one business number in a month; null = without limit. */
    serviceAllowance: z.int().min(0).max(1_000_000_000).nullable(),
    /** Whether utility templates cost nothing while the customer service window is open. */
    utilityFreeInWindow: z.boolean(),
  })
  .meta({ id: 'BillingTerms' });
export type BillingTerms = z.infer<typeof billingTermsSchema>;

const timeZoneSchema = z.string().max(64).refine(isTimeZone, 'must be a time zone such as Europe/Berlin');

/** When days and months begin for Meta's bill, and what is free. */
export const billingSchema = z
  .strictObject({
    timeZone: timeZoneSchema,
    terms: z
      .array(billingTermsSchema)
      .max(50)
      .refine((terms) => new Set(terms.map(({ effectiveFrom }) => effectiveFrom)).size === terms.length, {
        message: 'name a day twice',
      }),
  })
  .meta({ id: 'Billing' });
export type Billing = z.infer<typeof billingSchema>;

/** Newest rates first; terms from the oldest on. */
export const rateCardSchema = z.object({ items: z.array(rateSchema), billing: billingSchema }).meta({ id: 'RateCard' });
export type RateCard = z.infer<typeof rateCardSchema>;

export const createRateSchema = z
  .strictObject({
    effectiveFrom: z.iso.date(),
    prefix: prefixSchema,
    category: categorySchema,
    currency: currencySchema,
    amount: amountSchema,
  })
  .meta({ id: 'CreateRate' });
export type CreateRate = z.infer<typeof createRateSchema>;

export const updateRateSchema = createRateSchema.partial().meta({ id: 'UpdateRate' });
export type UpdateRate = z.infer<typeof updateRateSchema>;

/** Lines of `effective_from, prefix, category, currency, amount`; all of them or none are taken. */
export const importRatesSchema = z
  .strictObject({ csv: z.string().min(1).max(RATE_CSV_MAX_CHARS) })
  .meta({ id: 'ImportRates' });
export type ImportRates = z.infer<typeof importRatesSchema>;

/** `changed`: there was a rate of that market, category and day, with another amount. */
export const importedRatesSchema = z
  .object({ added: z.int(), changed: z.int(), unchanged: z.int() })
  .meta({ id: 'ImportedRates' });
export type ImportedRates = z.infer<typeof importedRatesSchema>;

/** A member of the problem `rate.import_refused`. */
export const rateFaultSchema = z
  .object({
    line: z.int(),
    column: z.enum(RATE_COLUMNS).nullable(),
    problem: z.enum(['missing', 'malformed', 'columns', 'duplicate', 'too_many']),
    value: z.string(),
  })
  .meta({ id: 'RateFault' });

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
