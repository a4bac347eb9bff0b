import { idSchema, textSchema } from '../common.js';
import { codeDeliveries } from './templates.js';
import { z } from '../zod.js';

/** What can be made from here; Meta knows more kinds, which are made in the WhatsApp Manager. */
export const draftCategories = ['marketing', 'utility', 'authentication'] as const;
export const draftHeaderFormats = ['text', 'image', 'video', 'document', 'location', 'product'] as const;
export const draftButtonTypes = [
  'quick_reply',
  'url',
  'phone_number',
  'copy_code',
  'flow',
  'call',
  'contact_info',
  'catalog',
  'product',
  'product_list',
] as const;
export const draftCardFormats = ['image', 'video', 'product'] as const;

const text = textSchema.max(4_096);
/** By the variable's number or name, without braces. */
const samples = z.record(z.string().min(1).max(256), text);
const written = z.strictObject({ text, samples });
const buttons = z
  .array(
    z.strictObject({
      type: z.enum(draftButtonTypes),
      /** What stands on it; the phone words `copy_code`, `contact_info` and those of products itself. */
      text: text.optional(),
      /** Of `url`: may end with `{{1}}`. */
      url: text.optional(),
      phoneNumber: text.optional(),
      /** What stands for the variable of an address, or the code of `copy_code`. */
      sample: text.optional(),
      /** Of `flow`: Meta's id of the form, and its first screen; without one its endpoint names it. */
      flowId: text.optional(),
      flowScreen: text.optional(),
    }),
  )
  .max(20);
/** An app that takes a code, by its name and the hash of its signature. */
const codeApp = z.strictObject({ packageName: text, signatureHash: text });

/** The rules of Meta stand in `templateDraftFaults`: they are told with counts while it is being written. */
const contentShape = {
  category: z.enum(draftCategories),
  /** Whether variables are numbers (`{{1}}`) or names (`{{first_name}}`). */
  parameterFormat: z.enum(['positional', 'named']),
  header: z
    .strictObject({
      format: z.enum(draftHeaderFormats),
      /** Of `text`. */
      text: text.optional(),
      samples: samples.optional(),
      /** Of a picture, film or document: the sample, which was uploaded before (`POST /api/media`). */
      fileId: idSchema.optional(),
    })
    .nullable(),
  body: written,
  footer: text.nullable(),
  buttons,
  /** Of a limited-time offer: its heading, and whether the phone counts down to its end. */
  offer: z.strictObject({ text, hasExpiration: z.boolean() }).nullable().default(null),
  /** Of a carousel: its cards, all of one shape; else empty. */
  cards: z
    .array(
      z.strictObject({
        /** `fileId`: the sample, as that of a header. */
        header: z.strictObject({ format: z.enum(draftCardFormats), fileId: idSchema.optional() }),
        body: written.nullable(),
        buttons,
      }),
    )
    .max(20)
    .default([]),
  /** It asks whether the customer may be called, in the place of buttons. */
  callPermissionRequest: z.boolean().default(false),
  /** Of an authentication template, whose words are Meta's own; null of every other. */
  code: z
    .strictObject({
      securityAdvice: z.boolean(),
      expiresInMinutes: z.int().nullable(),
      buttonText: text,
      delivery: z.enum(codeDeliveries).default('copy_code'),
      /** Of `one_tap` and `zero_tap`: what fills the code in, and the apps that take it. */
      autofillText: text.default(''),
      apps: z.array(codeApp).max(20).default([]),
      /** Of `zero_tap`: that whoever submits it takes Meta's terms for it. */
      termsAccepted: z.boolean().default(false),
    })
    .nullable(),
};

/** A template to be submitted to Meta, of the account of this number. Name and language are its identity there. */
export const createTemplateSchema = z
  .strictObject({ channelId: idSchema, name: text, language: text, ...contentShape })
  .meta({ id: 'CreateTemplate' });
export type CreateTemplate = z.infer<typeof createTemplateSchema>;

/** What stands in the place of the present content; Meta reviews it again. */
export const updateTemplateSchema = z.strictObject(contentShape).meta({ id: 'UpdateTemplate' });
export type UpdateTemplate = z.infer<typeof updateTemplateSchema>;

/** Path parameter `:templateId`: Meta's, opaque. */
export const templateIdSchema = textSchema.min(1).max(200);

/** Everything but whose it is. */
export type TemplateDraft = Omit<CreateTemplate, 'channelId'>;

/** Why Meta did not take a template, with `template.refused`; clients word it and say what to do. */
export const templateRefusals = [
  'name_in_deletion',
  'limit',
  'header',
  'body',
  'footer',
  'too_long',
  'too_many_variables',
  'edge_variable',
  'status_locked',
  'rate',
  'token',
  'permission',
  'gone',
  'sample',
  'other',
] as const;
export type TemplateRefusal = (typeof templateRefusals)[number];
