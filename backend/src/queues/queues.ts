/** Bull carries wake-ups only: PostgreSQL holds attempts, next time, lease and outcome; a lost job is found by a sweep. */
export const QUEUES = { webhook: 'webhook', outbound: 'outbound', push: 'push' } as const;

/** Run once, leave nothing behind, never a `jobId` (an id that Bull still knows makes `add` a silent no-op). */
export const WAKE_UP_OPTIONS = { attempts: 1, removeOnComplete: true, removeOnFail: true } as const;

/** Job name → payload; ids only. */
export interface JobMap {
  'process-deliveries': Record<string, never>;
  'send-messages': { channelId: string };
  'send-pushes': Record<string, never>;
}
