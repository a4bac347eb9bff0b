import { Injectable } from '@nestjs/common';
import type { Referral } from '@parley/contract';
import { newId } from '../../common/ids.js';
import { Database, query, type Tx } from '../../database/database.js';
import { HintsService } from '../../hints/hints.service.js';
import type { PlacedMessage } from './thread-draft.js';

/** As much of a message as its file needs. */
type FileCarrier = Pick<PlacedMessage, 'messageId' | 'channelId' | 'message'>;

/** By the ids of their messages: files that Meta holds, and pictures of advertisements, which lie elsewhere. */
export interface NotedFiles {
  media: ReadonlyMap<string, string>;
  pictures: ReadonlyMap<string, string>;
}

/** Notes the files of new messages; the messages are shown at once, the bytes are fetched in the background. */
@Injectable()
export class InboundFilesRepository {
  constructor(
    private readonly database: Database,
    private readonly hints: HintsService,
  ) {}

  /** Returns the files of the messages that have some. */
  async note(tx: Tx, messages: readonly FileCarrier[], now: Date): Promise<NotedFiles> {
    const files = messages.flatMap(({ messageId, channelId, message }) => {
      const { media } = message.content;
      return media?.mediaId ? [{ ...noFile, ...media, id: newId(), messageId, channelId, kind: message.type }] : [];
    });
    const pictures = messages.flatMap(({ messageId, channelId, message }) => {
      const sourceUrl = pictureOf(message.content.referral);
      return sourceUrl === null ? [] : [{ ...noFile, sourceUrl, id: newId(), messageId, channelId, kind: 'image' }];
    });
    const all = [...files, ...pictures];
    if (all.length === 0) return { media: new Map(), pictures: new Map() };
    await query(
      tx,
      `insert into media_files (id, channel_id, kind, graph_id, announced_mime_type, announced_sha256, file_name, source_url,
         state, next_attempt_at, created_at)
       select f.*, 'waiting', $9, $9
       from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[]) as f`,
      [
        all.map((file) => file.id),
        all.map((file) => file.channelId),
        all.map((file) => file.kind),
        all.map((file) => file.mediaId),
        all.map((file) => file.mimeType),
        all.map((file) => file.sha256),
        all.map((file) => file.fileName),
        all.map((file) => file.sourceUrl),
        now,
      ],
    );
    this.database.afterCommit(tx, () => this.hints.publish('media', {}));
    const idsOf = (some: readonly { messageId: string; id: string }[]) =>
      new Map(some.map((file) => [file.messageId, file.id]));
    return { media: idsOf(files), pictures: idsOf(pictures) };
  }
}

/** Columns that only one of the two kinds of files has. */
const noFile = { mediaId: null, mimeType: null, sha256: null, fileName: null, sourceUrl: null };

/** Of a film its thumbnail (Meta: messages webhook, referral). */
function pictureOf(referral: Referral | undefined): string | null {
  return (referral?.mediaType === 'image' ? referral.mediaUrl : referral?.thumbnailUrl) ?? null;
}
