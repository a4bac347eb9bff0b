import { Injectable } from '@nestjs/common';
import type { UpdateWorkspace, Workspace } from '@parley/contract';
import { query, type Tx } from '../database/database.js';

interface WorkspaceRow {
  name: string;
  defaultLocale: string | null;
  releaseAfterMinutes: number | null;
  agentCapacity: number;
  updatedAt: Date | null;
  updatedById: string | null;
  updatedByName: string | null;
}

/** The one row of what holds for everybody. */
@Injectable()
export class WorkspaceRepository {
  async find(tx: Tx): Promise<Workspace> {
    const [row] = await query<WorkspaceRow>(
      tx,
      `select w.name, w.default_locale as "defaultLocale",
              w.release_after_minutes as "releaseAfterMinutes", w.agent_capacity as "agentCapacity", w.updated_at as "updatedAt", a.id as "updatedById",
              a.name as "updatedByName"
       from workspace w left join agents a on a.id = w.updated_by_id`,
    );
    if (!row) throw new Error('the workspace has no row');
    const { updatedAt, updatedById, updatedByName, ...rest } = row;
    const updatedBy = updatedById === null ? null : { id: updatedById, name: updatedByName ?? '' };
    return { ...rest, updatedAt: updatedAt?.toISOString() ?? null, updatedBy };
  }

  /** `undefined` leaves a value as it is. */
  async update(tx: Tx, changes: UpdateWorkspace, agentId: string): Promise<void> {
    await query(
      tx,
      `update workspace set name = coalesce($1, name), default_locale = case when $2 then $3 else default_locale end,
         release_after_minutes = case when $4 then $5 else release_after_minutes end, updated_at = app_now(),
         updated_by_id = $6, agent_capacity = coalesce($7, agent_capacity)`,
      [
        changes.name ?? null,
        changes.defaultLocale !== undefined,
        changes.defaultLocale ?? null,
        changes.releaseAfterMinutes !== undefined,
        changes.releaseAfterMinutes ?? null,
        agentId,
        changes.agentCapacity ?? null,
      ],
    );
  }

  async verifyTokenSealed(tx: Tx): Promise<string | null> {
    const [row] = await query<{ sealed: string | null }>(tx, 'select verify_token_sealed as sealed from workspace');
    return row?.sealed ?? null;
  }

  /** Keeps the token if there is none yet; the one that holds from now on. */
  async keepVerifyToken(tx: Tx, sealed: string): Promise<string> {
    const [row] = await query<{ sealed: string }>(
      tx,
      'update workspace set verify_token_sealed = coalesce(verify_token_sealed, $1) returning verify_token_sealed as sealed',
      [sealed],
    );
    return row?.sealed ?? sealed;
  }

  /** Whether the demo's day was taken away, and whether its customers keep writing. */
  async demo(tx: Tx): Promise<{ isRemoved: boolean; isLively: boolean }> {
    const [row] = await query<{ isRemoved: boolean; isLively: boolean }>(
      tx,
      'select demo_removed_at is not null as "isRemoved", demo_lively as "isLively" from workspace',
    );
    return row ?? { isRemoved: false, isLively: false };
  }

  async markDemoRemoved(tx: Tx): Promise<void> {
    await query(tx, 'update workspace set demo_removed_at = app_now(), demo_lively = false');
  }

  async setLively(tx: Tx, isLively: boolean): Promise<void> {
    await query(tx, 'update workspace set demo_lively = $1', [isLively]);
  }
}
