import { Injectable } from '@nestjs/common';
import {
  type Billing,
  type CreateRate,
  type ImportedRates,
  parseRates,
  type Rate,
  type RateCard,
  type UpdateRate,
} from '@parley/contract';
import { DomainError, NotFoundError } from '../common/domain.error.js';
import { Database } from '../database/database.js';
import { amountOf, microsOf } from './decimal.js';
import { type RateRow, RatesRepository } from './rates.repository.js';

/** What Meta asks for a message: amounts by day, market and category, and what is free. All of it is entered, none is code. */
@Injectable()
export class RatesService {
  constructor(
    private readonly database: Database,
    private readonly repository: RatesRepository,
  ) {}

  async card(): Promise<RateCard> {
    const { pool } = this.database;
    const [rows, billing] = await Promise.all([this.repository.list(pool), this.repository.billing(pool)]);
    return { items: rows.map(toRate), billing };
  }

  /** @throws DomainError rate.exists */
  async create(agentId: string, { amount, ...rest }: CreateRate): Promise<Rate> {
    return settled(await this.repository.insert(this.database.pool, agentId, { ...rest, micros: microsOf(amount) }));
  }

  /** @throws DomainError rate.exists, NotFoundError */
  async update(agentId: string, id: string, { amount, ...rest }: UpdateRate): Promise<Rate> {
    const values = { ...rest, ...(amount === undefined ? {} : { micros: microsOf(amount) }) };
    return settled(await this.repository.update(this.database.pool, id, agentId, values));
  }

  /** @throws NotFoundError */
  async delete(id: string): Promise<void> {
    if (!(await this.repository.delete(this.database.pool, id))) throw new NotFoundError('rate');
  }

  /**
   * Takes all lines of a table, or none: one that is wrong may mean that all are.
   * @throws DomainError rate.import_refused, with `faults`: what is wrong in which line
   */
  async importCsv(agentId: string, csv: string): Promise<ImportedRates> {
    const { rates, faults } = parseRates(csv);
    if (faults.length > 0) {
      throw new DomainError('rate.import_refused', 422, 'Some lines are not rates; none was taken.', { faults });
    }
    const values = rates.map(({ amount, ...rest }) => ({ ...rest, micros: microsOf(amount) }));
    const { added, changed } = await this.repository.put(this.database.pool, agentId, values);
    return { added, changed, unchanged: rates.length - added - changed };
  }

  /** @throws DomainError request.invalid for a time zone that the database does not know */
  async putBilling({ timeZone, terms }: Billing): Promise<Billing> {
    return this.database.transaction(async (tx) => {
      if (!(await this.repository.knowsTimeZone(tx, timeZone))) {
        throw new DomainError('request.invalid', 400, 'The request is not valid.', {
          fields: [{ path: 'timeZone', message: 'must be a time zone such as Europe/Berlin' }],
        });
      }
      await this.repository.putBilling(tx, timeZone, terms);
      return this.repository.billing(tx);
    });
  }
}

function settled(written: RateRow | 'exists' | null): Rate {
  if (written === null) throw new NotFoundError('rate');
  if (written === 'exists') {
    throw new DomainError('rate.exists', 409, 'There is a rate of this market, category and day already.');
  }
  return toRate(written);
}

const toRate = ({ micros, updatedAt, ...row }: RateRow): Rate => ({
  ...row,
  amount: amountOf(micros),
  updatedAt: updatedAt.toISOString(),
});
