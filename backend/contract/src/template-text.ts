import { codeVariable } from './templates/template-faults.js';
import { templateInteractive, withoutProducts } from './templates/template-products.js';
import { fillTemplateText, valueOf } from './templates/template-variables.js';
import type { FilledTemplate, Template, TemplateButton, TemplateFace } from './templates/templates.js';

/*
 * How a template is filled and what stands in the way: the same on both ends, so that what the composer allows the server
 * takes. Like `constants.ts` it imports no schema: the console takes it as `@parley/contract/template-text`.
 */

export type { TemplateFault } from './templates/template-fault.js';
export { codeVariable, templateFaults } from './templates/template-faults.js';
export { templateInteractive, withoutProducts } from './templates/template-products.js';
export { fillTemplateText, variableNames } from './templates/template-variables.js';

type Filling = Pick<FilledTemplate, 'header' | 'body' | 'buttons' | 'offer' | 'products' | 'catalog' | 'cards'>;
type ButtonValues = readonly { index: number; value: string }[];

/** The message as the phone shows it; what is not filled yet shows its variable. */
export function templateFace(
  template: Template,
  { header, body = {}, buttons, offer, products, catalog, cards = [] }: Filling,
): TemplateFace {
  const codeName = codeVariable(template);
  const interactive = templateInteractive(template, { product: header?.product, products, catalog });
  return {
    name: template.name,
    language: template.language,
    category: template.category,
    header: template.header && {
      format: template.header.format,
      text:
        template.header.text &&
        fillTemplateText(
          template.header.text,
          template.header.variable ? { [template.header.variable.name]: header?.text } : {},
        ),
    },
    body: fillTemplateText(template.body.text, body),
    footer: template.footer,
    buttons: withoutProducts(
      buttonFaces(template.buttons, buttons, codeName === null ? null : (valueOf(body, codeName) ?? null)),
    ),
    ...(interactive && { interactive }),
    ...(template.offer && { offer: { text: template.offer.text, expiresAt: offer?.expiresAt ?? null } }),
    ...(template.cards.length > 0 && {
      cards: template.cards.map((card, index) => ({
        format: card.format,
        fileId: cards[index]?.fileId ?? null,
        ...(card.format === 'product' && { productId: cards[index]?.product?.productId ?? null }),
        body: card.body && fillTemplateText(card.body.text, cards[index]?.body ?? {}),
        buttons: buttonFaces(card.buttons, cards[index]?.buttons),
      })),
    }),
  };
}

function buttonFaces(
  buttons: readonly TemplateButton[],
  given: ButtonValues = [],
  code: string | null = null,
): TemplateFace['buttons'] {
  const valueAt = (index: number) => given.find((button) => button.index === index)?.value;
  return buttons.map(({ type, text, url, phoneNumber, variable }, index) => {
    if (type === 'otp') return { type, text, value: code };
    const link = url && fillTemplateText(url, variable ? { [variable.name]: valueAt(index) } : {});
    const copied = type === 'copy_code' ? (valueAt(index) ?? null) : null;
    return { type, text, value: type === 'url' ? link : (phoneNumber ?? copied) };
  });
}

/** What search finds and a list row shows of it. */
export const templateWords = ({ header, body }: Pick<TemplateFace, 'header' | 'body'>): string =>
  header?.text ? `${header.text}\n${body}` : body;
