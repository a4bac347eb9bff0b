import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { PRESENCE_LEASE_SECONDS, type Person, type PresentAgent } from '@parley/contract';
import { AbsenceSweeper } from '../../conversations/absence/absence.sweeper.js';
import { isVisible } from '../../conversations/conversation-access.js';
import { ThreadViewers } from '../../conversations/thread-viewers.js';
import { LIVE_ROOM, roomsOfPlace } from '../audience.js';
import { RealtimeRepository } from '../realtime.repository.js';
import { SocketHub } from '../sockets/socket-hub.js';
import type { RealtimeSocket, SocketLease } from '../sockets/socket-types.js';
import { LeaseBoard, type LeaseChange } from './lease-board.js';
import { PresenceLeases } from './presence-leases.js';

const LEASE_MS = PRESENCE_LEASE_SECONDS * 1_000;
/** How many conversations one socket may have open at once; the oldest goes first. */
const VIEWING_MAX = 5;
const EXPIRE_EVERY_MS = 5_000;
const FLUSH_EVERY_MS = 200;
/** The same list is told at most once in this time. */
const TELL_EVERY_MS = 500;
const PRESENCE = 'presence';

/** What a socket of ours has said. A hidden tab keeps its open threads, and is told as idle. */
interface OwnSocket {
  agent: Person;
  open: string[];
  typing: string | null;
  isActive: boolean;
}

/**
 * Who is online, viewing and typing: volatile, leased, coalesced. Every instance tells the others what its sockets say
 * and keeps the whole board; without Redis it knows its own.
 */
