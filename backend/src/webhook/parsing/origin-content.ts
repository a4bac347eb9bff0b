import type { ProductReference, Referral, Withheld } from '@parley/contract';
import { idAt, type JsonObject, objectAt, objectsAt, wordAt } from './json-values.js';
import { errorOf } from './status-content.js';

const MAX_CHARS = 2_000;

/** The advertisement or post that brought the customer; every part is optional (Meta: messages webhook, referral). */
export function referralOf(message: JsonObject): Referral | null {
  const part = objectAt(message, 'referral');
  if (!part) return null;
  return {
    sourceType: wordAt(part, 'source_type'),
    sourceId: idAt(part, 'source_id'),
    sourceUrl: webAddressAt(part, 'source_url'),
    headline: wordAt(part, 'headline', MAX_CHARS),
    body: wordAt(part, 'body', MAX_CHARS),
    mediaType: wordAt(part, 'media_type'),
    mediaUrl: webAddressAt(part, 'image_url') ?? webAddressAt(part, 'video_url'),
    thumbnailUrl: webAddressAt(part, 'thumbnail_url'),
    clickId: idAt(part, 'ctwa_clid'),
  };
}

/** The product that a message asks about. */
export function productOf(context: JsonObject | null): ProductReference | null {
  const part = objectAt(context, 'referred_product');
  return part ? { catalogId: idAt(part, 'catalog_id'), productId: idAt(part, 'product_retailer_id') } : null;
}

/** Why Meta keeps back what was sent; null when it gives no reason. */
export function withheldOf(message: JsonObject): Withheld | null {
  const [error] = objectsAt(message, 'errors');
  return error ? errorOf(error) : null;
}

/** Only what a browser would open as a page: whoever pays for an advertisement writes its address. */
function webAddressAt(part: JsonObject, key: string): string | null {
  const address = wordAt(part, key, MAX_CHARS);
  return address !== null && URL.canParse(address) && /^https?:$/.test(new URL(address).protocol) ? address : null;
}
