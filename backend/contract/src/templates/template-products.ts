import type { Interactive } from '../interactive.js';
import type { FilledTemplate, Template } from './templates.js';

type Button = Pick<Template['buttons'][number], 'type' | 'text'>;
type Offering = Pick<Template, 'callPermissionRequest'> & { buttons: readonly Button[] };
interface Chosen {
  product?: { catalogId: string; productId: string } | undefined;
  products?: FilledTemplate['products'];
  catalog?: FilledTemplate['catalog'];
}

const NOTHING = { id: null, title: null, description: null };

/**
 * What the customer can do with a template besides tapping its plain buttons, as an interactive message of that kind says
 * it; what is not chosen yet is missing. Undefined where there is nothing of the sort.
 */
export function templateInteractive(
  { buttons, callPermissionRequest }: Offering,
  { product, products, catalog }: Chosen = {},
): Interactive | undefined {
  if (callPermissionRequest) return { kind: 'call_permission_request', ...NOTHING };
  for (const { type, text: buttonText } of buttons) {
    if (type === 'product') return { kind: type, ...NOTHING, buttonText, ...product };
    if (type === 'catalog') {
      return { kind: type, ...NOTHING, buttonText, ...(catalog && { productId: catalog.coverId }) };
    }
    if (type === 'product_list') {
      const sections = products?.sections ?? [];
      const productSections = sections.map(({ title, productIds }) => ({ ...(title && { title }), productIds }));
      return { kind: type, ...NOTHING, buttonText, productSections };
    }
  }
  return undefined;
}

const OPENS_PRODUCTS: ReadonlySet<Button['type']> = new Set(['product', 'product_list', 'catalog']);

/** The buttons that say all there is to them: one that opens products is told by `templateInteractive`. */
export const withoutProducts = <Of extends Pick<Button, 'type'>>(buttons: readonly Of[]): Of[] =>
  buttons.filter(({ type }) => !OPENS_PRODUCTS.has(type));
