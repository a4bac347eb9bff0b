import { asJson, asJsonList, asText, type Json } from '../core/json.ts';
import { badParameter } from './check.ts';
import { codeContent } from './new-code-template.ts';
import { cardsOf, checkOffer, checkProducts, type HasHandle, offerOf } from './new-template-kinds.ts';
import { asShown, buttonsOf, checkBody, headerOf, oneOf, refused, type TemplateContent } from './new-template-parts.ts';

const CATEGORIES = ['MARKETING', 'UTILITY', 'AUTHENTICATION'] as const;

/**
 * Checks what a template is to be made of (Meta: business management API, message templates). `hasHandle` tells whether a
 * sample was uploaded under that handle.
 */
export function contentOf(body: Json, hasHandle: HasHandle): TemplateContent {
  const category = oneOf(CATEGORIES, body['category'], 'category');
  const components = asJsonList(body['components']);
  const find = (type: string): Json | undefined =>
    components.find((component) => asText(component['type'])?.toUpperCase() === type);
  if (category === 'AUTHENTICATION') return codeContent(find);
  const offer = offerOf(find('LIMITED_TIME_OFFER'));
  const text = asText(find('BODY')?.['text']) ?? '';
  checkBody(text, asJson(find('BODY')?.['example']), offer ? 600 : 1_024);
  const header = headerOf(find('HEADER'), hasHandle);
  const footer = asText(find('FOOTER')?.['text']);
  if (footer !== undefined && footer.length > 60) throw refused(2388073, 'The footer can have at most 60 characters.');
  const buttons = buttonsOf(asJsonList(find('BUTTONS')?.['buttons']));
  const cards = cardsOf(find('CAROUSEL'), hasHandle);
  const content = {
    category,
    body: text,
    components: components.map(asShown),
    ...(header && { header }),
    ...(footer !== undefined && { footer }),
    ...(buttons.length > 0 && { buttons }),
    ...(offer && { offer }),
    ...(cards && { cards }),
    ...(find('CALL_PERMISSION_REQUEST') && { asksToCall: true }),
  };
  if (offer) checkOffer(content, offer);
  checkProducts(content);
  if (cards && (category !== 'MARKETING' || header || footer !== undefined || buttons.length > 0 || offer)) {
    throw badParameter('A carousel template is of category MARKETING and has only a body and its cards.');
  }
  if (content.asksToCall && (buttons.length > 0 || cards || offer)) {
    throw badParameter('A call permission request cannot be combined with other interactive components.');
  }
  return content;
}
