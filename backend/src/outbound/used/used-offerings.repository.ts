import { Injectable } from '@nestjs/common';
import { query, type Tx } from '../../database/database.js';

/** What one message named of what was made at Meta; the same id may stand there more than once. */
export interface NamedOfferings {
  flows: string[];
  catalogs: string[];
  products: string[];
}

/** Word for word the condition of the index `messages_offerings`. */
const NAMES_OFFERINGS = `direction = 'outbound' and type in ('interactive', 'template') and content @? '
  $ ? (exists (@.interactive.flow) || exists (@.interactive.catalogId) || exists (@.interactive.productId)
    || exists (@.templateComponents.**.product_retailer_id)
    || exists (@.templateComponents.**.thumbnail_product_retailer_id))'`;

/** Reads from what was sent what can be named again. */
@Injectable()
export class UsedOfferingsRepository {
  /** Of a number's newest messages that named something and did not fail, the newest first: ids are made in time's order. */
  async newest(tx: Tx, channelId: string, limit: number): Promise<NamedOfferings[]> {
    const all = (...paths: string[]): string =>
      paths.map((path) => `jsonb_path_query_array(content, '${path}')`).join(' || ');
    return query<NamedOfferings>(
      tx,
      `select ${all('$.interactive.flow.id', '$.interactive.flow.name')} as flows,
              ${all('$.interactive.catalogId', '$.templateComponents.**.catalog_id')} as catalogs,
              ${all(
                '$.interactive.productId',
                '$.interactive.productSections[*].productIds[*]',
                '$.templateComponents.**.product_retailer_id',
                '$.templateComponents.**.thumbnail_product_retailer_id',
              )} as products
       from messages
       where channel_id = $1 and ${NAMES_OFFERINGS} and status <> 'failed'
       order by id desc limit $2`,
      [channelId, limit],
    );
  }
}
