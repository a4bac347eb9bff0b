import { Injectable } from '@nestjs/common';
import type { RenameTag, TagUsageList } from '@parley/contract';
import { DomainError, NotFoundError } from '../../common/domain.error.js';
import { Database } from '../../database/database.js';
import { TagChangesRepository } from './tag-changes.repository.js';
import { TagsRepository } from './tags.repository.js';

/** The tags themselves, apart from the conversations that have them. */
@Injectable()
export class TagsService {
  constructor(
    private readonly database: Database,
    private readonly tags: TagsRepository,
    private readonly changes: TagChangesRepository,
  ) {}

  /** The names, for whoever picks one. */
  names(): Promise<string[]> {
    return this.tags.all(this.database.pool);
  }

  async usage(): Promise<TagUsageList> {
    const { pool } = this.database;
    const [items, underway] = await Promise.all([this.tags.usage(pool), this.changes.underway(pool)]);
    return { items, underway };
  }

  /** @throws DomainError tag.name_taken */
  async create(name: string): Promise<void> {
    if (!(await this.tags.insert(this.database.pool, name))) throw nameTaken();
  }

  /**
   * The name changes at once; the conversations follow in the background.
   * @throws NotFoundError tag.not_found, DomainError tag.name_taken where the other exists and nobody said to join them
   */
  async rename(current: string, { name, merge }: RenameTag): Promise<void> {
    await this.database.transaction(async (tx) => {
      const known = await this.tags.lock(tx, current);
      if (known === null) throw new NotFoundError('tag');
      if (known === name) return;
      const isSameTag = known.toLowerCase() === name.toLowerCase();
      const other = isSameTag ? null : await this.tags.lock(tx, name);
      if (other !== null && !merge) throw nameTaken();
      if (other === null) await this.tags.rename(tx, known, name);
      else await this.tags.remove(tx, known);
      await this.changes.note(tx, known, other ?? name);
    });
  }

  /** @throws NotFoundError tag.not_found */
  async remove(name: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      const known = await this.tags.lock(tx, name);
      if (known === null) throw new NotFoundError('tag');
      await this.tags.remove(tx, known);
      await this.changes.note(tx, known, null);
    });
  }
}

const nameTaken = () => new DomainError('tag.name_taken', 409, 'Another tag has this name.');
