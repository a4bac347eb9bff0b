import { idSchema, textSchema } from './common.js';
import { replyButtonSchema } from './interactive.js';
import { z } from './zod.js';

/** What a rule answers: a text, or a text with reply buttons (a tapped button's id is matched like a keyword). */
export const botAnswerSchema = z.strictObject({
  text: textSchema.trim().min(1).max(1_024),
  buttons: z.array(replyButtonSchema).max(3).default([]),
});
export type BotAnswer = z.infer<typeof botAnswerSchema>;

export const botMatchKinds = ['word', 'contains', 'exact'] as const;

/** `keywords` are compared without case and accents; `word` matches whole words, `exact` the whole message. */
const ruleFields = {
  name: textSchema.trim().min(1).max(120),
  enabled: z.boolean(),
  match: z.enum(botMatchKinds),
  keywords: z.array(textSchema.trim().min(1).max(100)).min(1).max(50),
  answer: botAnswerSchema,
  /** After the answer the thread goes to the queue instead of staying with the bot. */
  handOver: z.boolean(),
};

export const botRuleSchema = z
  .object({ id: idSchema, channelId: idSchema, position: z.int().nonnegative(), ...ruleFields })
  .meta({ id: 'BotRule' });
export type BotRule = z.infer<typeof botRuleSchema>;
export const botRuleListSchema = z.object({ items: z.array(botRuleSchema) }).meta({ id: 'BotRuleList' });
export type BotRuleList = z.infer<typeof botRuleListSchema>;

/** The whole ordered list of a number is replaced at once; the first rule that matches answers. */
export const putBotRulesSchema = z
  .strictObject({ rules: z.array(z.strictObject({ id: idSchema.optional(), ...ruleFields })).max(200) })
  .meta({ id: 'PutBotRules' });
export type PutBotRules = z.infer<typeof putBotRulesSchema>;

/** With `rules` those are tried in place of the saved ones: a draft answers before anybody hears it. */
export const botDryRunSchema = z
  .strictObject({
    text: z.string().max(4_096),
    buttonId: z.string().max(256).optional(),
    rules: putBotRulesSchema.shape.rules.optional(),
  })
  .meta({ id: 'BotDryRun' });
export type BotDryRun = z.infer<typeof botDryRunSchema>;

/**
 * Why a rule fires or not: `fires` · `disabled` · `after_match` an earlier rule answers first · `absent` none of its
 * keywords is there · `inside_word` one is there, but only as part of a longer word · `not_whole` one is there, but the
 * message says more.
 */
export const botStepReasons = ['fires', 'disabled', 'after_match', 'absent', 'inside_word', 'not_whole'] as const;
export type BotStepReason = (typeof botStepReasons)[number];

/** Which rule would fire and, rule by rule, why the others would not. */
export const botDryRunResultSchema = z
  .object({
    ruleId: idSchema.nullable(),
    answer: botAnswerSchema.nullable(),
    fallback: z.boolean(),
    steps: z.array(
      z.object({
        ruleId: idSchema,
        name: z.string(),
        outcome: z.enum(['matched', 'disabled', 'no_match', 'not_reached']),
        keyword: z.string().nullable(),
        reason: z.enum(botStepReasons),
        /** The keyword that would match, or nearly does. */
        near: z.string().nullable(),
      }),
    ),
    /** Whether the bot answers at all on this number; the steps are told all the same. */
    botEnabled: z.boolean(),
    /** After the answer the thread goes to the queue. */
    handsOver: z.boolean(),
  })
  .meta({ id: 'BotDryRunResult' });
export type BotDryRunResult = z.infer<typeof botDryRunResultSchema>;
