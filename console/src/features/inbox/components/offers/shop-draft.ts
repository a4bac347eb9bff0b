import type { SendInteractive } from '@parley/contract';
import { INTERACTIVE_LIMITS as LIMITS, META_ID_MAX_CHARS } from '@parley/contract/limits';

/** Kinds that show something of the shop. */
type Goods = 'product' | 'product_list' | 'catalog';

export interface ProductSection {
  key: number;
  title: string;
  /** Products by their ids in the shop, one on a line. */
  products: string;
}

/** The fields of these kinds, and of the button that calls. */
export interface ShopDraft {
  flow: { form: string; screen: string };
  catalogId: string;
  productId: string;
  productSections: ProductSection[];
  /** Minutes for which the button calls; nothing is Meta's week. */
  callTtl: string;
}

let lastKey = 0;
export const newProductSection = (): ProductSection => ({ key: (lastKey += 1), title: '', products: '' });

export const emptyShop = (): ShopDraft => ({
  flow: { form: '', screen: '' },
  catalogId: '',
  productId: '',
  productSections: [newProductSection()],
  callTtl: '',
});

/** What is wrong with a field of these kinds. */
export interface ShopProblem {
  key: 'empty' | 'over' | 'products';
  n?: number;
}

export const idsOf = ({ products }: ProductSection): string[] =>
  products
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

export const productCount = ({ productSections }: Pick<ShopDraft, 'productSections'>): number =>
  productSections.reduce((sum, section) => sum + idsOf(section).length, 0);

/** Where problems are noted; other kinds have more of them. */
interface Found {
  set(path: string, problem: ShopProblem): unknown;
}
type Check = (path: string, text: string, max: number, isNeeded?: boolean) => void;

/** Everything in the fields of these kinds that Meta would refuse. */
export function checkShop(kind: string, draft: ShopDraft, found: Found, check: Check): void {
  if (kind === 'flow') {
    check('flow.form', draft.flow.form, META_ID_MAX_CHARS);
    check('flow.screen', draft.flow.screen, META_ID_MAX_CHARS, false);
  }
  if (kind === 'product' || kind === 'product_list') check('catalogId', draft.catalogId, META_ID_MAX_CHARS);
  if (kind === 'product' || kind === 'catalog') {
    check('productId', draft.productId, META_ID_MAX_CHARS, kind === 'product');
  }
  if (kind === 'product_list') checkSections(draft, found, check);
}

function checkSections({ productSections }: ShopDraft, found: Found, check: Check): void {
  let count = 0;
  for (const [at, section] of productSections.entries()) {
    check(`productSections.${at}.title`, section.title, LIMITS.sectionTitle, productSections.length > 1);
    const path = `productSections.${at}.products`;
    const ids = idsOf(section);
    count += ids.length;
    const longest = Math.max(0, ...ids.map(({ length }) => length));
    if (ids.length === 0) found.set(path, { key: 'empty' });
    else if (longest > META_ID_MAX_CHARS) found.set(path, { key: 'over', n: longest - META_ID_MAX_CHARS });
    else if (count > LIMITS.products) found.set(path, { key: 'products', n: count - LIMITS.products });
  }
}

/** Meta numbers its forms; anything else is the name that whoever built the form gave it. */
const isFormId = (form: string): boolean => /^\d+$/.test(form);

/** Words around it, without outer spaces; empty where nothing was written. */
interface Words {
  body: string;
  header: string;
  footer: string;
}

/** What leaves for one of these kinds. */
export function shopOffer(kind: Goods, draft: ShopDraft, words: Words): SendInteractive {
  const { body, header } = words;
  const footer = words.footer ? { footer: words.footer } : {};
  const [catalogId, productId] = [draft.catalogId.trim(), draft.productId.trim()];
  switch (kind) {
    case 'product':
      return { kind, ...(body && { body }), ...footer, catalogId, productId };
    case 'catalog':
      return { kind, body, ...footer, ...(productId && { productId }) };
    case 'product_list': {
      const productSections = draft.productSections.map((section) => ({
        ...(section.title.trim() && { title: section.title.trim() }),
        productIds: idsOf(section),
      }));
      return { kind, header, body, ...footer, catalogId, productSections };
    }
  }
}

/** The form that is named, and where it begins. */
export function flowOf({ form, screen }: ShopDraft['flow']) {
  const [name, first] = [form.trim(), screen.trim()];
  const known = isFormId(name) ? { id: name } : { name };
  return first ? { ...known, action: 'navigate' as const, screen: first } : known;
}
