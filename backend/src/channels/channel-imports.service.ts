import { Injectable } from '@nestjs/common';
import type { ChannelNotices, HistoryImport } from '@parley/contract';
import { NotFoundError } from '../common/domain.error.js';
import { Database, type Tx } from '../database/database.js';
import { HintsService } from '../hints/hints.service.js';
import { ChannelImportsRepository, type ImportRow, type ImportStep } from './channel-imports.repository.js';
import { ChannelsRepository } from './channels.repository.js';

const NOTICES_SHOWN = 20;
const ALL = 100;

/** What a number's page tells besides its health: how far the phone's history has come, and what Meta said. */
@Injectable()
export class ChannelImportsService {
  constructor(
    private readonly imports: ChannelImportsRepository,
    private readonly channels: ChannelsRepository,
    private readonly database: Database,
    private readonly hints: HintsService,
  ) {}

  /** In the transaction of what the chunk brought, in the order of the numbers. */
  async advance(tx: Tx, steps: readonly ImportStep[], now: Date): Promise<void> {
    const sorted = steps.toSorted((a, b) => (a.channelId < b.channelId ? -1 : 1));
    for (const step of sorted) await this.imports.advance(tx, step, now);
    if (sorted.length > 0) this.database.afterCommit(tx, () => this.hints.publish('setup', { reason: 'delivery' }));
  }

  /** @throws NotFoundError when there is no such number */
  async notices(channelId: string): Promise<ChannelNotices> {
    if (!(await this.channels.find(channelId))) throw new NotFoundError('channel');
    const [items, row] = await Promise.all([
      this.imports.notices(channelId, NOTICES_SHOWN),
      this.imports.find(channelId),
    ]);
    return { items, history: row && toHistory(row) };
  }
}

const toHistory = (row: ImportRow): HistoryImport => ({
  state: row.declinedReason !== null ? 'declined' : row.progress >= ALL ? 'done' : 'running',
  phase: row.phase,
  progress: Math.min(ALL, row.progress),
  messages: row.messages,
  reason: row.declinedReason,
  startedAt: row.startedAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
});
