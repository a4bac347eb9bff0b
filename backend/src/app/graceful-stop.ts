import { type INestApplicationContext, Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { IncomingMessage, RequestListener, Server as HttpServer, ServerResponse } from 'node:http';
import { Server as NetServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Slots } from '../common/slots.js';
import { ENVIRONMENT, type Environment } from '../config/environment.js';
import { HealthService } from '../health/health.service.js';
import { ReceiptsSender } from '../outbound/receipts/receipts.sender.js';
import { Sender } from '../outbound/sending/sender.js';
import { SocketDrain } from '../realtime/sockets/socket-drain.js';
import { DeliveryWorker } from '../webhook/drain/delivery-worker.js';

/** Below the 30 s that are promised, and below the patience of systemd and compose (35 s). */
const STOP_WITHIN_MS = 27_000;
/** A request is cut by its transaction's time long before. */
const REQUESTS_WITHIN_MS = 12_000;
const SIGNALS = ['SIGTERM', 'SIGINT'] as const;
const FAILED = 1;

/**
 * Ends the process without anybody noticing: `ready` says no; no new connection is taken, so whatever stands before us asks
 * another instance; requests under way are answered, and each answer closes its connection; sockets are sent away one by
 * one; leased work is finished and nothing more leased; then queues, log and pools close.
 *
 * A second signal ends it at once, and so does the time limit: what was leased then is found by another instance when its
 * lease runs out, as after a power cut.
 */
export class GracefulStop {
  private readonly logger = new Logger(GracefulStop.name);
  private readonly server: HttpServer;
  private readonly underWay = new Slots<ServerResponse>();
  private stopping: Promise<void> | null = null;

  constructor(private readonly app: NestFastifyApplication) {
    this.server = app.getHttpServer();
    const follow: RequestListener = (_request: IncomingMessage, response) => this.follow(response);
    this.server.prependListener('request', follow);
  }

  /** From here on SIGTERM and SIGINT stop the process. */
  listen(): void {
    for (const signal of SIGNALS) {
      process.on(signal, () => {
        if (!this.stopping) return this.stop();
        this.logger.warn(`${signal} again: ending at once`);
        process.exit(FAILED);
      });
    }
  }

  /** Stops, once, and exits. */
  stop(): void {
    if (this.stopping) return;
    const startedAtMs = performance.now();
    setTimeout(() => {
      this.logger.error('not everything could be finished in time: the leases of what is left will run out');
      process.exit(FAILED);
    }, STOP_WITHIN_MS).unref();
    this.stopping = this.run().then(
      () => {
        this.logger.log(`stopped in ${Math.round(performance.now() - startedAtMs)} ms`);
        process.exit(0);
      },
      (error: unknown) => {
        this.logger.error('could not stop in order', error);
        process.exit(FAILED);
      },
    );
  }

  private async run(): Promise<void> {
    const { app } = this;
    this.logger.log('stopping');
    app.get(HealthService).announceStop();
    await delay(app.get<Environment>(ENVIRONMENT).stopNoticeMs);
    this.refuseConnections();
    await Promise.all([this.finishRequests(), finishWork(app)]);
    await app.close();
  }

  /**
   * Not `server.close()`, which cuts idle connections as well: the proxy may be writing a request on one of them. They are
   * served once more, and that answer closes them.
   */
  private refuseConnections(): void {
    NetServer.prototype.close.call(this.server);
    for (const response of this.underWay.values()) response.shouldKeepAlive = false;
  }

  private follow(response: ServerResponse): void {
    if (this.stopping) response.shouldKeepAlive = false;
    const slot = this.underWay.add(response);
    response.once('close', () => this.underWay.remove(slot));
  }

  private async finishRequests(): Promise<void> {
    const late = AbortSignal.timeout(REQUESTS_WITHIN_MS);
    for (let left = this.underWay.values(); left.length > 0 && !late.aborted; left = this.underWay.values()) {
      await Promise.race([
        ...left.map((response) => new Promise((resolve) => response.once('close', resolve))),
        delay(REQUESTS_WITHIN_MS, undefined, { signal: late, ref: false }).catch(() => undefined),
      ]);
    }
  }
}

/** What other instances can take up at once ends side by side; the rest ends in the order of Nest's own hooks. */
async function finishWork(app: INestApplicationContext): Promise<void> {
  const workers = [Sender, ReceiptsSender, DeliveryWorker].map((type) =>
    app.get<{ stop(): Promise<void> }>(type).stop(),
  );
  await Promise.all([app.get(SocketDrain).drain(), ...workers]);
}
