import { Injectable } from '@nestjs/common';
import { ConversationsReader } from '../conversations/conversations.reader.js';
import { isVisible, type Viewer } from '../conversations/conversation-access.js';
import { comparePlaces, type LogCursor, type LogPlace } from '../log/log-cursor.js';
import { LogStreamRepository } from '../log/log-stream.repository.js';
import { fold, planDeliveries, unfolded, type AccessDelivery, type Delivery, type DurableEvent } from './deliveries.js';
import { Hydrator } from './hydrator.js';
import { RealtimeRepository } from './realtime.repository.js';

/** More rows than this moved in or out of sight by one change of access: reloading is cheaper. */
const MOVED_MAX = 500;

export type CursoredEvent = DurableEvent & { cursor: string };

/** `reset`: nothing can be replayed from there, the holder must load anew. */
export type EventPage = { reset: true } | { reset: false; events: CursoredEvent[]; end: LogPlace | null };

export interface PageRequest {
  viewer: Viewer;
  after: LogCursor;
  limit: number;
  /** Read no further than this place. */
  until?: LogPlace;
  /** Leave out what a later row of the page makes superfluous. */
  isFolded: boolean;
}

/** The log as one agent may see it, page by page. */
@Injectable()
export class EventPages {
  constructor(
    private readonly stream: LogStreamRepository,
    private readonly hydrator: Hydrator,
    private readonly repository: RealtimeRepository,
    private readonly reader: ConversationsReader,
  ) {}

  /** `end` is the last row that was looked at (seen or not); null when there was none. */
  async read({ viewer, after, limit, until, isFolded }: PageRequest): Promise<EventPage> {
    const page = await this.stream.page(after, limit, until);
    const isGone = page.epoch !== after.epoch || comparePlaces(page.floor, after) > 0;
    if (isGone || BigInt(after.xid) >= BigInt(page.endXid)) return { reset: true };
    const last = page.rows.at(-1);
    if (!last) return { reset: false, events: [], end: null };
    const rows = isFolded ? fold(page.rows) : unfolded(page.rows);
    const hydrated = await this.hydrator.hydrate(rows.map(({ row }) => row));
    const events: CursoredEvent[] = [];
    for (const delivery of planDeliveries(page.epoch, rows, hydrated)) {
      const seen = delivery.to === 'access' ? await this.moved(viewer, delivery) : seenBy(viewer, delivery);
      if (seen === null) return { reset: true };
      for (const event of seen) events.push({ ...event, cursor: delivery.cursor });
    }
    return { reset: false, events, end: { xid: last.xid, id: last.id } };
  }

  /** What came into sight and what was lost by a change of the agent's role or teams; null when it is too much. */
  private async moved(viewer: Viewer, { agentId, teamId }: AccessDelivery): Promise<DurableEvent[] | null> {
    if (agentId !== viewer.id) return [];
    const places = await this.repository.movedByAccess(viewer, teamId, MOVED_MAX + 1);
    if (places.size > MOVED_MAX) return null;
    const visible = [...places].filter(([, place]) => isVisible(viewer, place)).map(([id]) => id);
    const shown = await this.reader.conversations(visible);
    return [...places.keys()].map((id): DurableEvent => {
      const payload = shown.get(id);
      return payload ? { type: 'conversation:updated', payload } : { type: 'conversation:hidden', payload: { id } };
    });
  }
}

function seenBy(viewer: Viewer, delivery: Exclude<Delivery, AccessDelivery>): DurableEvent[] {
  if (delivery.to === 'agent') return delivery.agentId === viewer.id ? [delivery.event] : [];
  const { conversationId, event, place, former } = delivery;
  if (place && isVisible(viewer, place)) return event ? [event] : [];
  return former.some((before) => isVisible(viewer, before))
    ? [{ type: 'conversation:hidden', payload: { id: conversationId } }]
    : [];
}
