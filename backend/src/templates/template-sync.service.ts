import { Injectable, Logger } from '@nestjs/common';
import { GraphReader } from '../channels/graph-reader.js';
import { newId } from '../common/ids.js';
import { Database } from '../database/database.js';
import { LogRepository } from '../log/log.repository.js';
import { TemplateAccounts } from './template-accounts.js';
import { readPage, TEMPLATE_FIELDS, type TemplatePage } from './graph-templates.js';
import { withReading } from './template-merging.js';
import { type SyncLease, TemplateSyncsRepository } from './template-syncs.repository.js';
import { TemplatesRepository } from './templates.repository.js';

/** Small enough that a page of the largest templates fits what is read of an answer. */
const PAGE_SIZE = 50;
/** Meta allows 6,000 templates to an account. */
const MAX_PAGES = 400;
const LEASE_MS = 60_000;
/**
 * Webhooks carry Meta's clock in whole seconds, and a list may be a little behind: what was told in the last seconds before
 * a reading stands over it. The next reading settles it.
 */
const READING_LAG_MS = 5_000;

class ReadingError extends Error {}

/** Reads the templates of business accounts from Meta, page by page, each in a transaction of its own. */
@Injectable()
export class TemplateSyncService {
  private readonly logger = new Logger(TemplateSyncService.name);

  constructor(
    private readonly database: Database,
    private readonly accounts: TemplateAccounts,
    private readonly graph: GraphReader,
    private readonly syncs: TemplateSyncsRepository,
    private readonly templates: TemplatesRepository,
    private readonly log: LogRepository,
  ) {}

  /** Reads every account that is due and that no other instance is at; how many it was. */
  async runDue(isStopping: () => boolean = () => false): Promise<number> {
    for (let done = 0; ; done += 1) {
      if (isStopping()) return done;
      const lease = await this.database.transaction((tx) => this.syncs.lease(tx, newId(), LEASE_MS));
      if (!lease) return done;
      await this.run(lease);
    }
  }

  private async run(lease: SyncLease): Promise<void> {
    const error = await this.read(lease).then(
      () => null,
      (failure: unknown) => {
        if (!(failure instanceof ReadingError)) throw failure;
        this.logger.warn(`the templates of account ${lease.businessAccountId} were not read: ${failure.message}`);
        return failure.message;
      },
    );
    await this.database.transaction(async (tx) => {
      await this.syncs.finish(tx, lease, error);
      await this.tell(tx, lease.businessAccountId);
    });
  }

  private async read(lease: SyncLease): Promise<void> {
    const { businessAccountId, startedAt } = lease;
    const token = await this.accounts.tokenOf(businessAccountId);
    if (token === null) throw new ReadingError('no number of this account has a usable access token');
    const asOf = new Date(Math.floor((startedAt.getTime() - READING_LAG_MS) / 1_000) * 1_000);
    let after: string | null = null;
    for (let pages = 0; pages < MAX_PAGES; pages += 1) {
      const page: TemplatePage = await this.page(businessAccountId, token, after);
      await this.keep(lease, page, asOf);
      if (page.after === null || page.after === after) break;
      after = page.after;
    }
    await this.database.transaction(async (tx) => {
      await this.templates.lockAccount(tx, businessAccountId);
      await this.templates.dropUnseen(tx, businessAccountId, startedAt, asOf);
    });
  }

  private async page(businessAccountId: string, token: string, after: string | null): Promise<TemplatePage> {
    const answer = await this.graph.get(`${encodeURIComponent(businessAccountId)}/message_templates`, {
      token,
      query: { fields: TEMPLATE_FIELDS, limit: String(PAGE_SIZE), ...(after !== null && { after }) },
    });
    if (answer.kind === 'refused') throw new ReadingError(answer.message || `Meta's code ${answer.code}`);
    if (answer.kind === 'unreachable') throw new ReadingError(answer.detail);
    const page = readPage(answer.body);
    if (!page) throw new ReadingError('the answer is no list of templates');
    return page;
  }

  private async keep(lease: SyncLease, { templates }: TemplatePage, asOf: Date): Promise<void> {
    const { businessAccountId } = lease;
    const ids = templates.map(({ id }) => id);
    await this.database.transaction(async (tx) => {
      if (!(await this.syncs.progress(tx, lease, templates.length, LEASE_MS))) {
        throw new ReadingError('another instance has taken over');
      }
      await this.templates.lockAccount(tx, businessAccountId);
      const known = await this.templates.byIds(tx, businessAccountId, ids);
      const read = new Map(templates.map((template) => [template.id, template]));
      const changed = [...read.values()].flatMap(
        (template) => withReading(known.get(template.id) ?? null, businessAccountId, template, asOf) ?? [],
      );
      await this.templates.save(tx, changed);
      await this.templates.noteSeen(tx, businessAccountId, ids);
      // An account may have thousands: what is as it was is no news.
      if (changed.length > 0) await this.tell(tx, businessAccountId);
    });
  }

  private tell(tx: Parameters<LogRepository['append']>[0], businessAccountId: string): Promise<void> {
    return this.log.append(tx, [{ type: 'templates.changed', data: { businessAccountId } }]);
  }
}
