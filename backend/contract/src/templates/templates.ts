import { idSchema, textSchema, timeSchema } from '../common.js';
import { TEMPLATE_CARDS_MAX, TEMPLATE_VALUE_MAX_CHARS } from '../constants.js';
import { interactiveSchema } from '../interactive.js';
import { fileLinkSchema, locationSchema } from '../media.js';
import { z } from '../zod.js';

/** How Meta has a template. `unknown` is a word of Meta's that this version does not know: it is not sent. */
export const templateStatuses = [
  'approved',
  'pending',
  'in_appeal',
  'rejected',
  'paused',
  'limit_exceeded',
  'locked',
  'archived',
  'disabled',
  'pending_deletion',
  'deleted',
  'unknown',
] as const;
export type TemplateStatus = (typeof templateStatuses)[number];

export const templateQualities = ['green', 'yellow', 'red', 'unknown'] as const;
export type TemplateQuality = (typeof templateQualities)[number];

export const templateCategories = ['marketing', 'utility', 'authentication', 'unknown'] as const;
export type TemplateCategory = (typeof templateCategories)[number];

export const templateHeaderFormats = ['text', 'image', 'video', 'document', 'location', 'product', 'other'] as const;
export type TemplateHeaderFormat = (typeof templateHeaderFormats)[number];

export const templateButtonTypes = [
  'quick_reply',
  'url',
  'phone_number',
  'copy_code',
  'flow',
  'otp',
  'contact_info',
  'call',
  'catalog',
  'product',
  'product_list',
  'other',
] as const;
export type TemplateButtonType = (typeof templateButtonTypes)[number];

/** How the phone hands a one-time code on: copied, filled in at a tap, or without one (Meta: authentication templates). */
export const codeDeliveries = ['copy_code', 'one_tap', 'zero_tap'] as const;
export type CodeDelivery = (typeof codeDeliveries)[number];

/** Why a template cannot be sent: Meta's state of it, a part that cannot be sent from here, or parts not read yet. */
export const templateBlocks = ['status', 'unsupported', 'incomplete'] as const;
export type TemplateBlock = (typeof templateBlocks)[number];

/** A place in the text that every send fills: `1`, `2` … or a name, without its braces. */
export const templateVariableSchema = z.object({ name: z.string(), example: z.string().nullable() });
export type TemplateVariable = z.infer<typeof templateVariableSchema>;

export const templateButtonSchema = z.object({
  type: z.enum(templateButtonTypes),
  text: z.string(),
  /** Of `url`: with its `{{1}}` if it has one. */
  url: z.string().nullable(),
  phoneNumber: z.string().nullable(),
  /**
   * What a send must give: the end of the address, or the code to be copied. A quick reply may carry a payload; `otp` takes
   * the code of the text.
   */
  variable: templateVariableSchema.nullable(),
  /** Of `flow`, as far as Meta tells it: the id of the form and its first screen. */
  flow: z.object({ id: z.string(), screen: z.string().nullable() }).optional(),
});
export type TemplateButton = z.infer<typeof templateButtonSchema>;

const templateBodySchema = z.object({ text: z.string(), variables: z.array(templateVariableSchema) });

/** A card of a carousel: a picture, film or product, which every send brings, words and buttons. */
export const templateCardSchema = z.object({
  format: z.enum(['image', 'video', 'product', 'other']),
  body: templateBodySchema.nullable(),
  buttons: z.array(templateButtonSchema),
});
export type TemplateCard = z.infer<typeof templateCardSchema>;

