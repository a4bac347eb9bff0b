import type { TemplateDraft, TemplateFace } from '@parley/contract';
import { fillTemplateText, templateInteractive, withoutProducts } from '@parley/contract/template-text';
import type { DraftButton } from './template-texts.js';

/** What the phone words itself, and when the offer of the preview ends. */
export interface PhoneWords {
  code: string;
  advice: string;
  expires: string;
  copy: string;
  contact: string;
  view: string;
  viewItems: string;
  /** ISO 8601 */
  offerEnds: string;
}

/** What the phone will show, its variables filled with their samples. */
export function faceOf(draft: TemplateDraft, words: PhoneWords): TemplateFace {
  const { name, language, category, header, body, footer, buttons, offer, cards, code } = draft;
  const shared = { name, language, category };
  const shown = buttonsShown(buttons, words);
  const interactive = templateInteractive({ ...draft, buttons: shown });
  if (code) {
    return {
      ...shared,
      header: null,
      body: code.securityAdvice ? `${words.code} ${words.advice}` : words.code,
      footer: code.expiresInMinutes === null ? null : words.expires,
      buttons: [{ type: 'otp', text: otpText(code, words), value: null }],
    };
  }
  return {
    ...shared,
    header: header && {
      format: header.format,
      text: header.format === 'text' ? fillTemplateText(header.text ?? '', header.samples ?? {}) : null,
    },
    body: fillTemplateText(body.text, body.samples),
    footer,
    buttons: withoutProducts(shown),
    ...(interactive && { interactive }),
    ...(offer && { offer: { text: offer.text, expiresAt: offer.hasExpiration ? words.offerEnds : null } }),
    ...(cards.length > 0 && {
      cards: cards.map((card) => ({
        format: card.header.format,
        fileId: card.header.fileId ?? null,
        ...(card.header.format === 'product' && { productId: null }),
        body: card.body && fillTemplateText(card.body.text, card.body.samples),
        buttons: buttonsShown(card.buttons, words),
      })),
    }),
  };
}

/** An app that takes the code fills it in; where none does, the phone offers to copy it. */
const otpText = ({ delivery, autofillText, buttonText }: NonNullable<TemplateDraft['code']>, words: PhoneWords) =>
  (delivery === 'copy_code' ? buttonText : autofillText) || words.copy;

/** What the phone writes on a button that has no words of its own. */
function fixedText(type: DraftButton['type'], words: PhoneWords): string | undefined {
  const fixed: Partial<Record<DraftButton['type'], string>> = {
    copy_code: words.copy,
    contact_info: words.contact,
    product: words.view,
    product_list: words.viewItems,
  };
  return fixed[type];
}

const buttonsShown = (buttons: readonly DraftButton[], words: PhoneWords): TemplateFace['buttons'] =>
  buttons.map(({ type, text = '', url = '', phoneNumber, sample }) => ({
    type,
    text: fixedText(type, words) ?? text,
    value: type === 'url' ? fillTemplateText(url, { 1: sample }) : (phoneNumber ?? sample ?? null),
  }));
