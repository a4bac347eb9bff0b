import { Injectable } from '@nestjs/common';
import type { FileKind } from '@parley/contract';
import { query, type Tx } from '../database/database.js';

/** What a message says of the file that it carries. */
export interface SendableFile {
  id: string;
  kind: FileKind;
  uploadedById: string | null;
  fileName: string | null;
  mimeType: string;
  sha256: string;
}

/** What Meta is told of a file that it is given. */
interface FileOnItsWay {
  mimeType: string;
  fileName: string | null;
  size: number;
  kind: FileKind;
  uploadedById: string | null;
}

/** Meta keeps an uploaded file for 30 days; a day less is surely still there. */
const ID_LIFETIME_DAYS = 29;

/** Files that agents send, and Meta's ids of them. */
@Injectable()
export class GraphIdsRepository {
  /** Locks the file and says that a message names it: the sweep passes it by. */
  async take(tx: Tx, id: string): Promise<SendableFile | null> {
    const [row] = await query<SendableFile>(
      tx,
      `update media_files set unlinked_at = null where id = $1 and state = 'ready'
       returning id, kind, uploaded_by_id as "uploadedById", file_name as "fileName", mime_type as "mimeType", sha256`,
      [id],
    );
    return row ?? null;
  }

  async find(tx: Tx, fileId: string, channelId: string): Promise<string | null> {
    const [row] = await query<{ graphId: string }>(
      tx,
      `select graph_id as "graphId" from media_graph_ids
       where file_id = $1 and channel_id = $2 and expires_at > app_now()`,
      [fileId, channelId],
    );
    return row?.graphId ?? null;
  }

  async remember(tx: Tx, fileId: string, channelId: string, graphId: string): Promise<void> {
    await query(
      tx,
      `insert into media_graph_ids (file_id, channel_id, graph_id, expires_at)
       select id, $2, $3, app_now() + interval '${ID_LIFETIME_DAYS} days' from media_files where id = $1
       on conflict (file_id, channel_id) do update set graph_id = excluded.graph_id, expires_at = excluded.expires_at`,
      [fileId, channelId, graphId],
    );
  }

  async facts(tx: Tx, id: string): Promise<FileOnItsWay | null> {
    const [row] = await query<FileOnItsWay>(
      tx,
      `select mime_type as "mimeType", file_name as "fileName", size_bytes as size, kind,
              uploaded_by_id as "uploadedById"
       from media_files where id = $1 and state = 'ready'`,
      [id],
    );
    return row ?? null;
  }
}
