import {
  codeDeliveries,
  type Template,
  type TemplateButton,
  type TemplateButtonType,
  variableNames,
  z,
} from '@parley/contract';

/* A template's components as Graph lists them. Meta adds to them without notice: nothing in them can make this throw. */

const text = z.string().catch('');
const texts = z.array(z.string()).catch([]);
const named = z.array(z.object({ param_name: z.string(), example: text })).catch([]);
const buttonSchema = z.object({
  type: text,
  text,
  url: z.string().nullish().catch(null),
  phone_number: z.string().nullish().catch(null),
  otp_type: text,
  autofill_text: z.string().nullish().catch(null),
  package_name: text,
  signature_hash: text,
  supported_apps: z.array(z.object({ package_name: text, signature_hash: text })).catch([]),
  flow_id: z.union([z.string(), z.number().int().transform(String)]).catch(''),
  navigate_screen: z.string().nullish().catch(null),
  example: z
    .union([z.array(z.string()), z.string()])
    .nullish()
    .catch(null),
});
const partSchema = z.object({
  type: text,
  format: text,
  text,
  buttons: z.array(buttonSchema).catch([]),
  example: z
    .object({
      header_text: texts,
      body_text: z.array(texts).catch([]),
      header_text_named_params: named,
      body_text_named_params: named,
    })
    .partial()
    .catch({}),
});
const componentSchema = partSchema.extend({
  add_security_recommendation: z.boolean().nullish().catch(null),
  code_expiration_minutes: z.int().nullish().catch(null),
  cards: z.array(z.object({ components: z.array(partSchema).catch([]) })).catch([]),
  limited_time_offer: z
    .object({ text, has_expiration: z.boolean().catch(false) })
    .nullish()
    .catch(null),
});

export const componentsSchema = z.array(componentSchema).catch([]);

/** A component of a template, or of a card of one. */
export type Part = z.infer<typeof partSchema>;
export type Component = z.infer<typeof componentSchema>;

/** The component of that type; null when there is none. */
export const find = <Of extends Part>(components: readonly Of[], type: string): Of | null =>
  components.find((component) => component.type.toUpperCase() === type) ?? null;

/** A text with its variables and the samples that were approved with them. */
export function bodyOf({ text: words, example }: Part) {
  const positional = example.body_text?.[0] ?? [];
  return {
    text: words,
    variables: variableNames(words).map((name, index) => ({
      name,
      example: exampleOf(example.body_text_named_params, name) ?? positional[index] ?? null,
    })),
  };
}

/** The one variable of a text header with its sample; null when it has none. */
export function headerVariableOf({ text: words, example }: Part) {
  const [name] = variableNames(words);
  const { header_text: positional, header_text_named_params: names } = example;
  return name === undefined ? null : { name, example: exampleOf(names, name) ?? positional?.[0] ?? null };
}

const exampleOf = (examples: z.infer<typeof named> | undefined, name: string): string | undefined =>
  examples?.find(({ param_name: known }) => known === name)?.example;

const BUTTON_TYPES: Readonly<Record<string, TemplateButtonType>> = {
  QUICK_REPLY: 'quick_reply',
  URL: 'url',
  PHONE_NUMBER: 'phone_number',
  COPY_CODE: 'copy_code',
  FLOW: 'flow',
  OTP: 'otp',
  REQUEST_CONTACT_INFO: 'contact_info',
  VOICE_CALL: 'call',
  CATALOG: 'catalog',
  SPM: 'product',
  MPM: 'product_list',
};
/** Meta lists the button of a one-time code as a link to itself that carries the code at its end. */
const OTP_LINK = /^https:\/\/(www\.)?whatsapp\.com\/otp\//i;

/** A button with what a send must give for it. */
export function toButton({
  type: word,
  text: words,
  url,
  phone_number: phone,
  example,
  flow_id: flowId,
  navigate_screen: screen,
}: Part['buttons'][number]): TemplateButton {
  const known = BUTTON_TYPES[word.toUpperCase()] ?? 'other';
  const type = known === 'url' && OTP_LINK.test(url ?? '') ? 'otp' : known;
  const [name] = type === 'url' ? variableNames(url ?? '') : type === 'copy_code' ? ['code'] : [];
  const shown = typeof example === 'string' ? example : (example?.[0] ?? null);
  return {
    type,
    text: words,
    url: type === 'url' ? (url ?? null) : null,
    phoneNumber: type === 'phone_number' ? (phone ?? null) : null,
    variable: name === undefined ? null : { name, example: shown },
    ...(type === 'flow' && flowId !== '' && { flow: { id: flowId, screen: screen ?? null } }),
  };
}

type CodeParts = NonNullable<Template['code']>;

/**
 * How the button of a one-time code hands it on. Where Meta lists it as a link, what it says of the button stands in the
 * link's query.
 */
export function handingOf(button: Part['buttons'][number]): Pick<CodeParts, 'delivery' | 'autofillText' | 'apps'> {
  const query = queryOf(button.url ?? '');
  const word = (button.otp_type || (query.get('otp_type') ?? '')).toLowerCase();
  const apps = button.supported_apps.map((app) => ({
    packageName: app.package_name,
    signatureHash: app.signature_hash,
  }));
  if (apps.length === 0 && button.package_name !== '') {
    apps.push({ packageName: button.package_name, signatureHash: button.signature_hash });
  }
  const hashes = query.getAll('signature_hash');
  const linked = query.getAll('package_name').map((packageName, index) => ({
    packageName,
    signatureHash: hashes[index] ?? '',
  }));
  return {
    delivery: codeDeliveries.find((known) => known === word) ?? null,
    autofillText: button.autofill_text ?? query.get('cta_display_name'),
    apps: apps.length > 0 ? apps : linked,
  };
}

const queryOf = (url: string): URLSearchParams => new URLSearchParams(url.slice(url.indexOf('?') + 1));
