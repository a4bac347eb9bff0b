import { INTERACTIVE_LIMITS as LIMITS, META_ID_MAX_CHARS } from '../limits.js';
import type { TemplateFault } from './template-fault.js';
import type { FilledTemplate, Template } from './templates.js';

type Product = NonNullable<FilledTemplate['header']>['product'];

/** The product above the text or on a card, where one belongs there. */
export function productFaults(path: string, isWanted: boolean, given: Product): TemplateFault[] {
  if (!isWanted) return given === undefined ? [] : [{ path, problem: 'unknown' }];
  return (['catalogId', 'productId'] as const).flatMap((part) => idFaults(`${path}.${part}`, given?.[part] ?? ''));
}

/** The products of the button that opens a list of them (Meta: multi-product message templates). */
export function listFaults(
  { buttons }: Pick<Template, 'buttons'>,
  { products }: Pick<FilledTemplate, 'products'>,
): TemplateFault[] {
  const path = 'products';
  const isWanted = buttons.some(({ type }) => type === 'product_list');
  if (!isWanted) return products === undefined ? [] : [{ path, problem: 'unknown' }];
  const { sections = [], coverId } = products ?? {};
  const count = sections.reduce((sum, { productIds }) => sum + productIds.length, 0);
  return [
    ...(sections.length === 0 ? [{ path, problem: 'missing' } as const] : []),
    ...tooMany(path, count - LIMITS.products),
    ...tooMany(`${path}.sections`, sections.length - LIMITS.productSections),
    ...sections.flatMap(({ title = '', productIds }, index) => [
      ...titleFaults(`${path}.sections.${index}.title`, title, sections.length > 1),
      ...(productIds.length === 0
        ? [{ path: `${path}.sections.${index}.productIds`, problem: 'missing' } as const]
        : firstOf(productIds.map((id) => idFaults(`${path}.sections.${index}.productIds`, id)))),
    ]),
    ...(coverId === undefined ? [] : idFaults(`${path}.coverId`, coverId)),
  ];
}

/** The product on the cover of the catalogue that a button opens; it may be left to WhatsApp. */
export function catalogFaults(
  { buttons }: Pick<Template, 'buttons'>,
  { catalog }: Pick<FilledTemplate, 'catalog'>,
): TemplateFault[] {
  if (!catalog) return [];
  if (!buttons.some(({ type }) => type === 'catalog')) return [{ path: 'catalog', problem: 'unknown' }];
  return idFaults('catalog.coverId', catalog.coverId);
}

function titleFaults(path: string, title: string, isNeeded: boolean): TemplateFault[] {
  if (isNeeded && title.trim() === '') return [{ path, problem: 'missing' }];
  return tooLong(path, title.length - LIMITS.sectionTitle);
}

const idFaults = (path: string, id: string): TemplateFault[] =>
  id.trim() === '' ? [{ path, problem: 'missing' }] : tooLong(path, id.length - META_ID_MAX_CHARS);

/** One sentence is enough for a list of ids. */
const firstOf = (found: readonly TemplateFault[][]): TemplateFault[] => found.flat().slice(0, 1);

const tooLong = (path: string, over: number): TemplateFault[] =>
  over > 0 ? [{ path, problem: 'too_long', over }] : [];

const tooMany = (path: string, over: number): TemplateFault[] =>
  over > 0 ? [{ path, problem: 'too_many', over }] : [];