/** A message template of a business account, as it was last told or read. */
export const templateSchema = z
  .object({
    /** Meta's id. */
    id: z.string(),
    businessAccountId: z.string(),
    name: z.string(),
    /** Meta's code, always with `_` (`en_US`). */
    language: z.string(),
    category: z.enum(templateCategories),
    /** Meta will change the category (and so the price) at that time, or thinks it should be another (`at` null). */
    upcomingCategory: z.object({ category: z.enum(templateCategories), at: timeSchema.nullable() }).nullable(),
    status: z.enum(templateStatuses),
    /** What Meta said with the status: why it was rejected, for how long it is paused. */
    statusReason: z.string().nullable(),
    statusDetail: z.string().nullable(),
    quality: z.enum(templateQualities),
    parameterFormat: z.enum(['positional', 'named']),
    header: z
      .object({
        format: z.enum(templateHeaderFormats),
        text: z.string().nullable(),
        variable: templateVariableSchema.nullable(),
      })
      .nullable(),
    body: templateBodySchema,
    footer: z.string().nullable(),
    buttons: z.array(templateButtonSchema),
    /** Of a limited-time offer; with `hasExpiration` every send says when it ends, and the phone counts down. */
    offer: z.object({ text: z.string(), hasExpiration: z.boolean() }).nullable(),
    /** Of a carousel; else empty. */
    cards: z.array(templateCardSchema),
    /** It asks whether the customer may be called. */
    callPermissionRequest: z.boolean(),
    /** Of an authentication template: what can be chosen about it. */
    code: z
      .object({
        securityAdvice: z.boolean(),
        expiresInMinutes: z.int().nullable(),
        /** How the phone hands the code on; null = Meta does not tell, or in a word that this version does not know. */
        delivery: z.enum(codeDeliveries).nullable(),
        /** Of `one_tap` and `zero_tap`, as far as Meta tells it. */
        autofillText: z.string().nullable(),
        apps: z.array(z.object({ packageName: z.string(), signatureHash: z.string() })),
      })
      .nullable(),
    /** It has parts that this version does not know: to change it from here would lose them. */
    hasUnknownParts: z.boolean(),
    /** Null = it can be sent. */
    blockedBy: z.enum(templateBlocks).nullable(),
    /** In a list: messages of it that reached a customer in the last 90 days, from the number asked for or from all. */
    sends: z.int().nonnegative().optional(),
    updatedAt: timeSchema,
  })
  .meta({ id: 'Template' });
export type Template = z.infer<typeof templateSchema>;

/** Reading the templates of one business account from Meta. */
export const templateSyncSchema = z
  .object({
    businessAccountId: z.string(),
    isRunning: z.boolean(),
    /** Templates read by the run under way, or by the last one. */
    found: z.int().nonnegative(),
    /** When the newest run began: with an `error` the one that failed. */
    startedAt: timeSchema.nullable(),
    /** When the last run that reached the end did so: of then the templates are. */
    finishedAt: timeSchema.nullable(),
    /** Why the newest run came to nothing; Meta's words. */
    error: z.string().nullable(),
  })
  .meta({ id: 'TemplateSync' });
export type TemplateSync = z.infer<typeof templateSyncSchema>;

export const templateListQuerySchema = z.object({ channel: idSchema.optional() });
export type TemplateListQuery = z.infer<typeof templateListQuerySchema>;

/** By name and language; of one number's account, or of all. */
export const templateListSchema = z
  .object({ items: z.array(templateSchema), syncs: z.array(templateSyncSchema) })
  .meta({ id: 'TemplateList' });
export type TemplateList = z.infer<typeof templateListSchema>;

/** Of this number's account, or of all. */
export const syncTemplatesSchema = z.strictObject({ channelId: idSchema.optional() }).meta({ id: 'SyncTemplates' });
export type SyncTemplates = z.infer<typeof syncTemplatesSchema>;

export const templateSyncListSchema = z.object({ items: z.array(templateSyncSchema) }).meta({ id: 'TemplateSyncList' });
export type TemplateSyncList = z.infer<typeof templateSyncListSchema>;

const value = textSchema.max(TEMPLATE_VALUE_MAX_CHARS);
/** By the variable's number or name, without braces. */
const bodyValues = z.record(z.string().min(1).max(256), value);
/** `value`: the end of an address, the code to be copied, or what comes back from a quick reply. */
const buttonValues = z.array(z.strictObject({ index: z.int().min(0).max(9), value })).max(10);

