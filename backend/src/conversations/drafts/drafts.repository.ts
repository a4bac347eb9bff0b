import { Injectable } from '@nestjs/common';
import type { DraftMode } from '@parley/contract';
import { query, type Tx } from '../../database/database.js';

export interface DraftRow {
  conversationId: string;
  mode: DraftMode;
  body: string;
  rev: number;
  updatedAt: Date;
}

const COLUMNS = 'conversation_id as "conversationId", mode, body, rev, updated_at as "updatedAt"';

@Injectable()
export class DraftsRepository {
  /** The agent's own, in threads that still are; the emptied ones left out. */
  async ofAgent(tx: Tx, agentId: string): Promise<DraftRow[]> {
    return query<DraftRow>(
      tx,
      `select ${COLUMNS} from drafts where agent_id = $1 and body <> '' order by updated_at desc limit 500`,
      [agentId],
    );
  }

  async find(tx: Tx, conversationId: string, agentId: string, mode: DraftMode): Promise<DraftRow | null> {
    const [row] = await query<DraftRow>(
      tx,
      `select ${COLUMNS} from drafts where conversation_id = $1 and agent_id = $2 and mode = $3`,
      [conversationId, agentId, mode],
    );
    return row ?? null;
  }

  /** Null when the stored one is not the one that the writer had: one statement, so that of two saves one wins. */
  async save(
    tx: Tx,
    conversationId: string,
    agentId: string,
    mode: DraftMode,
    { body, basedOn }: { body: string; basedOn: number },
  ): Promise<DraftRow | null> {
    const [row] = await query<DraftRow>(
      tx,
      basedOn === 0
        ? `insert into drafts (conversation_id, agent_id, mode, body, updated_at) values ($1, $2, $3, $4, app_now())
           on conflict do nothing returning ${COLUMNS}`
        : `update drafts set body = $4, rev = rev + 1, updated_at = app_now()
           where conversation_id = $1 and agent_id = $2 and mode = $3 and rev = $5 returning ${COLUMNS}`,
      [conversationId, agentId, mode, body, ...(basedOn === 0 ? [] : [basedOn])],
    );
    return row ?? null;
  }

  /** What has just been sent is no draft any more; words written since stay. True when there was one. */
  async clearSent(tx: Tx, conversationId: string, agentId: string, body: string): Promise<boolean> {
    const rows = await query(
      tx,
      `update drafts set body = '', rev = rev + 1, updated_at = app_now()
       where conversation_id = $1 and agent_id = $2 and mode = 'reply' and body <> '' and btrim(body, E' \\t\\r\\n') = $3
       returning rev`,
      [conversationId, agentId, body],
    );
    return rows.length > 0;
  }
}
