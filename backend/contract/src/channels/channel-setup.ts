import { idSchema, textSchema } from '../common.js';
import { BUSINESS_VERTICALS } from '../limits.js';
import { z } from '../zod.js';

/** Registers a number with WhatsApp; the first time its PIN is set by it (Meta: registration). */
export const registerChannelSchema = z
  .strictObject({ pin: z.string().regex(/^\d{6}$/, 'is not a PIN of six digits') })
  .meta({ id: 'RegisterChannel' });
export type RegisterChannel = z.infer<typeof registerChannelSchema>;

/** Asks Meta for the code that shows that the number is one's own; it comes to the number itself (Meta: request code). */
export const requestCodeSchema = z
  .strictObject({
    method: z.enum(['SMS', 'VOICE']),
    /** Of the words around the code, as Meta writes languages (`en_US`). */
    language: z.string().regex(/^[a-z]{2,3}(_[A-Z]{2})?$/, 'is not a language as WhatsApp writes it (en_US)'),
  })
  .meta({ id: 'RequestCode' });
export type RequestCode = z.infer<typeof requestCodeSchema>;

/** The code as it came, six digits with or without what stands between them (Meta: verify code). */
export const verifyCodeSchema = z
  .strictObject({ code: z.string().regex(/^\d{3}[\s-]?\d{3}$/, 'is not a code of six digits') })
  .meta({ id: 'VerifyCode' });
export type VerifyCode = z.infer<typeof verifyCodeSchema>;

const WEBSITES_MAX = 2;

/** What customers are to see of a business, with Meta's limits in characters (business profiles). */
export const changeBusinessProfileSchema = z
  .strictObject({
    about: textSchema.trim().max(139),
    address: textSchema.trim().max(256),
    description: textSchema.trim().max(512),
    email: z.union([z.literal(''), z.email().max(128)]),
    websites: z.array(z.url({ protocol: /^https?$/ }).max(256)).max(WEBSITES_MAX),
    /** The industry; left out, it stays as it is. */
    vertical: z.enum(BUSINESS_VERTICALS).optional(),
  })
  .meta({ id: 'ChangeBusinessProfile' });
export type ChangeBusinessProfile = z.infer<typeof changeBusinessProfileSchema>;

/** What customers see of a business, as WhatsApp has it. */
export const businessProfileSchema = z
  .object({
    about: z.string(),
    address: z.string(),
    description: z.string(),
    email: z.string(),
    websites: z.array(z.string()),
    /** Meta's own word for the industry; empty where none is chosen. */
    vertical: z.string(),
    hasPicture: z.boolean(),
  })
  .meta({ id: 'BusinessProfile' });
export type BusinessProfile = z.infer<typeof businessProfileSchema>;

/** A picture of the agent's own uploads (`POST /api/media?kind=image`). */
export const profilePictureSchema = z.strictObject({ fileId: idSchema }).meta({ id: 'ProfilePicture' });
export type ProfilePicture = z.infer<typeof profilePictureSchema>;

/** A template without values to a phone of one's own, to see that the number works. */
export const testMessageSchema = z
  .strictObject({
    to: z
      .string()
      .trim()
      .regex(/^\+?[\d\s().-]{7,25}$/, 'is not a phone number'),
    template: z.strictObject({ name: z.string().min(1).max(512), language: z.string().min(2).max(32) }),
  })
  .meta({ id: 'TestMessage' });
export type TestMessage = z.infer<typeof testMessageSchema>;

/** What WhatsApp named it; whether it arrives shows on the phone. */
export const testMessageSentSchema = z.object({ wamid: z.string() }).meta({ id: 'TestMessageSent' });
export type TestMessageSent = z.infer<typeof testMessageSentSchema>;
