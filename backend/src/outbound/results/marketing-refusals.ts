import { Injectable } from '@nestjs/common';
import { isMarketingStop } from '../../channels/meta-errors.js';
import { latest, MarketingStops, type NewStops, NO_STOPS } from '../../conversations/inbound/marketing-stops.js';
import type { StatusHead } from '../../conversations/statuses/status-head.js';
import type { Tx } from '../../database/database.js';
import { ResultsRepository } from './results.repository.js';
import type { SendResultItem } from './send-result.js';

/** What the outcomes of sends say of customers: that they want no marketing messages. */
@Injectable()
export class MarketingRefusals {
  constructor(
    private readonly repository: ResultsRepository,
    private readonly stops: MarketingStops,
  ) {}

  /**
   * An answer has no time of Meta's: what it says held when the call began, and whatever the customer said later wins. To
   * be called before any conversation is locked.
   */
  async keep(tx: Tx, results: readonly SendResultItem[], heads: readonly StatusHead[]): Promise<NewStops> {
    const refused = results.filter(({ outcome }) => outcome.kind === 'refused' && isMarketingStop(outcome.code));
    const failed = heads.filter(({ times }) => times.failed);
    if (refused.length === 0 && failed.length === 0) return NO_STOPS;
    const told = await this.stops.ofHeads(tx, failed);
    const begun = refused.length > 0 ? await this.repository.begun(tx, refused) : [];
    return this.stops.keep(tx, latest([...begun, ...[...told].map(([contactId, at]) => ({ contactId, at }))]));
  }
}
