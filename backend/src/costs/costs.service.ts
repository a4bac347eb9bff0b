import { Injectable } from '@nestjs/common';
import {
  type CostQuery,
  type CostReport,
  type CostRow,
  type CostSum,
  type Price,
  type PriceList,
  type ServicePrice,
  shownContactName,
  templateCategories,
} from '@parley/contract';
import { ConversationAccess, type Viewer } from '../conversations/conversation-access.js';
import { Database } from '../database/database.js';
import { costsCsv } from './costs-csv.js';
import { type CostRecord, CostsRepository, type PriceRecord, type ServiceRecord } from './costs.repository.js';
import { amountOf } from './decimal.js';
import { RatesRepository } from './rates.repository.js';

/** A file holds every row; more than this nobody reads. */
const CSV_ROWS_MAX = 100_000;
/** Of the month's allowance: what is left of it is worth a word from here on. */
const NEARLY_SHARE = 0.05;
const NOTHING: CostSum = { messages: 0, billed: 0, free: 0, unknown: 0, freeService: 0, amounts: [] };

/** What messages cost, by what Meta said of each and the rate card at its time; and what one would cost. */
@Injectable()
export class CostsService {
  constructor(
    private readonly database: Database,
    private readonly repository: CostsRepository,
    private readonly rates: RatesRepository,
    private readonly access: ConversationAccess,
  ) {}

  async report({ from, to: until, groupBy, limit }: CostQuery): Promise<CostReport> {
    const { pool } = this.database;
    const to = until !== undefined && until > from ? until : from;
    const { timeZone } = await this.rates.billing(pool);
    const [records, serviceAllowance] = await Promise.all([
      this.repository.report(pool, { from, to, timeZone }, groupBy, limit),
      this.repository.serviceAllowance(pool, to),
    ]);
    const total = records.find(({ isTotal }) => isTotal);
    const rows = records.filter(({ isTotal }) => !isTotal).map(toRow);
    return {
      from,
      to,
      timeZone,
      groupBy,
      rows: rows.slice(0, limit),
      isCut: rows.length > limit,
      total: total ? toSum(total) : NOTHING,
      serviceAllowance,
    };
  }

  /** The same as a table of text, with every row. */
  async csv(query: CostQuery): Promise<string> {
    return costsCsv(await this.report({ ...query, limit: CSV_ROWS_MAX }));
  }

  /**
   * What a template of each category would cost now, sent in this conversation. Only an estimate: Meta says what it bills
   * with the message's statuses.
   * @throws NotFoundError conversation.not_found
   */
  async prices(agent: Viewer, conversationId: string): Promise<PriceList> {
    const { pool } = this.database;
    const { id } = await this.access.assertVisible(agent, conversationId);
    const categories = templateCategories.filter((category) => category !== 'unknown');
    const [records, { isOpen, isFreeEntry, isUtilityFree }] = await Promise.all([
      this.repository.pricesNow(pool, id, categories),
      this.repository.windowNow(pool, id),
    ]);
    if (isFreeEntry) return { items: records.map(({ category }) => ({ category, kind: 'free', price: null })) };
    const inWindow = isOpen ? (isUtilityFree === null ? 'unknown' : isUtilityFree ? 'free' : null) : null;
    return {
      items: records.map((record) =>
        record.category === 'utility' && inWindow !== null
          ? { category: record.category, kind: inWindow, price: null }
          : toPrice(record),
      ),
    };
  }

  /**
   * What a message that is written by hand would cost now in this conversation, beyond what the month leaves free.
   * @throws NotFoundError conversation.not_found
   */
  async servicePrice(agent: Viewer, conversationId: string): Promise<ServicePrice> {
    const { pool } = this.database;
    const { id } = await this.access.assertVisible(agent, conversationId);
    const [service, [record], { isFreeEntry }] = await Promise.all([
      this.repository.serviceNow(pool, id),
      this.repository.pricesNow(pool, id, ['service']),
      this.repository.windowNow(pool, id),
    ]);
    const price = toPrice(record ?? { category: 'service', currency: null, micros: null });
    if (isFreeEntry) return { standing: 'plenty', left: null, price: { ...price, kind: 'free', price: null } };
    return { ...standingOf(service), price };
  }
}

function standingOf({ isKnown, allowance, used }: ServiceRecord): Pick<ServicePrice, 'standing' | 'left'> {
  if (!isKnown || allowance === null) return { standing: isKnown ? 'plenty' : 'unknown', left: null };
  const left = Math.max(0, allowance - used);
  if (left === 0) return { standing: 'beyond', left };
  return { standing: left <= allowance * NEARLY_SHARE ? 'nearly' : 'plenty', left };
}

const toPrice = ({ category, currency, micros }: PriceRecord): Price =>
  currency === null || micros === null
    ? { category, kind: 'unknown', price: null }
    : { category, kind: 'amount', price: { currency, amount: amountOf(micros) } };

const toSum = ({ messages, billed, free, unknown, freeService, amounts }: CostRecord): CostSum => ({
  messages,
  billed,
  free,
  unknown,
  freeService,
  amounts: (amounts ?? []).map(({ currency, micros }) => ({ currency, amount: amountOf(micros) })),
});

const toRow = (record: CostRecord): CostRow => ({
  key: record.key ?? '',
  name: record.contact ? shownContactName(record.contact) : record.name,
  ...toSum(record),
});
