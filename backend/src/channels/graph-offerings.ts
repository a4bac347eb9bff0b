import { type Offerings, z } from '@parley/contract';

type Offering = Offerings['flows'][number];

const id = z.union([z.string().trim().min(1).max(256), z.number().int().transform(String)]);
const name = z.string().trim().max(1_000).nullish().catch(null);
const flowSchema = z.object({ id, name, status: z.string().nullish().catch(null) });
const catalogSchema = z.object({ id, name });
const productSchema = z.object({ retailer_id: id, name });
const listSchema = z.object({ data: z.array(z.unknown()) });

/** States in which Meta does not send a form to customers (Meta: flows, lifecycle). */
const UNSENDABLE = new Set(['DRAFT', 'DEPRECATED', 'BLOCKED']);

/** Entries of a list as Graph answers it, each read alone; null when it is no list. */
function entries(body: unknown): unknown[] | null {
  return listSchema.safeParse(body).data?.data ?? null;
}
const labelOf = (text: string | null | undefined): string | null => text || null;

/** `GET /{business account}/flows` (Meta: flows API). */
export const readFlows = (body: unknown): Offering[] | null =>
  entries(body)?.flatMap((entry) => {
    const flow = flowSchema.safeParse(entry).data;
    if (!flow || UNSENDABLE.has(flow.status?.toUpperCase() ?? '')) return [];
    return [{ id: flow.id, name: labelOf(flow.name) }];
  }) ?? null;

/** `GET /{business account}/product_catalogs` (Meta: commerce). */
export const readCatalogs = (body: unknown): Offering[] | null =>
  entries(body)?.flatMap((entry) => {
    const catalog = catalogSchema.safeParse(entry).data;
    return catalog ? [{ id: catalog.id, name: labelOf(catalog.name) }] : [];
  }) ?? null;

/** `GET /{catalogue}/products`: messages name products by the shop's ids, not by Meta's. */
export const readProducts = (body: unknown): Offering[] | null =>
  entries(body)?.flatMap((entry) => {
    const product = productSchema.safeParse(entry).data;
    return product ? [{ id: product.retailer_id, name: labelOf(product.name) }] : [];
  }) ?? null;
