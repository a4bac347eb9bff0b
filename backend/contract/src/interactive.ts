import { addressRequestSchema } from './address-request.js';
import { idSchema, textSchema } from './common.js';
import { fileLinkSchema } from './media.js';
import { INTERACTIVE_LIMITS as LIMITS, META_ID_MAX_CHARS } from './limits.js';
import { z } from './zod.js';

/** Words that must be there; `what` names them in the sentence that refuses. */
const words = (what: string, max: number) =>
  textSchema
    .trim()
    .min(1, `${what} must not be empty`)
    .max(max, `${what} must have at most ${String(max)} characters`);

/** Meta refuses ids with outer spaces: they are taken off, and what is left must be something. */
const optionId = (what: string, max: number) => words(`the id of ${what}`, max);

const isUnique = (values: readonly string[]): boolean => new Set(values).size === values.length;

export const replyButtonSchema = z.object({
  id: textSchema.min(1).max(LIMITS.buttonId),
  title: textSchema.min(1).max(LIMITS.buttonTitle),
});
export type ReplyButton = z.infer<typeof replyButtonSchema>;

/** One line of a list that the customer can choose. */
const listRowSchema = z.strictObject({
  id: optionId('a row', LIMITS.rowId),
  title: words('the title of a row', LIMITS.rowTitle),
  description: textSchema.trim().max(LIMITS.rowDescription).nullish(),
});

const listSectionSchema = z.strictObject({
  title: textSchema.trim().max(LIMITS.sectionTitle).nullish(),
  rows: z.array(listRowSchema).min(1, 'a section needs a row'),
});

const body = words('the text', LIMITS.body);
const header = textSchema.trim().max(LIMITS.header).nullish();
/** A picture, film or document above the text, in the place of words; uploaded first (`POST /api/media`). */
const headerFileId = idSchema.nullish();
/** The same by a link instead. */
const headerLink = fileLinkSchema.nullish();
const footer = textSchema.trim().max(LIMITS.footer).nullish();
const buttonText = words('the words of the button', LIMITS.buttonText);

