import { Injectable } from '@nestjs/common';
import { isVisible, type Viewer } from '../../conversations/conversation-access.js';
import { ConversationsReader } from '../../conversations/conversations.reader.js';
import { comparePlaces, type LogCursor, type LogPlace } from '../../log/log-cursor.js';
import { LogStreamRepository, type LogBounds } from '../../log/log-stream.repository.js';
import { RealtimeRepository } from '../realtime.repository.js';
import { fold, planDeliveries, unfolded, type AccessDelivery, type Delivery, type DurableEvent } from './deliveries.js';
import { Hydrator } from './hydrator.js';

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

/** A page of the log with what its rows speak of: the same for whoever asks. */
interface ReadPage {
  bounds: LogBounds;
  last: LogPlace | null;
  deliveries: Delivery[];
}

/** The log as one agent may see it, page by page. */
@Injectable()
export class EventPages {
  /**
   * Reads under way. After a cut every client of an instance comes back with the same cursor: whoever asks for a page that
   * is being read gets that one. What changes after it was read is told by a later row, as always.
   */
  private readonly underWay = new Map<string, Promise<ReadPage>>();

  constructor(
    private readonly stream: LogStreamRepository,
    private readonly hydrator: Hydrator,
    private readonly repository: RealtimeRepository,
    private readonly reader: ConversationsReader,
  ) {}

  /** `end` is the last row that was looked at (seen or not); null when there was none. */
  async read({ viewer, after, limit, until, isFolded }: PageRequest): Promise<EventPage> {
    const { bounds, last, deliveries } = await this.page(after, limit, until, isFolded);
    const isGone = bounds.epoch !== after.epoch || comparePlaces(bounds.floor, after) > 0;
    if (isGone || BigInt(after.xid) >= BigInt(bounds.endXid)) return { reset: true };
    if (!last) return { reset: false, events: [], end: null };
    const events: CursoredEvent[] = [];
    for (const delivery of deliveries) {
      const seen = delivery.to === 'access' ? await this.moved(viewer, delivery) : seenBy(viewer, delivery);
      if (seen === null) return { reset: true };
      for (const event of seen) events.push({ ...event, cursor: delivery.cursor });
    }
    return { reset: false, events, end: last };
  }

  private page(after: LogPlace, limit: number, until: LogPlace | undefined, isFolded: boolean): Promise<ReadPage> {
    const key = [after.xid, after.id, limit, until?.xid, until?.id, isFolded].join(' ');
    const found = this.underWay.get(key);
    if (found) return found;
    const reading = this.readPage(after, limit, until, isFolded).finally(() => this.underWay.delete(key));
    this.underWay.set(key, reading);
    return reading;
  }

  private async readPage(
    after: LogPlace,
    limit: number,
    until: LogPlace | undefined,
    isFolded: boolean,
  ): Promise<ReadPage> {
    const { rows: read, ...bounds } = await this.stream.page(after, limit, until);
    const last = read.at(-1);
    if (!last) return { bounds, last: null, deliveries: [] };
    const rows = isFolded ? fold(read) : unfolded(read);
    const hydrated = await this.hydrator.hydrate(rows.map(({ row }) => row));
    const deliveries = planDeliveries(bounds.epoch, rows, hydrated);
    return { bounds, last: { xid: last.xid, id: last.id }, deliveries };
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
  if (delivery.to === 'everyone') return [delivery.event];
  if (delivery.to === 'agent') return delivery.agentId === viewer.id ? [delivery.event] : [];
  const { conversationId, event, place, former } = delivery;
  if (place && isVisible(viewer, place)) return event ? [event] : [];
  return former.some((before) => isVisible(viewer, before))
    ? [{ type: 'conversation:hidden', payload: { id: conversationId } }]
    : [];
}
