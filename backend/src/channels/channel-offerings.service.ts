import { Injectable } from '@nestjs/common';
import type { Offerings } from '@parley/contract';
import { ChannelsService } from './channels.service.js';
import { readCatalogs, readFlows, readProducts } from './graph-offerings.js';
import { GraphReader } from './graph-reader.js';

type Offering = Offerings['flows'][number];

/** Forms and catalogues change rarely, and many agents open the same form. */
const FRESH_MS = 60_000;
const KEPT = 500;
/** Enough to choose from; any other id can be written. */
const PER_LIST = '100';

/** What was made at Meta for a number's account: its forms, its catalogues and their products. Asked while somebody waits. */
@Injectable()
export class ChannelOfferingsService {
  private readonly answers = new Map<string, { at: number; list: Offering[] }>();

  constructor(
    private readonly channels: ChannelsService,
    private readonly graph: GraphReader,
  ) {}

  /**
   * What Meta does not tell is empty and named in `untold`: any id can be written all the same.
   * @throws NotFoundError channel.not_found
   */
  async list(id: string, catalog: string | null): Promise<Offerings> {
    const { businessAccountId, accessToken } = await this.channels.credentials(id);
    const ask = (path: string, fields: string, read: (body: unknown) => Offering[] | null) =>
      accessToken === null ? null : this.ask(`${id} ${path}`, path, { token: accessToken, fields }, read);
    const [flows, catalogs, products] = await Promise.all([
      ask(`${businessAccountId}/flows`, 'id,name,status', readFlows),
      ask(`${businessAccountId}/product_catalogs`, 'id,name', readCatalogs),
      catalog === null ? [] : ask(`${catalog}/products`, 'retailer_id,name', readProducts),
    ]);
    const told = { flows, catalogs, products };
    return {
      flows: flows ?? [],
      catalogs: catalogs ?? [],
      products: products ?? [],
      untold: (['flows', 'catalogs', 'products'] as const).filter((kind) => told[kind] === null),
    };
  }

  private async ask(
    key: string,
    path: string,
    { token, fields }: { token: string; fields: string },
    read: (body: unknown) => Offering[] | null,
  ): Promise<Offering[] | null> {
    const known = this.answers.get(key);
    const now = performance.now();
    if (known && now - known.at < FRESH_MS) return known.list;
    const answer = await this.graph.get(path, { token, query: { fields, limit: PER_LIST } });
    const list = answer.kind === 'answer' ? read(answer.body) : null;
    if (list === null) return null;
    this.answers.delete(key);
    this.answers.set(key, { at: now, list });
    const [oldest] = this.answers.keys();
    if (this.answers.size > KEPT && oldest !== undefined) this.answers.delete(oldest);
    return list;
  }
}
