import type { CodeDelivery, Template, TemplateDraft } from '@parley/contract';
import { templateDraftOf } from '@parley/contract/template-rules';
import { cardsOf, newCard, type CardFormat, type WritingCard } from './template-cards.js';
import { headerFormatOf, kindOf, type HeaderFormat, type TemplateKind } from './template-kinds.js';
import { samplesOf, writtenOf, type DraftButton } from './template-texts.js';

/** A draft as its form holds it: with every part that may be chosen, empty where it is not. */
export interface WritingDraft extends Omit<
  TemplateDraft,
  'header' | 'footer' | 'code' | 'offer' | 'cards' | 'callPermissionRequest'
> {
  channelId: string;
  kind: TemplateKind;
  header: {
    format: HeaderFormat;
    text: string;
    samples: Record<string, string>;
    fileId: string | null;
  };
  footer: string;
  /** Its buttons are its own: those of another kind wait. */
  offer: { text: string; hasExpiration: boolean; buttons: DraftButton[] };
  /** What every card shows. */
  cardFormat: CardFormat;
  cards: WritingCard[];
  code: {
    securityAdvice: boolean;
    expires: boolean;
    minutes: string;
    buttonText: string;
    delivery: CodeDelivery;
    autofillText: string;
    apps: { packageName: string; signatureHash: string }[];
    termsAccepted: boolean;
  };
}

const DEFAULT_MINUTES = '10';

/** What the form starts with: nothing, or a template as it is. Null for one that the form would take parts from. */
export function writingOf(template: Template | null, channelId: string, language: string): WritingDraft | null {
  const draft = template && templateDraftOf(template);
  if (template && !draft) return null;
  const { header, offer, cards = [] } = draft ?? {};
  const buttons = draft?.buttons.map((button) => ({ ...button })) ?? [];
  return {
    channelId,
    name: draft?.name ?? '',
    language: draft?.language ?? language,
    category: draft?.category ?? 'utility',
    kind: draft ? kindOfDraft(draft) : 'plain',
    parameterFormat: draft?.parameterFormat ?? 'positional',
    header: {
      // A product above the text comes with its kind.
      format: header && header.format !== 'product' ? header.format : 'none',
      text: header?.text ?? '',
      samples: { ...header?.samples },
      fileId: null,
    },
    body: { text: draft?.body.text ?? '', samples: { ...draft?.body.samples } },
    footer: draft?.footer ?? '',
    buttons: offer ? [] : buttons,
    offer: { text: offer?.text ?? '', hasExpiration: offer?.hasExpiration ?? true, buttons: offer ? buttons : [] },
    cardFormat: cards[0]?.header.format ?? 'image',
    cards: cards.map((card, index) => newCard(index, card)),
    code: writingCode(draft?.code ?? null),
  };
}

function kindOfDraft({ offer, cards, buttons, callPermissionRequest }: TemplateDraft): TemplateKind {
  if (offer) return 'offer';
  if (cards.length > 0) return 'carousel';
  if (callPermissionRequest) return 'call_permission';
  const shown = buttons.find(({ type }) => type === 'product' || type === 'product_list')?.type;
  return shown === 'product' || shown === 'product_list' ? shown : 'plain';
}

const writingCode = (code: TemplateDraft['code']): WritingDraft['code'] => ({
  securityAdvice: code?.securityAdvice ?? true,
  expires: code ? code.expiresInMinutes !== null : true,
  minutes: String(code?.expiresInMinutes ?? DEFAULT_MINUTES),
  buttonText: code?.buttonText ?? '',
  delivery: code?.delivery ?? 'copy_code',
  autofillText: code?.autofillText ?? '',
  apps: code?.apps.map((app) => ({ ...app })) ?? [],
  termsAccepted: code?.termsAccepted ?? false,
});

/** The form as the server takes it: what does not belong to its category, kind or header stays behind. */
export function draftOf(writing: WritingDraft): TemplateDraft {
  const { name, language, category, parameterFormat, header, body, footer, buttons, offer, code } = writing;
  const shared = { name, language, category, parameterFormat };
  const nothing = {
    header: null,
    footer: null,
    buttons: [],
    offer: null,
    cards: [],
    callPermissionRequest: false,
    code: null,
  };
  if (category === 'authentication') {
    return { ...shared, ...nothing, body: { text: '', samples: {} }, code: codeOf(code) };
  }
  const words = { ...shared, ...nothing, body: writtenOf(body) };
  const small = { footer: footer.trim() === '' ? null : footer.trim() };
  const kind = kindOf(writing);
  const above = headerOf({ ...header, format: headerFormatOf(kind, header.format) });
  switch (kind) {
    case 'carousel':
      return { ...words, cards: cardsOf(writing) };
    case 'offer': {
      const { text, hasExpiration } = offer;
      return { ...words, header: above, offer: { text: text.trim(), hasExpiration }, buttons: offer.buttons };
    }
    case 'product':
      return { ...words, ...small, header: { format: 'product' }, buttons: [{ type: kind }] };
    case 'product_list':
      return { ...words, ...small, header: above, buttons: [{ type: kind }] };
    case 'call_permission':
      return { ...words, ...small, header: above, callPermissionRequest: true };
    case 'plain':
      return { ...words, ...small, header: above, buttons };
  }
}

function codeOf({ expires, minutes, buttonText, delivery, autofillText, apps, ...rest }: WritingDraft['code']) {
  const number = /^\d+$/.test(minutes.trim()) ? Number(minutes) : 0;
  const isHanded = delivery !== 'copy_code';
  return {
    securityAdvice: rest.securityAdvice,
    expiresInMinutes: expires ? number : null,
    buttonText: buttonText.trim(),
    delivery,
    autofillText: isHanded ? autofillText.trim() : '',
    apps: isHanded ? apps.map((app) => ({ ...app })) : [],
    termsAccepted: delivery === 'zero_tap' && rest.termsAccepted,
  };
}

function headerOf({ format, text, samples, fileId }: WritingDraft['header']): TemplateDraft['header'] {
  if (format === 'none') return null;
  if (format === 'text') return { format, text: text.trim(), samples: samplesOf(text, samples) };
  return format === 'location' || fileId === null ? { format } : { format, fileId };
}
