import { Injectable } from '@nestjs/common';
import { ConversationsRepository, placeOf } from '../conversations/conversations.repository.js';
import { Database, type Tx } from '../database/database.js';
import type { LogEvent } from '../log/log-event.js';
import { LogRepository } from '../log/log.repository.js';
import { MediaFilesRepository } from './media-files.repository.js';

/** Changes a file and lets every screen that shows a message of it know, in one transaction. */
@Injectable()
export class FileNews {
  constructor(
    private readonly database: Database,
    private readonly files: MediaFilesRepository,
    private readonly conversations: ConversationsRepository,
    private readonly log: LogRepository,
  ) {}

  /** `change` says whether it changed anything; it runs under the locks of the conversations. */
  async tell(fileId: string, change: (tx: Tx) => Promise<boolean>): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      const rows = new Map<string, ReturnType<typeof placeOf>>();
      for (const id of await this.files.conversationsOf(tx, fileId)) {
        const locked = await this.conversations.lock(tx, id);
        if (locked) rows.set(id, placeOf(locked.row));
      }
      if (!(await change(tx))) return false;
      const touched = await this.files.touchMessages(tx, fileId);
      await this.log.append(
        tx,
        touched.map((ref): LogEvent => ({ ...rows.get(ref.conversationId), type: 'message.updated' as const, ...ref })),
      );
      return true;
    });
  }
}
