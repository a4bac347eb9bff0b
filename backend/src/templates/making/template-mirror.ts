import { Injectable } from '@nestjs/common';
import { GraphReader } from '../../channels/graph-reader.js';
import { Database } from '../../database/database.js';
import { LogRepository } from '../../log/log.repository.js';
import { readPage, readTemplate, TEMPLATE_FIELDS } from '../graph-templates.js';
import { withReading } from '../template-merging.js';
import type { ReadTemplate, TemplateRow } from '../template.row.js';
import { languageOf } from '../template-words.js';
import { TemplatesRepository } from '../templates.repository.js';

const SECOND_MS = 1_000;
/** Graph's subcode for an object that is not there (any more). */
const NO_SUCH_OBJECT = 33;

/** Writes down what Meta says of one template, as a reading of the whole account would. */
@Injectable()
export class TemplateMirror {
  constructor(
    private readonly database: Database,
    private readonly graph: GraphReader,
    private readonly repository: TemplatesRepository,
    private readonly log: LogRepository,
  ) {}

  /** The time for which a reading that begins now holds: what a webhook tells of the same second stands over it. */
  async now(): Promise<Date> {
    const now = await this.database.now();
    return new Date((Math.floor(now.getTime() / SECOND_MS) - 1) * SECOND_MS);
  }

  /** As Meta has it by its id; null when it has none. Where it gives no answer, what is known here stays. */
  async refresh(account: string, token: string, id: string, asOf: Date): Promise<TemplateRow | null> {
    const answer = await this.graph.get(encodeURIComponent(id), { token, query: { fields: TEMPLATE_FIELDS } });
    if (answer.kind === 'refused' && answer.subcode === NO_SUCH_OBJECT) {
      await this.forget(account, id);
      return null;
    }
    const read = answer.kind === 'answer' ? readTemplate(answer.body) : null;
    if (read) return this.keep(account, read, asOf);
    return (await this.repository.byIds(this.database.pool, account, [id])).get(id) ?? null;
  }

  /** What Meta has of that name and language; null when it has none, or does not say. */
  async find(account: string, token: string, name: string, language: string): Promise<TemplateRow | null> {
    const asOf = await this.now();
    const wanted = languageOf(language);
    const answer = await this.graph.get(`${encodeURIComponent(account)}/message_templates`, {
      token,
      query: { name, language: wanted, fields: TEMPLATE_FIELDS, limit: '100' },
    });
    const templates = answer.kind === 'answer' ? (readPage(answer.body)?.templates ?? []) : [];
    const found = templates.find((one) => one.name === name && one.language === wanted && one.status !== 'deleted');
    return found ? this.keep(account, found, asOf) : null;
  }

  private async keep(account: string, read: ReadTemplate, asOf: Date): Promise<TemplateRow | null> {
    return this.database.transaction(async (tx) => {
      await this.repository.lockAccount(tx, account);
      const before = (await this.repository.byIds(tx, account, [read.id])).get(read.id) ?? null;
      const after = withReading(before, account, read, asOf);
      if (after) {
        await this.repository.save(tx, [after]);
        await this.log.append(tx, [{ type: 'templates.changed', data: { businessAccountId: account } }]);
      }
      // A reading of the account that began before must not take it for gone.
      await this.repository.noteSeen(tx, account, [read.id]);
      return (await this.repository.byIds(tx, account, [read.id])).get(read.id) ?? null;
    });
  }

  private async forget(account: string, id: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      await this.repository.lockAccount(tx, account);
      await this.repository.remove(tx, account, id);
      await this.log.append(tx, [{ type: 'templates.changed', data: { businessAccountId: account } }]);
    });
  }
}
