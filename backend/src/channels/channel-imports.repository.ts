import { Injectable } from '@nestjs/common';
import type { ChannelNotice } from '@parley/contract';
import { Database, query, type Tx } from '../database/database.js';

/** What one batch of deliveries says of the history of a number. */
export interface ImportStep {
  channelId: string;
  phase: number;
  progress: number;
  messages: number;
  declined: { code: number | null; reason: string } | null;
}

export interface ImportRow {
  phase: number;
  progress: number;
  messages: number;
  declinedReason: string | null;
  startedAt: Date;
  updatedAt: Date;
}

/** Of each number: how far its history has come, and what Meta said about it as a whole. */
@Injectable()
export class ChannelImportsRepository {
  constructor(private readonly database: Database) {}

  /** Chunks come in any order and more than once: the furthest counts. */
  async advance(tx: Tx, step: ImportStep, now: Date): Promise<void> {
    await query(
      tx,
      `insert into channel_imports as i (channel_id, phase, progress, messages, declined_code, declined_reason, started_at,
         updated_at)
       values ($1, $2, $3, $4, $5, $6, $7, $7)
       on conflict (channel_id) do update
         set phase = greatest(i.phase, excluded.phase), progress = greatest(i.progress, excluded.progress),
             messages = i.messages + excluded.messages,
             declined_code = coalesce(excluded.declined_code, i.declined_code),
             declined_reason = coalesce(excluded.declined_reason, i.declined_reason), updated_at = excluded.updated_at`,
      [
        step.channelId,
        step.phase,
        step.progress,
        step.messages,
        step.declined?.code ?? null,
        step.declined?.reason ?? null,
        now,
      ],
    );
  }

  async find(channelId: string): Promise<ImportRow | null> {
    const [row] = await query<ImportRow>(
      this.database.pool,
      `select phase, progress, messages, declined_reason as "declinedReason", started_at as "startedAt",
         updated_at as "updatedAt"
       from channel_imports where channel_id = $1`,
      [channelId],
    );
    return row ?? null;
  }

  async notices(channelId: string, limit: number): Promise<ChannelNotice[]> {
    const rows = await query<Omit<ChannelNotice, 'createdAt'> & { createdAt: Date }>(
      this.database.pool,
      `select id, code, coalesce(title, '') as title, details ->> 'detail' as detail, created_at as "createdAt"
       from channel_notices where channel_id = $1 order by created_at desc, id desc limit $2`,
      [channelId, limit],
    );
    return rows.map((row) => ({ ...row, createdAt: row.createdAt.toISOString() }));
  }
}
