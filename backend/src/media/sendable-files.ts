import { Inject, Injectable } from '@nestjs/common';
import type { FileKind } from '@parley/contract';
import type { Readable } from 'node:stream';
import type { AuthenticatedAgent } from '../common/access/authenticated-agent.js';
import { NotFoundError } from '../common/domain.error.js';
import type { Tx } from '../database/database.js';
import { Database } from '../database/database.js';
import { GraphIdsRepository, type SendableFile } from './graph-ids.repository.js';
import { MEDIA_STORE, type MediaStore } from './store/media-store.js';

/** A file as the call that uploads it to Meta needs it. */
export interface OutgoingFile {
  mimeType: string;
  fileName: string | null;
  size: number;
  bytes: Readable;
}

/** Files on their way out: taken for a message, and known to Meta by an id of each number. */
@Injectable()
export class SendableFiles {
  constructor(
    private readonly database: Database,
    private readonly ids: GraphIdsRepository,
    @Inject(MEDIA_STORE) private readonly store: MediaStore,
  ) {}

  /**
   * Locks a file that this agent uploaded, for a message that names it in this transaction.
   * @throws NotFoundError media.not_found, also for a file of another kind
   */
  async take(tx: Tx, agent: AuthenticatedAgent, id: string, kinds: readonly FileKind[]): Promise<SendableFile> {
    const file = await this.ids.take(tx, id);
    if (file?.uploadedById !== agent.id || !kinds.includes(file.kind)) throw new NotFoundError('media');
    return file;
  }

  /**
   * Locks the file of a message that the caller may see, for another message that names it in this transaction: the bytes
   * stay where they are, whoever they came from.
   * @throws NotFoundError media.not_found, also for a file that is not here (yet) or of another kind
   */
  async reuse(tx: Tx, id: string, kinds: readonly FileKind[]): Promise<SendableFile> {
    const file = await this.ids.take(tx, id);
    if (!file || !kinds.includes(file.kind)) throw new NotFoundError('media');
    return file;
  }

  /**
   * A file that this agent uploaded, to be shown to Meta as a sample. No message names it, so it is gone within a day.
   * @throws NotFoundError media.not_found, also for a file of another kind
   */
  async sample(agent: AuthenticatedAgent, id: string, kinds: readonly FileKind[]): Promise<OutgoingFile> {
    const facts = await this.ids.facts(this.database.pool, id);
    if (facts?.uploadedById !== agent.id || !kinds.includes(facts.kind)) throw new NotFoundError('media');
    return this.open(id);
  }

  /** Under which id Meta has the file from this number; null when it must be uploaded (again). */
  graphId(fileId: string, channelId: string): Promise<string | null> {
    return this.ids.find(this.database.pool, fileId, channelId);
  }

  remember(fileId: string, channelId: string, graphId: string): Promise<void> {
    return this.ids.remember(this.database.pool, fileId, channelId, graphId);
  }

  /** @throws NotFoundError media.not_found */
  async open(fileId: string): Promise<OutgoingFile> {
    const facts = await this.ids.facts(this.database.pool, fileId);
    const bytes = facts && (await this.store.read(fileId, null));
    if (!facts || !bytes) throw new NotFoundError('media');
    return { ...facts, bytes };
  }
}
