import { Injectable } from '@nestjs/common';
import type { FilledTemplate, TemplateList, TemplateSync } from '@parley/contract';
import { ChannelsService } from '../channels/channels.service.js';
import { Database, type Tx } from '../database/database.js';
import { LogRepository } from '../log/log.repository.js';
import type { TemplateChange, TemplateOutcome } from './template-change.js';
import { withChange } from './template-merging.js';
import { toTemplate } from './template-parts.js';
import { prepareTemplate, type PreparedTemplate } from './template-sending.js';
import { TemplateSyncSweeper } from './template-sync.sweeper.js';
import { type SyncRow, TemplateSyncsRepository } from './template-syncs.repository.js';
import { languageOf } from './template-words.js';
import { TemplateUnavailableError } from './templates.errors.js';
import { TemplatesRepository } from './templates.repository.js';

/** The message templates of the business accounts: what there is, what may be sent, and what Meta tells of them. */
@Injectable()
export class TemplatesService {
  constructor(
    private readonly database: Database,
    private readonly channels: ChannelsService,
    private readonly repository: TemplatesRepository,
    private readonly syncs: TemplateSyncsRepository,
    private readonly sweeper: TemplateSyncSweeper,
    private readonly log: LogRepository,
  ) {}

  /** @throws NotFoundError channel.not_found */
  async list(channelId: string | null): Promise<TemplateList> {
    if (channelId !== null) await this.channels.byId(channelId);
    const { pool } = this.database;
    const [rows, syncs] = await Promise.all([this.repository.list(pool, channelId), this.syncs.list(pool, channelId)]);
    return { items: rows.map((row) => ({ ...toTemplate(row), sends: row.sends })), syncs: syncs.map(toSync) };
  }

  /**
   * Has Meta asked now; how far that is, the list says.
   * @throws NotFoundError channel.not_found
   */
  async sync(channelId: string | null): Promise<TemplateSync[]> {
    if (channelId !== null) await this.channels.byId(channelId);
    const { pool } = this.database;
    await this.syncs.enrol(pool);
    await this.syncs.makeDue(pool, channelId === null ? {} : { channelId });
    this.sweeper.kick();
    return (await this.syncs.list(pool, channelId)).map(toSync);
  }

  /**
   * Checks a template and what fills it, for a send of this number in this transaction, at `now`.
   * @throws TemplateUnavailableError, TemplateInvalidError
   */
  async prepare(tx: Tx, channelId: string, filled: FilledTemplate, now: Date): Promise<PreparedTemplate> {
    const row = await this.repository.find(tx, channelId, filled.name, languageOf(filled.language));
    if (!row) {
      throw new TemplateUnavailableError('This number has no template of that name in that language.', {
        templateStatus: 'unknown',
        blockedBy: 'status',
        reason: null,
      });
    }
    return prepareTemplate(toTemplate(row), filled, now);
  }

  /** Applies what webhooks told, in the caller's transaction; older news than what is known changes nothing. */
  async apply(tx: Tx, changes: readonly TemplateChange[]): Promise<TemplateOutcome[]> {
    if (changes.length === 0) return [];
    const routes = await this.channels.routes();
    const ours = new Set([...routes.values()].map(({ businessAccountId }) => businessAccountId));
    const accounts = [...new Set(changes.map(({ businessAccountId }) => businessAccountId))].sort();
    for (const account of accounts) if (ours.has(account)) await this.repository.lockAccount(tx, account);
    const moved = new Set<string>();
    const outcomes: TemplateOutcome[] = [];
    for (const change of changes) {
      if (!ours.has(change.businessAccountId)) {
        outcomes.push({ outcome: 'kept', reason: `no number of account ${change.businessAccountId} is connected` });
      } else if (await this.applyOne(tx, change)) {
        moved.add(change.businessAccountId);
        outcomes.push({ outcome: 'applied' });
      } else outcomes.push({ outcome: 'duplicate' });
    }
    await this.log.append(
      tx,
      [...moved].map((businessAccountId) => ({ type: 'templates.changed' as const, data: { businessAccountId } })),
    );
    return outcomes;
  }

  private async applyOne(tx: Tx, change: TemplateChange): Promise<boolean> {
    const { businessAccountId, name, language } = change;
    const id = change.id ?? (await this.repository.idByName(tx, businessAccountId, name, language));
    if (id === null) {
      await this.syncs.makeDue(tx, { businessAccountId });
      return false;
    }
    const before = (await this.repository.byIds(tx, businessAccountId, [id])).get(id) ?? null;
    const after = withChange(before, { ...change, id });
    if (!after) return false;
    await this.repository.save(tx, [after]);
    // A webhook tells only some of a template: what it does not tell is read.
    if (before === null || change.news.part === 'components') await this.syncs.makeDue(tx, { businessAccountId });
    return true;
  }
}

const toSync = ({ startedAt, finishedAt, ...sync }: SyncRow): TemplateSync => ({
  ...sync,
  startedAt: startedAt?.toISOString() ?? null,
  finishedAt: finishedAt?.toISOString() ?? null,
});
