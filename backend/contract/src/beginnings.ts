import { idSchema, textSchema } from './common.js';
import { campaignSchema } from './messages/sends.js';
import { filledTemplateSchema } from './templates/templates.js';
import { z } from './zod.js';

const PHONE = /^\+?[\d\s().-]+$/;
/** Meta: business-scoped user ids, as they are and as those of a parent. */
const USER_ID = /^[A-Z]{2}\.[A-Za-z0-9._-]{1,200}$/;

/** E.164: at most fifteen digits; none with a country code is shorter than seven. */
const isPhone = (to: string): boolean => {
  const { length } = to.replace(/\D/g, '');
  return PHONE.test(to) && length >= 7 && length <= 15;
};

/** Writes to a customer first (`POST /api/conversations`): outside their window a template is all that may leave. */
export const beginConversationSchema = z
  .strictObject({
    /** The number that it is written from. */
    channelId: idSchema,
    to: textSchema
      .trim()
      .refine(
        (to) => isPhone(to) || USER_ID.test(to),
        'must be a phone number with its country code, or a user id of WhatsApp',
      ),
    template: filledTemplateSchema,
    /** As of any message; without one a repeated request sends it again. */
    clientMessageId: idSchema.optional(),
    campaign: campaignSchema.optional(),
  })
  .meta({ id: 'BeginConversation' });
export type BeginConversation = z.infer<typeof beginConversationSchema>;
