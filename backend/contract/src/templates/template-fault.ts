/** Why a filled template would not be taken; `over` are the characters or pieces beyond the limit. */
export interface TemplateFault {
  /**
   * `header.text`, `header.fileId`, `header.location`, `header.product.productId`, `body.NAME`, `body`, `buttons.INDEX`,
   * `offer.expiresAt`, `products`, `products.sections`, `products.sections.0.title`, `products.sections.0.productIds`,
   * `products.coverId`, `catalog.coverId`; of a card the same below `cards.INDEX` (`cards.0.fileId`, `cards.0.body.NAME`, `cards.0.buttons.1`).
   */
  path: string;
  problem: 'missing' | 'unknown' | 'characters' | 'too_long' | 'too_many' | 'past';
  over?: number;
}
