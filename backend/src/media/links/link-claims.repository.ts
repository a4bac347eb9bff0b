import { Injectable } from '@nestjs/common';
import { query, type Tx } from '../../database/database.js';

/** A link of one request: `sha256` stands for the link, which may open the file to whoever reads it. */
export interface LinkKey {
  agentId: string;
  clientMessageId: string;
  sha256: string;
}

/** Rows of `media_links`: which request has fetched, or is fetching, which file. */
@Injectable()
export class LinkClaimsRepository {
  /** The file that this request has fetched already. */
  async find(tx: Tx, { agentId, clientMessageId, sha256 }: LinkKey): Promise<string | null> {
    const [row] = await query<{ fileId: string | null }>(
      tx,
      `select l.file_id as "fileId" from media_links l join media_files f on f.id = l.file_id and f.state = 'ready'
       where l.agent_id = $1 and l.client_message_id = $2 and l.link_sha256 = $3`,
      [agentId, clientMessageId, sha256],
    );
    return row?.fileId ?? null;
  }

  /** False when another of the same request fetches it, or has; what a dead one held is free once its lease has run out. */
  async claim(
    tx: Tx,
    { agentId, clientMessageId, sha256 }: LinkKey,
    leaseId: string,
    leaseMs: number,
  ): Promise<boolean> {
    const rows = await query(
      tx,
      `insert into media_links (agent_id, client_message_id, link_sha256, lease_id, lease_until)
       values ($1, $2, $3, $4, app_now() + $5 * interval '1 millisecond')
       on conflict (agent_id, client_message_id, link_sha256) do update
         set lease_id = excluded.lease_id, lease_until = excluded.lease_until
         where media_links.file_id is null and media_links.lease_until <= app_now()
       returning agent_id`,
      [agentId, clientMessageId, sha256, leaseId, leaseMs],
    );
    return rows.length === 1;
  }

  /** False when the lease is another's by now. */
  async settle(tx: Tx, leaseId: string, sha256: string, fileId: string): Promise<boolean> {
    const rows = await query(
      tx,
      'update media_links set file_id = $3 where lease_id = $1 and link_sha256 = $2 and file_id is null returning agent_id',
      [leaseId, sha256, fileId],
    );
    return rows.length === 1;
  }

  /** It came to nothing: the same request may try it again. */
  async release(tx: Tx, leaseId: string, sha256: string): Promise<void> {
    await query(tx, 'delete from media_links where lease_id = $1 and link_sha256 = $2 and file_id is null', [
      leaseId,
      sha256,
    ]);
  }

  /** What killed processes left. */
  async removeAbandoned(tx: Tx, graceSeconds: number): Promise<void> {
    await query(
      tx,
      `delete from media_links
       where file_id is null and lease_until <= app_now() - $1 * interval '1 second'`,
      [graceSeconds],
    );
  }
}