/** An address that a phone opens. Meta takes http as well; nobody should be sent there. */
const linkUrlSchema = textSchema
  .trim()
  .max(LIMITS.url)
  .refine((url) => /^https:\/\//i.test(url) && URL.canParse(url), 'must be an address that begins with https://');

const buttonsOffer = z.strictObject({
  /** May be left out: buttons are what there was first. */
  kind: z.literal('buttons').optional(),
  body,
  header,
  headerFileId,
  headerLink,
  footer,
  buttons: z
    .array(replyButtonSchema)
    .min(1)
    .max(LIMITS.buttons)
    .refine((buttons) => isUnique(buttons.map(({ id }) => id.trim())), 'two buttons have the same id')
    .refine((buttons) => isUnique(buttons.map(({ title }) => title.trim())), 'two buttons have the same title'),
});

const listOffer = z.strictObject({
  kind: z.literal('list'),
  body: words('the text', LIMITS.listBody),
  header,
  footer,
  /** On the button that opens the list. */
  buttonText,
  sections: z
    .array(listSectionSchema)
    .min(1)
    .max(LIMITS.sections)
    .refine(
      (sections) => sections.reduce((sum, { rows }) => sum + rows.length, 0) <= LIMITS.rows,
      `a list has at most ${String(LIMITS.rows)} rows in all its sections together`,
    )
    .refine(
      (sections) => sections.length < 2 || sections.every(({ title }) => title),
      'each section needs a title when there is more than one',
    )
    .refine(
      (sections) => isUnique(sections.flatMap(({ rows }) => rows.map(({ id }) => id))),
      'two rows have the same id',
    ),
});

const linkOffer = z.strictObject({
  kind: z.literal('link'),
  body,
  header,
  headerFileId,
  headerLink,
  footer,
  buttonText,
  url: linkUrlSchema,
});

const locationRequest = z.strictObject({ kind: z.literal('location_request'), body });
const contactRequest = z.strictObject({ kind: z.literal('contact_request'), body });
const addressRequest = z.strictObject({
  kind: z.literal('address_request'),
  body,
  header,
  footer,
  address: addressRequestSchema,
});
const callPermissionRequest = z.strictObject({ kind: z.literal('call_permission_request'), body });

const callButton = z.strictObject({
  kind: z.literal('call_button'),
  body,
  /** Meta writes "Call now" where there is none. */
  buttonText: buttonText.nullish(),
  /** For so long the button works; a week where nothing is said. */
  ttlMinutes: z.int().min(1).max(LIMITS.callTtlMinutes).nullish(),
});

/** A form made at Meta, by its id or its name. */
const flowSchema = z
  .strictObject({
    id: textSchema.trim().min(1).max(META_ID_MAX_CHARS).nullish(),
    name: textSchema.trim().min(1).max(META_ID_MAX_CHARS).nullish(),
    /** Comes back with the answers; nothing else in them says which form it was. */
    token: textSchema.trim().min(1).max(META_ID_MAX_CHARS).nullish(),
    mode: z.enum(['draft', 'published']).nullish(),
    action: z.enum(['navigate', 'data_exchange']).nullish(),
    /** The first screen and what it is given: with `navigate`. */
    screen: textSchema.trim().min(1).max(META_ID_MAX_CHARS).nullish(),
    data: z.record(textSchema, z.union([textSchema, z.number(), z.boolean()])).nullish(),
  })
  .refine(({ id, name }) => Boolean(id) !== Boolean(name), 'give the id of the flow or its name, one of the two');

const flowOffer = z.strictObject({
  kind: z.literal('flow'),
  body,
  header,
  headerFileId,
  headerLink,
  footer,
  buttonText: words('the words of the button', LIMITS.flowButtonText),
  flow: flowSchema,
});

const catalogId = words('the id of the catalogue', META_ID_MAX_CHARS);
const productId = words('the id of a product', META_ID_MAX_CHARS);

const productOffer = z.strictObject({
  kind: z.literal('product'),
  body: body.nullish(),
  footer,
  catalogId,
  productId,
});

const productListOffer = z.strictObject({
  kind: z.literal('product_list'),
  header: words('the heading', LIMITS.header),
  body,
  footer,
  catalogId,
  productSections: z
    .array(
      z.strictObject({
        title: textSchema.trim().max(LIMITS.sectionTitle).nullish(),
        productIds: z.array(productId).min(1),
      }),
    )
    .min(1)
    .max(LIMITS.productSections)
    .refine(
      (sections) => sections.reduce((sum, { productIds }) => sum + productIds.length, 0) <= LIMITS.products,
      `at most ${String(LIMITS.products)} products in all sections together`,
    )
    .refine(
      (sections) => sections.length < 2 || sections.every(({ title }) => title),
      'each section needs a title when there is more than one',
    ),
});

const catalogOffer = z.strictObject({
  kind: z.literal('catalog'),
  body,
  footer,
  /** The product whose picture stands for the catalogue. */
  productId: productId.nullish(),
});

/** What can be offered to a customer beside words, each kind with Meta's limits. */
export const sendInteractiveSchema = z
  .discriminatedUnion('kind', [
    buttonsOffer,
    listOffer,
    linkOffer,
    locationRequest,
    contactRequest,
    addressRequest,
    callPermissionRequest,
    callButton,
    flowOffer,
    productOffer,
    productListOffer,
    catalogOffer,
  ])
  .refine((offer) => !('headerFileId' in offer && offer.headerFileId && offer.header), {
    path: ['headerFileId'],
    message: 'above the text there is room for words or for a file, not for both',
  })
  .refine((offer) => !('headerLink' in offer && offer.headerLink && (offer.header || offer.headerFileId)), {
    path: ['headerLink'],
    message: 'above the text there is room for words, for an upload or for a link, for one of them',
  });
export type SendInteractive = z.infer<typeof sendInteractiveSchema>;

/** Kinds of what we offer, and of what the customer's tap on it is. */
export const interactiveKinds = [
  'button_reply',
  'list_reply',
  'template_button',
  'other',
  'buttons',
  'list',
  'link',
  'location_request',
  'contact_request',
  'address_request',
  'call_permission_request',
  'call_button',
  'flow',
  'product',
  'product_list',
  'catalog',
] as const;
export type InteractiveKind = (typeof interactiveKinds)[number];

/** A tap of the customer on something we offered, or what we offered. Its words are the `text` of the message. */
export const interactiveSchema = z
  .object({
    kind: z.enum(interactiveKinds),
    id: z.string().nullable(),
    title: z.string().nullable(),
    description: z.string().nullable(),
    header: z.string().optional(),
    footer: z.string().optional(),
    buttons: z.array(replyButtonSchema).optional(),
    /** On the button below the words. */
    buttonText: z.string().optional(),
    url: z.string().optional(),
    /** Of a list. */
    sections: z
      .array(
        z.object({
          title: z.string().optional(),
          rows: z.array(z.object({ id: z.string(), title: z.string(), description: z.string().optional() })),
        }),
      )
      .optional(),
    ttlMinutes: z.int().optional(),
    flow: flowSchema.optional(),
    address: addressRequestSchema.optional(),
    catalogId: z.string().optional(),
    productId: z.string().optional(),
    productSections: z.array(z.object({ title: z.string().optional(), productIds: z.array(z.string()) })).optional(),
  })
  .meta({ id: 'Interactive' });
export type Interactive = z.infer<typeof interactiveSchema>;
