import { idSchema, textSchema, timeSchema } from './common.js';
import { z } from './zod.js';

/** When the customer's ticks turn blue: when the owner opens the thread, when somebody replies, or never. */
export const receiptsPolicies = ['on_open', 'on_reply', 'never'] as const;
export type ReceiptsPolicy = (typeof receiptsPolicies)[number];

/** A business number. Secrets never leave the server. */
export const channelSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    phoneNumberId: z.string(),
    displayPhoneNumber: z.string(),
    businessAccountId: z.string(),
    receiptsPolicy: z.enum(receiptsPolicies),
    botEnabled: z.boolean(),
    /** What a customer whose words match no rule is told, once per case. */
    botFallbackText: z.string(),
    /** `stopped` when Meta refuses the token or locked the account: sends wait, inbound goes on. */
    sending: z.object({
      state: z.enum(['ok', 'stopped']),
      code: z.int().nullable(),
      reason: z.string().nullable(),
      since: timeSchema.nullable(),
    }),
  })
  .meta({ id: 'Channel' });
export type Channel = z.infer<typeof channelSchema>;
export const channelListSchema = z.object({ items: z.array(channelSchema) }).meta({ id: 'ChannelList' });
export type ChannelList = z.infer<typeof channelListSchema>;

/** It travels in a header. What a paste brought along (a line's end) is taken off. */
const accessTokenSchema = z
  .string()
  .trim()
  .regex(/^[!-~]+$/, 'is not an access token')
  .max(2_000);
const appSecretSchema = z.string().trim().min(1).max(500);

export const createChannelSchema = z
  .strictObject({
    name: textSchema.trim().min(1).max(120),
    phoneNumberId: z.string().regex(/^\d{1,40}$/),
    displayPhoneNumber: textSchema.trim().max(40).default(''),
    businessAccountId: z.string().regex(/^\d{1,40}$/),
    accessToken: accessTokenSchema,
    appSecret: appSecretSchema.optional(),
  })
  .meta({ id: 'CreateChannel' });
export type CreateChannel = z.infer<typeof createChannelSchema>;

/** A new `accessToken` also lifts a stop. */
export const updateChannelSchema = z
  .strictObject({
    name: textSchema.trim().min(1).max(120).optional(),
    accessToken: accessTokenSchema.optional(),
    appSecret: appSecretSchema.optional(),
    receiptsPolicy: z.enum(receiptsPolicies).optional(),
    botEnabled: z.boolean().optional(),
    botFallbackText: textSchema.trim().min(1).max(1_024).optional(),
    /** Lift a stop by hand once the cause is mended. */
    resumeSending: z.literal(true).optional(),
  })
  .meta({ id: 'UpdateChannel' });
export type UpdateChannel = z.infer<typeof updateChannelSchema>;
