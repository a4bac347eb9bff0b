import { Injectable } from '@nestjs/common';
import { newId } from '../../common/ids.js';
import { Database, query, type Tx } from '../../database/database.js';
import { HintsService } from '../../hints/hints.service.js';
import type { PlacedMessage } from './thread-draft.js';

/** As much of a message as its file needs. */
type FileCarrier = Pick<PlacedMessage, 'messageId' | 'channelId' | 'message'>;

/** Notes the files of new messages; the messages are shown at once, the bytes are fetched in the background. */
@Injectable()
export class InboundFilesRepository {
  constructor(
    private readonly database: Database,
    private readonly hints: HintsService,
  ) {}

  /** Returns the file of each message that has one. */
  async note(tx: Tx, messages: readonly FileCarrier[], now: Date): Promise<ReadonlyMap<string, string>> {
    const files = messages.flatMap(({ messageId, channelId, message }) => {
      const { media } = message.content;
      return media?.mediaId ? [{ id: newId(), messageId, channelId, kind: message.type, media }] : [];
    });
    if (files.length === 0) return new Map();
    await query(
      tx,
      `insert into media_files (id, channel_id, kind, graph_id, announced_mime_type, announced_sha256, file_name, state,
         next_attempt_at, created_at)
       select f.*, 'waiting', $8, $8
       from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[]) as f`,
      [
        files.map((file) => file.id),
        files.map((file) => file.channelId),
        files.map((file) => file.kind),
        files.map((file) => file.media.mediaId),
        files.map((file) => file.media.mimeType),
        files.map((file) => file.media.sha256),
        files.map((file) => file.media.fileName),
        now,
      ],
    );
    this.database.afterCommit(tx, () => this.hints.publish('media', {}));
    return new Map(files.map((file) => [file.messageId, file.id]));
  }
}
