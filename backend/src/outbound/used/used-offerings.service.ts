import { Injectable } from '@nestjs/common';
import type { UsedOfferings } from '@parley/contract';
import { ChannelsService } from '../../channels/channels.service.js';
import { Database } from '../../database/database.js';
import { type NamedOfferings, UsedOfferingsRepository } from './used-offerings.repository.js';

/** Messages that are looked at: those before them were of another season. */
const MESSAGES = 200;
/** A list of products may name thirty. */
const KEPT = 60;

/** Forms, catalogues and products that were sent from a number, by whomever: what is likely to be named next. */
@Injectable()
export class UsedOfferingsService {
  constructor(
    private readonly database: Database,
    private readonly channels: ChannelsService,
    private readonly repository: UsedOfferingsRepository,
  ) {}

  /**
   * With a catalogue, of the products only its own and those of messages that name none: they are of the number's only one.
   * @throws NotFoundError channel.not_found
   */
  async list(channelId: string, catalog: string | null): Promise<UsedOfferings> {
    await this.channels.byId(channelId);
    const messages = await this.repository.newest(this.database.pool, channelId, MESSAGES);
    const isOfCatalog = ({ catalogs }: NamedOfferings): boolean =>
      catalog === null || catalogs.length === 0 || catalogs.includes(catalog);
    return {
      flows: each(messages, ({ flows }) => flows),
      catalogs: each(messages, ({ catalogs }) => catalogs),
      products: each(messages.filter(isOfCatalog), ({ products }) => products),
    };
  }
}

/** Each once, in the order of its last use. */
const each = (messages: readonly NamedOfferings[], part: (message: NamedOfferings) => readonly string[]): string[] =>
  [...new Set(messages.flatMap(part))].slice(0, KEPT);
