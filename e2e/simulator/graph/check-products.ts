import { asJson, asJsonList, asText, type Json } from '../core/json.ts';
import { GraphError } from './errors.ts';

export interface ShownProduct {
  catalogId: string;
  id: string;
}
export interface ShownSection {
  title: string | null;
  ids: string[];
}

const MAX_SECTIONS = 10;
const MAX_PRODUCTS = 30;
const MAX_TITLE_CHARS = 24;

/** The product of a header, of a template or of a card (Meta: single-product and product card carousel templates). */
export function productOf(parameter: Json | undefined): ShownProduct {
  if (asText(parameter?.['type']) !== 'product') {
    throw new GraphError(132012, 'header: Format mismatch, expected PRODUCT, received UNKNOWN');
  }
  const { catalog_id: catalog, product_retailer_id: product } = asJson(parameter?.['product']);
  const [catalogId, id] = [asText(catalog), asText(product)];
  if (!catalogId || !id) throw new GraphError(131008, 'header: product requires catalog_id and product_retailer_id');
  return { catalogId, id };
}

/** The product whose picture stands above the text; without one the phone shows the first (Meta: catalog templates). */
export function coverOf(action: Json, index: number): string | undefined {
  const cover = action['thumbnail_product_retailer_id'];
  if (cover === undefined || (typeof cover === 'string' && cover !== '')) return cover;
  throw new GraphError(131009, `Button at index ${String(index)}: thumbnail_product_retailer_id must be a string`);
}

/** The products behind the button at that index, in sections (Meta: multi-product message templates). */
export function filledProducts(action: Json, index: number): ShownSection[] {
  const button = `Button at index ${String(index)} of type Mpm`;
  const sections = asJsonList(action['sections']).map((section) => ({
    title: asText(section['title']) ?? null,
    ids: asJsonList(section['product_items']).map((item) => asText(item['product_retailer_id']) ?? ''),
  }));
  const count = sections.flatMap(({ ids }) => ids).length;
  if (sections.length === 0) throw new GraphError(131008, `${button} requires sections`);
  if (sections.length > MAX_SECTIONS) throw new GraphError(131009, `${button} has at most 10 sections`);
  if (count > MAX_PRODUCTS) throw new GraphError(131009, `${button} has at most 30 products`);
  for (const { title, ids } of sections) {
    if (ids.length === 0 || ids.includes('')) throw new GraphError(131008, `${button} requires product_items`);
    if (title === null && sections.length > 1) throw new GraphError(131008, `${button} requires a title per section`);
    if ((title ?? '').length > MAX_TITLE_CHARS)
      throw new GraphError(131009, `${button}: title has at most 24 characters`);
  }
  return sections;
}
