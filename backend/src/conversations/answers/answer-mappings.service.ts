import { Injectable } from '@nestjs/common';
import type { AnswerMapping, CreateAnswerMapping } from '@parley/contract';
import { NotFoundError } from '../../common/domain.error.js';
import { newId } from '../../common/ids.js';
import { Database } from '../../database/database.js';
import { InvalidRequestError } from '../conversation.errors.js';
import { AnswerMappingsRepository } from './answer-mappings.repository.js';

/** Every batch with an answered form reads them all. */
const MAPPINGS_MAX = 200;

/** The rules by which answers to forms become attributes; they hold for what comes in from then on. */
@Injectable()
export class AnswerMappingsService {
  constructor(
    private readonly database: Database,
    private readonly repository: AnswerMappingsRepository,
  ) {}

  list(): Promise<AnswerMapping[]> {
    return this.repository.all(this.database.pool);
  }

  /** @throws NotFoundError channel.not_found, InvalidRequestError when there are too many */
  async create(request: CreateAnswerMapping): Promise<AnswerMapping> {
    const before = await this.list();
    if (before.length >= MAPPINGS_MAX)
      throw new InvalidRequestError('field', `there are ${MAPPINGS_MAX} rules already`);
    const mapping = await this.repository.add(this.database.pool, newId(), request);
    if (!mapping) throw new NotFoundError('channel');
    return mapping;
  }

  async remove(id: string): Promise<void> {
    await this.repository.remove(this.database.pool, id);
  }
}
