import type { TemplateDraft, TemplateFace } from '@parley/contract';
import { fillTemplateText } from '@parley/contract/template-text';
import type { DraftButton } from './template-texts.js';

/** What the phone words itself, and when the offer of the preview ends. */
export interface PhoneWords {
  code: string;
  advice: string;
  expires: string;
  copy: string;
  contact: string;
  /** ISO 8601 */
  offerEnds: string;
}

/** What the phone will show, its variables filled with their samples. */
export function faceOf(draft: TemplateDraft, words: PhoneWords): TemplateFace {
  const { name, language, category, header, body, footer, buttons, offer, cards, code } = draft;
  const shared = { name, language, category };
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
    buttons: buttonsShown(buttons, words),
    ...(offer && { offer: { text: offer.text, expiresAt: offer.hasExpiration ? words.offerEnds : null } }),
    ...(cards.length > 0 && {
      cards: cards.map((card) => ({
        format: card.header.format,
        fileId: card.header.fileId ?? null,
        body: card.body && fillTemplateText(card.body.text, card.body.samples),
        buttons: buttonsShown(card.buttons, words),
      })),
    }),
  };
}

/** An app that takes the code fills it in; where none does, the phone offers to copy it. */
const otpText = ({ delivery, autofillText, buttonText }: NonNullable<TemplateDraft['code']>, words: PhoneWords) =>
  (delivery === 'copy_code' ? buttonText : autofillText) || words.copy;

const buttonsShown = (buttons: readonly DraftButton[], words: PhoneWords): TemplateFace['buttons'] =>
  buttons.map(({ type, text = '', url = '', phoneNumber, sample }) => ({
    type,
    text: type === 'copy_code' ? words.copy : type === 'contact_info' ? words.contact : text,
    value: type === 'url' ? fillTemplateText(url, { 1: sample }) : (phoneNumber ?? sample ?? null),
  }));