@Injectable()
export class PresenceService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(PresenceService.name);
  private readonly board = new LeaseBoard();
  /** This instance's own sockets. */
  private readonly own = new Map<string, OwnSocket>();
  /** Topics (conversation ids, or presence) whose lists have changed. */
  private readonly dirty = new Set<string>();
  private readonly toldAtMs = new Map<string, number>();
  /** Sockets that have yet to be greeted: a thousand who come back at once are one broadcast, not a thousand lists. */
  private readonly newcomers = new Set<RealtimeSocket>();
  private readonly timers: NodeJS.Timeout[] = [];
  private isFlushing = false;

  constructor(
    private readonly hub: SocketHub,
    private readonly repository: RealtimeRepository,
    private readonly redis: PresenceLeases,
    absence: AbsenceSweeper,
    threadViewers: ThreadViewers,
  ) {
    absence.watch(() => [...this.own.values()].map(({ agent }) => agent.id));
    threadViewers.readFrom(this.board);
  }

  onApplicationBootstrap(): void {
    this.hub.server.on('lease', (lease) => this.note(lease));
    this.timers.push(
      setInterval(() => this.mark(this.board.expire(performance.now())), EXPIRE_EVERY_MS),
      setInterval(() => void this.flush(), FLUSH_EVERY_MS),
    );
  }

  onModuleDestroy(): void {
    for (const timer of this.timers) clearInterval(timer);
  }

  /** Whether the agent has a live connection to any instance. */
  isPresent(agentId: string): boolean {
    return this.board.isOnline(agentId);
  }

  viewers(conversationId: string): PresentAgent[] {
    return this.board.viewers(conversationId);
  }

  typists(conversationId: string): Person[] {
    return this.board.typists(conversationId);
  }

  connected(socket: RealtimeSocket): void {
    const { id, name } = socket.data.agent;
    this.own.set(socket.id, { agent: { id, name }, open: [], typing: null, isActive: true });
    this.say(socket.id);
  }

  disconnected(socket: RealtimeSocket): void {
    this.newcomers.delete(socket);
    this.say(socket.id, 0);
    this.own.delete(socket.id);
  }

  heartbeat(socket: RealtimeSocket, isActive: boolean): void {
    this.change(socket, (own) => ({ isActive, typing: isActive ? own.typing : null }));
  }

  opened(socket: RealtimeSocket, conversationId: string): void {
    this.change(socket, ({ open }) => ({
      open: [...open.filter((id) => id !== conversationId), conversationId].slice(-VIEWING_MAX),
    }));
  }

  closed(socket: RealtimeSocket, conversationId: string): void {
    this.change(socket, ({ open, typing }) => ({
      open: open.filter((id) => id !== conversationId),
      typing: typing === conversationId ? null : typing,
    }));
  }

  typing(socket: RealtimeSocket, conversationId: string, isOn: boolean): void {
    this.change(socket, ({ typing }) => {
      if (isOn) return { typing: conversationId };
      return { typing: typing === conversationId ? null : typing };
    });
  }

  /** A socket that has just resumed is told, with all who come at the same time, who is there and what is going on. */
  greet(socket: RealtimeSocket): void {
    this.newcomers.add(socket);
  }

  private change(socket: RealtimeSocket, update: (own: OwnSocket) => Partial<OwnSocket>): void {
    const own = this.own.get(socket.id);
    if (!own) return;
    this.own.set(socket.id, { ...own, ...update(own) });
    this.say(socket.id);
  }

  /** What a socket of this instance says, here and to the other instances. */
  private say(socketId: string, leaseMs = LEASE_MS): void {
    const own = this.own.get(socketId);
    if (!own) return;
    const { agent, open, typing, isActive } = own;
    if (leaseMs > 0) this.redis.renew(agent.id);
    const lease = { socketId, agent, viewing: open, typing, idle: !isActive, leaseMs };
    this.note(lease);
    this.hub.server.serverSideEmit('lease', lease);
  }

  private note(lease: SocketLease): void {
    const change = this.board.apply(lease, performance.now());
    // Whichever instance learns last that the agent is gone ends the lease; a heartbeat brings a wrong end back.
    if (change.presence && !this.board.isOnline(lease.agent.id)) this.redis.end(lease.agent.id);
    this.mark(change);
  }

  private mark({ presence, conversationIds }: LeaseChange): void {
    if (presence) this.dirty.add(PRESENCE);
    for (const id of conversationIds) this.dirty.add(id);
  }

  private async flush(): Promise<void> {
    if (this.isFlushing || (this.dirty.size === 0 && this.newcomers.size === 0)) return;
    this.isFlushing = true;
    const newcomers = [...this.newcomers];
    this.newcomers.clear();
    const nowMs = performance.now();
    const due = [...this.dirty].filter((topic) => nowMs - (this.toldAtMs.get(topic) ?? -Infinity) >= TELL_EVERY_MS);
    for (const topic of due) this.dirty.delete(topic);
    try {
      await this.tell(due);
      await this.tellNewcomers(newcomers);
    } catch (error) {
      this.logger.warn(`who is viewing and typing could not be told: ${String(error)}`);
    } finally {
      this.isFlushing = false;
    }
  }

  private async tell(topics: readonly string[]): Promise<void> {
    const conversationIds = topics.filter((topic) => topic !== PRESENCE);
    const places = await this.repository.places(conversationIds);
    // Not Socket.IO's `volatile`, which drops the second of two packets of one tick. Slow sockets are in no room.
    const { local } = this.hub.server;
    if (conversationIds.length < topics.length) {
      local.to(LIVE_ROOM).emit('presence:updated', { online: this.board.online() });
    }
    for (const [conversationId, place] of places) {
      const target = local.to(roomsOfPlace(place));
      target.emit('viewers:updated', { conversationId, agents: this.board.viewers(conversationId) });
      target.emit('typing:updated', { conversationId, agents: this.board.typists(conversationId) });
    }
    this.forgetOld();
    for (const topic of topics) this.toldAtMs.set(topic, performance.now());
  }

  private async tellNewcomers(sockets: readonly RealtimeSocket[]): Promise<void> {
    if (sockets.length === 0) return;
    // Each socket is a room of its own: to all of them the list is encoded once.
    const to = (some: readonly RealtimeSocket[]) => this.hub.server.local.to(some.map(({ id }) => id));
    to(sockets).emit('presence:updated', { online: this.board.online() });
    for (const [conversationId, place] of await this.repository.places([...this.board.conversationIds()])) {
      const allowed = sockets.filter((socket) => isVisible(socket.data.agent, place));
      if (allowed.length === 0) continue;
      to(allowed).emit('viewers:updated', { conversationId, agents: this.board.viewers(conversationId) });
      to(allowed).emit('typing:updated', { conversationId, agents: this.board.typists(conversationId) });
    }
  }

  /** Conversations that nobody has looked at for a while need no memory of when they were told last. */
  private forgetOld(): void {
    const nowMs = performance.now();
    for (const [topic, atMs] of this.toldAtMs) if (nowMs - atMs > TELL_EVERY_MS) this.toldAtMs.delete(topic);
  }
}
