import { Injectable } from '@nestjs/common';
import type { EventPage, EventsQuery } from '@parley/contract';
import type { Viewer } from '../../conversations/conversation-access.js';
import { decodeCursor, encodeCursor } from '../../log/log-cursor.js';
import { LogPosition } from '../../log/log-position.js';
import { EventPages } from './event-pages.js';

/** Pages of nothing that the caller may see are passed over, this many at a time. */
const PAGES_MAX = 20;

/** The log over HTTP. */
@Injectable()
export class EventHistory {
  constructor(
    private readonly pages: EventPages,
    private readonly position: LogPosition,
  ) {}

  async list(viewer: Viewer, { since, limit }: EventsQuery): Promise<EventPage> {
    if (since === undefined) return { events: [], cursor: await this.position.current(), reset: false };
    let cursor = decodeCursor(since);
    for (let pages = 0; cursor && pages < PAGES_MAX; pages += 1) {
      const page = await this.pages.read({ viewer, after: cursor, limit, isFolded: false });
      if (page.reset) break;
      if (page.end) cursor = { epoch: cursor.epoch, ...page.end };
      const isDone = page.events.length > 0 || page.end === null || pages === PAGES_MAX - 1;
      if (isDone) return { events: page.events, cursor: encodeCursor(cursor), reset: false };
    }
    return { events: [], cursor: await this.position.current(), reset: true };
  }
}
