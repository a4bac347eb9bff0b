// Keeps what it started alive, in order, and ends it in the opposite order.
import { setTimeout as delay } from 'node:timers/promises';
import { endRunning } from '../lib/processes.mjs';
import { UserError, reportError, say } from '../lib/report.mjs';

const MAX_RESTARTS = 5;
const RESTART_WINDOW_MS = 60_000;
const RESTART_DELAY_MS = 500;
const ORPHAN_POLL_MS = 250;

/** What `npm start` holds: each part can be restarted alone, all end together. */
export class Supervisor {
  /** @type {{ name: string, service: { stop(): Promise<unknown>, ended: Promise<object> } }[]} */
  #parts = [];
  #stopping = null;
  #notices = [];
  #cleanups = [];

  get isStopping() {
    return this.#stopping !== null;
  }

  /** Does something as soon as it is to end. */
  onStopping(notice) {
    this.#notices.push(notice);
  }

  /** Does something at the very end, after all parts have stopped. */
  onStopped(cleanup) {
    this.#cleanups.push(cleanup);
  }

  /**
   * Starts a part and keeps it running: should it end by itself, it is started again, in the same place.
   * @param {string} name as people call it
   * @param {(previous: object | null) => Promise<{ stop(): Promise<unknown>, ended: Promise<object> }>} launch
   */
  async keep(name, launch) {
    const service = await launch(null);
    if (this.isStopping) {
      await service.stop();
      throw new UserError('Stopped.');
    }
    const part = { name, service };
    this.#parts.push(part);
    void this.#watch(part, launch);
    return service;
  }

  async #watch(part, launch) {
    const restartsAt = [];
    for (;;) {
      const { code, signal } = await part.service.ended;
      if (this.isStopping) return;
      const now = performance.now();
      restartsAt.push(now);
      say(`${part.name} ended by itself (${signal ?? `code ${code}`}); starting it again.`);
      if (restartsAt.filter((at) => at > now - RESTART_WINDOW_MS).length > MAX_RESTARTS) {
        reportError(new UserError(`${part.name} keeps ending: see its last words above.`, part.service.tail?.() ?? ''));
        return void this.stop(1);
      }
      try {
        await delay(RESTART_DELAY_MS);
        if (this.isStopping) return;
        const service = await launch(part.service);
        if (this.isStopping) return void (await service.stop());
        part.service = service;
        say(`${part.name} runs again.`);
      } catch (error) {
        if (this.isStopping) return;
        reportError(error);
        return void this.stop(1);
      }
    }
  }

  /** Ends every part, the last started first, and then this process. */
  stop(exitCode) {
    this.#stopping ??= this.#stopAll(exitCode);
    return this.#stopping;
  }

  async #stopAll(exitCode) {
    for (const notice of this.#notices) notice();
    await endRunning();
    for (const { service } of this.#parts.toReversed()) await service.stop();
    for (const cleanup of this.#cleanups.toReversed()) await cleanup();
    process.exit(exitCode);
  }
}

/** Ends everything on Ctrl-C, SIGTERM or a closed terminal, and when whoever started us is gone. */
export function stopWithStarter(supervisor) {
  const stop = () => {
    if (!supervisor.isStopping) say('\nEnding …');
    void supervisor.stop(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop);
  if (process.channel) process.once('disconnect', stop);
  // npm that is killed tells nobody, but its child is given to another parent.
  if (!process.env.npm_lifecycle_event) return;
  const { ppid } = process;
  setInterval(() => {
    if (process.ppid !== ppid) stop();
  }, ORPHAN_POLL_MS).unref();
}
