import { channelColours, idSchema, textSchema, timeSchema } from '../common.js';
import { z } from '../zod.js';

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
    /** Stands beside its conversations; null = none. */
    colour: z.enum(channelColours).nullable(),
    /** Whose a new conversation of this number is from the start; null = everybody's. */
    teamId: idSchema.nullable(),
    receiptsPolicy: z.enum(receiptsPolicies),
    /**
     * The customer sees “typing…” while a reply is written. Meta marks their message as read with it, so it holds only
     * where the policy lets it: for the owner with `on_open`, for whoever writes with `on_reply`, for nobody with `never`.
     */
    typingIndicator: z.boolean(),
    botEnabled: z.boolean(),
    /** What a customer whose words match no rule is told, once per case. */
    botFallbackText: z.string(),
    /** False once it was disconnected: nothing is sent, and what Meta posts for it is unrouted. */
    connected: z.boolean(),
    /** Its token comes from the environment at each start, and is changed there. */
    fromEnvironment: z.boolean(),
    /** It has an app secret of its own; the environment's are tried as well. */
    hasAppSecret: z.boolean(),
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
    colour: z.enum(channelColours).nullish(),
    /** Conversations that there are stay where they are. */
    teamId: idSchema.nullish(),
    receiptsPolicy: z.enum(receiptsPolicies).optional(),
    /** Left out, it stays; but a change to `on_reply` ends it, for there it turns the ticks blue before the reply. */
    typingIndicator: z.boolean().optional(),
    botEnabled: z.boolean().optional(),
    botFallbackText: textSchema.trim().min(1).max(1_024).optional(),
    /** Lift a stop by hand once the cause is mended. */
    resumeSending: z.literal(true).optional(),
  })
  .meta({ id: 'UpdateChannel' });
export type UpdateChannel = z.infer<typeof updateChannelSchema>;

/** What is asked of Meta about a number, in the order in which a person would mend it. */
export const channelChecks = [
  'token',
  'scopes',
  'app_secret',
  'number',
  'registration',
  'account',
  'subscription',
  'quality',
] as const;
export type ChannelCheckName = (typeof channelChecks)[number];

/** Faults with a name; clients word them. */
export const channelFaults = [
  'graph_unreachable',
  'graph_refused',
  'token_missing',
  'token_invalid',
  'token_expired',
  'token_expires',
  'scope_missing',
  'scopes_unknown',
  'app_secret_missing',
  'app_secret_wrong',
  'number_unknown',
  'number_not_registered',
  'number_not_verified',
  'number_blocked',
  'number_in_other_account',
  'account_unknown',
  'not_subscribed',
  'callback_elsewhere',
  'quality_low',
] as const;
export type ChannelFault = (typeof channelFaults)[number];

/** `skipped`: it could not be asked because an earlier check failed. */
export const channelCheckSchema = z
  .object({
    name: z.enum(channelChecks),
    state: z.enum(['ok', 'warning', 'failed', 'skipped']),
    fault: z.enum(channelFaults).nullable(),
    /** A value that belongs to the fault: the missing scope, the end of the token, Meta's own words. */
    detail: z.string().nullable(),
  })
  .meta({ id: 'ChannelCheck' });
export type ChannelCheck = z.infer<typeof channelCheckSchema>;

/** What Meta says about a number and its token just now. */
export const channelReportSchema = z
  .object({
    checkedAt: timeSchema,
    /** No check failed; warnings are no failure. */
    healthy: z.boolean(),
    checks: z.array(channelCheckSchema),
    facts: z.object({
      displayPhoneNumber: z.string().nullable(),
      verifiedName: z.string().nullable(),
      quality: z.string().nullable(),
      messagingLimit: z.string().nullable(),
      throughput: z.string().nullable(),
      tokenExpiresAt: timeSchema.nullable(),
      /** Permissions of the token; null = Meta does not say. */
      scopes: z.array(z.string()).nullable(),
      /** `CONNECTED` when it works. */
      status: z.string().nullable(),
      /** Where the review of its display name stands. */
      nameStatus: z.string().nullable(),
      /** Whether the code that Meta sent to the number was entered. */
      verification: z.string().nullable(),
      /** Whether it can send: `AVAILABLE`, `LIMITED`, `BLOCKED`. */
      canSend: z.string().nullable(),
      /** Why not, in Meta's words. */
      canSendDetail: z.string().nullable(),
    }),
  })
  .meta({ id: 'ChannelReport' });
export type ChannelReport = z.infer<typeof channelReportSchema>;

/** Credentials to be asked about before they are kept. */
export const checkChannelSchema = z
  .strictObject({
    phoneNumberId: z.string().regex(/^\d{1,40}$/),
    businessAccountId: z.string().regex(/^\d{1,40}$/),
    accessToken: accessTokenSchema,
    appSecret: appSecretSchema.optional(),
  })
  .meta({ id: 'CheckChannel' });
export type CheckChannel = z.infer<typeof checkChannelSchema>;

/** Asks about the kept credentials, or about new ones before they take their place. */
export const recheckChannelSchema = z
  .strictObject({ accessToken: accessTokenSchema.optional(), appSecret: appSecretSchema.optional() })
  .meta({ id: 'RecheckChannel' });
export type RecheckChannel = z.infer<typeof recheckChannelSchema>;
