import type { Queue } from 'bull';

/**
 * Bull reports a failing start as an `error` event *and* by the promise of `process`, which Nest drops: with Redis
 * away that rejection would end the process. Call it in a constructor, before Nest registers the handlers.
 */
export function surviveAbsentRedis(queue: Queue): void {
  const start: unknown = Reflect.get(queue, 'process');
  if (typeof start !== 'function') return;
  Object.defineProperty(queue, 'process', {
    value: (...handler: unknown[]): unknown => {
      const running: unknown = Reflect.apply(start, queue, handler);
      if (running instanceof Promise) running.catch(() => undefined);
      return running;
    },
  });
}
