import { z } from './zod.js';

/** What a report of costs may be broken down by. */
export const costGroupings = ['category', 'template', 'campaign', 'agent', 'conversation', 'number', 'month'] as const;
export type CostGrouping = (typeof costGroupings)[number];

const monthSchema = z.string().regex(/^20\d{2}-(0[1-9]|1[0-2])$/, 'must be a month such as 2026-11');

/** Whole months, both included, as they begin and end in the bill's time zone; `to` is `from` unless told. */
export const costQuerySchema = z.object({
  from: monthSchema,
  to: monthSchema.optional(),
  groupBy: z.enum(costGroupings).default('category'),
  limit: z.coerce.number().int().min(1).max(500).default(200),
});
export type CostQuery = z.infer<typeof costQuerySchema>;

/** A sum in one currency: units as exact decimal text. */
export const moneySchema = z.object({ currency: z.string(), amount: z.string() }).meta({ id: 'Money' });
export type Money = z.infer<typeof moneySchema>;

/** `messages` = `billed` + `free` + `unknown`; a sum holds the billed ones alone, and nothing counts as zero. */
export const costSumSchema = z
  .object({
    messages: z.int(),
    /** Those that Meta bills and that the rate card has an amount for. */
    billed: z.int(),
    /** Those that Meta says cost nothing. */
    free: z.int(),
    /** Meta has not said, or the card has no rate: they may cost something. */
    unknown: z.int(),
    /** Of `free`: service messages that took from the monthly allowance. */
    freeService: z.int(),
    /** One for each currency. */
    amounts: z.array(moneySchema),
  })
  .meta({ id: 'CostSum' });
export type CostSum = z.infer<typeof costSumSchema>;

export const costRowSchema = costSumSchema
  .extend({
    /**
     * The category, template, campaign, agent, conversation, number or month. Of agents also `bot` and `system`; '' = none
     * (a message without template or campaign, or of a category that is not known).
     */
    key: z.string(),
    /** Its name, where it has one. */
    name: z.string().nullable(),
  })
  .meta({ id: 'CostRow' });
export type CostRow = z.infer<typeof costRowSchema>;

/** Messages that reached customers in these months, and what they cost by the rates at their time; dearest first. */
export const costReportSchema = z
  .object({
    from: monthSchema,
    to: monthSchema,
    timeZone: z.string(),
    groupBy: z.enum(costGroupings),
    rows: z.array(costRowSchema),
    /** There are more rows than `limit`; the total holds them all. */
    isCut: z.boolean(),
    total: costSumSchema,
    /** Free service messages of one number a month, by the terms of the last month; null = without limit, or not known. */
    serviceAllowance: z.int().nullable(),
  })
  .meta({ id: 'CostReport' });
export type CostReport = z.infer<typeof costReportSchema>;

export const priceKinds = ['free', 'amount', 'unknown'] as const;

/** What a template of a category would cost now, sent to one customer: an estimate, for Meta says it only afterwards. */
export const priceSchema = z
  .object({
    category: z.string(),
    kind: z.enum(priceKinds),
    /** Of `amount` alone. */
    price: moneySchema.nullable(),
  })
  .meta({ id: 'Price' });
export type Price = z.infer<typeof priceSchema>;

export const priceListSchema = z.object({ items: z.array(priceSchema) }).meta({ id: 'PriceList' });
export type PriceList = z.infer<typeof priceListSchema>;

/** `nearly`: a twentieth of the month's free service messages is left, or less; `unknown`: no terms are known. */
export const serviceStandings = ['plenty', 'nearly', 'beyond', 'unknown'] as const;

/**
 * How far the number of a conversation has used up this month's free service messages (what is written by hand, within the
 * window), and what one beyond them costs: an estimate, for Meta says it only afterwards.
 */
export const servicePriceSchema = z
  .object({
    standing: z.enum(serviceStandings),
    /** Free ones left this month; null = without limit, or not known. */
    left: z.int().nullable(),
    /** Of a message beyond the free ones. */
    price: priceSchema,
  })
  .meta({ id: 'ServicePrice' });
export type ServicePrice = z.infer<typeof servicePriceSchema>;
