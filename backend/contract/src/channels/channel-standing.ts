import { channelReportSchema } from './channels.js';
import { idSchema, timeSchema } from '../common.js';
import { standingParts, troubleKinds, troubleLimits, troubleSeverities } from '../constants.js';
import { z } from '../zod.js';

/** One thing that Meta says of a number or its business account, as it last said it. */
export const standingFactSchema = z
  .object({
    part: z.enum(standingParts),
    /** Meta's own word in capitals (`GREEN`, `TIER_2K`); of `messagingLimit` it may be a count. */
    value: z.string(),
    /** What belongs to it: the name that was asked for, why it was turned down. */
    detail: z.string().nullable(),
    at: timeSchema,
    source: z.enum(['webhook', 'check']),
  })
  .meta({ id: 'StandingFact' });
export type StandingFact = z.infer<typeof standingFactSchema>;

/** Something that is wrong with a number as long as it holds. */
export const channelTroubleSchema = z
  .object({
    /** Names it in `…/dismiss`. */
    key: z.string(),
    kind: z.enum(troubleKinds),
    severity: z.enum(troubleSeverities),
    /** What cannot be sent meanwhile: `openings` outside the 24 h window, `replies` inside it. */
    limits: z.array(z.enum(troubleLimits)),
    /** Meta's own word or sentence; a date as Meta wrote it. */
    detail: z.string().nullable(),
    since: timeSchema.nullable(),
    /** When it ends by itself. */
    until: timeSchema.nullable(),
    /** Nothing ends it but somebody who has seen it. */
    dismissable: z.boolean(),
    /** Names what is told of it: whoever puts it away says so what they saw. */
    seen: z.string(),
  })
  .meta({ id: 'ChannelTrouble' });
export type ChannelTrouble = z.infer<typeof channelTroubleSchema>;

/** How a number stands: what is known of it from checks and webhooks, and what is wrong. */
export const channelStandingSchema = z
  .object({
    channelId: idSchema,
    facts: z.array(standingFactSchema),
    /** The worst first. */
    troubles: z.array(channelTroubleSchema),
    /** The last check; null = never checked. */
    report: channelReportSchema.nullable(),
    /** Different customers that the portfolio wrote to outside their windows within 24 hours: what its limit counts. */
    openingsUsed: z.int(),
  })
  .meta({ id: 'ChannelStanding' });
export type ChannelStanding = z.infer<typeof channelStandingSchema>;

/** Numbers that cannot send all that they should, with the troubles that are to blame. */
export const limitedChannelsSchema = z
  .object({
    items: z.array(z.object({ id: idSchema, name: z.string(), troubles: z.array(channelTroubleSchema) })),
  })
  .meta({ id: 'LimitedChannels' });
export type LimitedChannels = z.infer<typeof limitedChannelsSchema>;

/** Of a trouble as it was `seen` (without it: as it is); what was told since stays. */
export const dismissTroubleSchema = z
  .strictObject({ key: z.string().min(1).max(200), seen: z.string().max(100).optional() })
  .meta({ id: 'DismissTrouble' });
export type DismissTrouble = z.infer<typeof dismissTroubleSchema>;

/** Whose numbers stand otherwise than before. */
export const channelsChangeSchema = z.object({ businessAccountId: z.string() }).meta({ id: 'ChannelsChange' });
export type ChannelsChange = z.infer<typeof channelsChangeSchema>;
