import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import { encodeCursor } from './log-cursor.js';
import { LogStreamRepository } from './log-stream.repository.js';

/** Where the log stands. */
@Injectable()
export class LogPosition {
  constructor(private readonly stream: LogStreamRepository) {}

  /**
   * An opaque cursor such that everything readable at this moment is at or before it. Read it in a statement *before*
   * a list's: replaying from it then misses nothing that the list does not show.
   */
  async current(tx?: Tx): Promise<string> {
    const { epoch, place } = await this.stream.head(tx);
    return encodeCursor({ epoch, ...place });
  }
}