/** A product by the id that the shop gave it, and the catalogue that it stands in. */
const productSchema = z.strictObject({ catalogId: value, productId: value });

/** An upload by its id or a link, not both; what the template needs of them is judged with it. */
const isOneFile = (part: { fileId?: string | undefined; link?: string | undefined }): boolean =>
  part.fileId === undefined || part.link === undefined;
const ONE_FILE = { path: ['link'], message: 'give the fileId of an upload or a link, not both' };

/**
 * A template with what fills it. A header's file is uploaded first (`POST /api/media`) and named by its `fileId`, or
 * fetched from a `link`.
 */
export const filledTemplateSchema = z
  .strictObject({
    name: textSchema.min(1).max(512),
    language: textSchema.min(2).max(32),
    header: z
      .strictObject({
        /** What stands in the header's one variable. */
        text: value.optional(),
        fileId: idSchema.optional(),
        link: fileLinkSchema.optional(),
        location: locationSchema.optional(),
        product: productSchema.optional(),
      })
      .refine(isOneFile, ONE_FILE)
      .optional(),
    body: bodyValues.optional(),
    buttons: buttonValues.optional(),
    /** Of a limited-time offer: when it ends. */
    offer: z.strictObject({ expiresAt: timeSchema }).optional(),
    /** Of the button that opens a list of products: which, in sections, and the one whose picture stands above the text. */
    products: z
      .strictObject({
        sections: z.array(z.strictObject({ title: value.optional(), productIds: z.array(value).max(100) })).max(20),
        /** The first product where nothing is said. */
        coverId: value.optional(),
      })
      .optional(),
    /** Of the button that opens the catalogue: the product whose picture stands above the text; else WhatsApp takes one. */
    catalog: z.strictObject({ coverId: value }).optional(),
    /** Of a carousel: what fills each of its cards, in their order. */
    cards: z
      .array(
        z
          .strictObject({
            fileId: idSchema.optional(),
            link: fileLinkSchema.optional(),
            product: productSchema.optional(),
            body: bodyValues.optional(),
            buttons: buttonValues.optional(),
          })
          .refine(isOneFile, ONE_FILE),
      )
      .max(TEMPLATE_CARDS_MAX)
      .optional(),
  })
  .meta({ id: 'FilledTemplate' });
export type FilledTemplate = z.infer<typeof filledTemplateSchema>;

const buttonFaces = z.array(
  z.object({ type: z.enum(templateButtonTypes), text: z.string(), value: z.string().nullable() }),
);

/** A template message as the phone shows it; a header's file is the message's `media`, its place the `location`. */
export const templateFaceSchema = z
  .object({
    name: z.string(),
    language: z.string(),
    category: z.enum(templateCategories),
    header: z.object({ format: z.enum(templateHeaderFormats), text: z.string().nullable() }).nullable(),
    body: z.string(),
    footer: z.string().nullable(),
    buttons: buttonFaces,
    /** What the customer can do with it besides tapping those buttons: see its products, allow calls. */
    interactive: interactiveSchema.optional(),
    offer: z.object({ text: z.string(), expiresAt: timeSchema.nullable() }).optional(),
    cards: z
      .array(
        z.object({
          format: templateCardSchema.shape.format,
          /** Its bytes are at `GET /api/media/{fileId}`; null while none is chosen. */
          fileId: idSchema.nullable(),
          /** Of a product: its id in the shop; null while none is chosen. */
          productId: z.string().nullable().optional(),
          body: z.string().nullable(),
          buttons: buttonFaces,
        }),
      )
      .optional(),
  })
  .meta({ id: 'TemplateFace' });
export type TemplateFace = z.infer<typeof templateFaceSchema>;

/** Which account's templates moved: whoever shows them asks again. */
export const templatesChangeSchema = z.object({ businessAccountId: z.string() }).meta({ id: 'TemplatesChange' });
export type TemplatesChange = z.infer<typeof templatesChangeSchema>;
