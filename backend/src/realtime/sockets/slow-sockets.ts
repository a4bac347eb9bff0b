import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import { Metrics } from '../../metrics/metrics.js';
import { SocketHub } from './socket-hub.js';
import { closeNow, pendingBytes } from './socket-pressure.js';
import type { RealtimeSocket } from './socket-types.js';

const SHED_BYTES = 256 * 1024;
const CUT_BYTES = 2 * 1024 * 1024;
const RECOVERED_BYTES = 64 * 1024;
const CUT_AFTER_MS = 30_000;
const CHECK_EVERY_MS = 1_000;
const DRAIN_POLL_MS = 20;

/**
 * Clients that read slower than the log grows: they get nothing durable until their buffer is empty again, then they
 * resume; those who do not recover are cut off. So one bad line costs neither memory nor anybody else's time.
 */
@Injectable()
export class SlowSockets implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(SlowSockets.name);
  private timer: NodeJS.Timeout | null = null;
  private cursor = '';

  constructor(
    private readonly hub: SocketHub,
    private readonly metrics: Metrics,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.check(), CHECK_EVERY_MS);
  }

  onModuleDestroy(): void {
    if (this.timer) clearInterval(this.timer);
  }

  /** Takes those off the live stream whose buffer is too full to get the coming batch. */
  shed(cursor: string): void {
    this.cursor = cursor;
    for (const socket of this.hub.sockets) {
      if (!socket.data.isLive || pendingBytes(socket) <= SHED_BYTES) continue;
      this.hub.leave(socket);
      socket.data.slowSinceMs = performance.now();
    }
  }

  /** Resolves once the client has read enough to get more; false when it was cut off. */
  async drained(socket: RealtimeSocket): Promise<boolean> {
    const sinceMs = performance.now();
    while (socket.conn.readyState === 'open' && pendingBytes(socket) > SHED_BYTES) {
      if (performance.now() - sinceMs > CUT_AFTER_MS) this.cut(socket);
      else await delay(DRAIN_POLL_MS);
    }
    return socket.conn.readyState === 'open';
  }

  private check(): void {
    for (const socket of this.hub.sockets) {
      if (socket.conn.readyState !== 'open') continue;
      const { slowSinceMs, isLive } = socket.data;
      const pending = pendingBytes(socket);
      const isStuck = slowSinceMs !== null && performance.now() - slowSinceMs > CUT_AFTER_MS;
      if (pending > CUT_BYTES || isStuck) {
        this.cut(socket);
      } else if (slowSinceMs !== null && pending < RECOVERED_BYTES) {
        socket.data.slowSinceMs = null;
        if (!isLive) this.hub.demandResume(socket, this.cursor);
      }
    }
  }

  private cut(socket: RealtimeSocket): void {
    this.logger.warn(`agent ${socket.data.agent.id} reads too slowly: connection closed`);
    this.hub.leave(socket);
    socket.data.slowSinceMs = null;
    closeNow(socket);
    this.metrics.slowSocketCut();
  }
}
