import { Inject, Injectable } from '@nestjs/common';
import type { Readable } from 'node:stream';
import type { AuthenticatedAgent } from '../common/access/authenticated-agent.js';
import { DomainError, NotFoundError } from '../common/domain.error.js';
import { ConversationAccess } from '../conversations/conversation-access.js';
import { Database } from '../database/database.js';
import { HintsService } from '../hints/hints.service.js';
import { FileNews } from './file-news.js';
import { MediaFilesRepository, type MediaFile } from './media-files.repository.js';
import { MEDIA_STORE, type ByteRange, type MediaStore } from './store/media-store.js';

/** Who may see a file, its bytes, and fetching it once more. */
@Injectable()
export class MediaService {
  constructor(
    private readonly database: Database,
    private readonly files: MediaFilesRepository,
    private readonly access: ConversationAccess,
    private readonly news: FileNews,
    private readonly hints: HintsService,
    @Inject(MEDIA_STORE) private readonly store: MediaStore,
  ) {}

  /**
   * A file whose bytes are there, if this agent may see one of the conversations that show it; before it was sent, only
   * who uploaded it may.
   * @throws NotFoundError media.not_found
   */
  async open(agent: AuthenticatedAgent, id: string): Promise<MediaFile & { size: number }> {
    const file = await this.visible(agent, id);
    const { state, size } = file;
    if (state !== 'ready' || size === null) throw new NotFoundError('media');
    return { ...file, size };
  }

  /** @throws NotFoundError when the store has lost it */
  async read(id: string, range: ByteRange | null): Promise<Readable> {
    const bytes = await this.store.read(id, range);
    if (!bytes) throw new NotFoundError('media');
    return bytes;
  }

  /**
   * Fetches a file again that could not be fetched.
   * @throws NotFoundError media.not_found, DomainError media.not_retryable
   */
  async retry(agent: AuthenticatedAgent, id: string): Promise<void> {
    await this.visible(agent, id);
    if (!(await this.news.tell(id, (tx) => this.files.retry(tx, id)))) {
      throw new DomainError('media.not_retryable', 409, 'This file is there, or on its way.');
    }
    this.hints.publish('media', {});
  }

  private async visible(agent: AuthenticatedAgent, id: string): Promise<MediaFile> {
    const file = await this.files.find(this.database.pool, id);
    if (!file) throw new NotFoundError('media');
    const conversations = await this.files.conversationsOf(this.database.pool, id);
    if (conversations.length === 0 && file.uploadedById === agent.id) return file;
    for (const conversationId of conversations) {
      try {
        await this.access.assertVisible(agent, conversationId);
        return file;
      } catch (error) {
        if (!(error instanceof NotFoundError)) throw error;
      }
    }
    throw new NotFoundError('media');
  }
}
