import type { RealtimeSocket } from './socket-types.js';

/**
 * Lets all frames that Engine.IO flushes at once leave in one write: a batch of the log is hundreds of small frames for
 * each socket, and a system call for each of them was a third of the instance's time at 1,000 messages a second.
 */
export function coalesceWrites({ conn }: RealtimeSocket): void {
  const connection = conn.request.socket;
  conn.on('flush', () => {
    connection.cork();
    process.nextTick(() => connection.uncork());
  });
}
