import { describe, expect, it, vi } from 'vitest';
import { Kicked } from './kicked.js';

/** Work whose runs end when the test says so. */
function heldWork() {
  const ends: ((error?: Error) => void)[] = [];
  const work = vi.fn(
    () =>
      new Promise<void>((resolve, reject) => ends.push((error) => (error === undefined ? resolve() : reject(error)))),
  );
  return { work, end: (error?: Error) => ends.shift()?.(error) };
}

describe('work that others ask for', () => {
  it('runs once more after the run under way, however often it was asked for meanwhile', async () => {
    const { work, end } = heldWork();
    const kicked = new Kicked(work, vi.fn());
    for (let i = 0; i < 3; i += 1) kicked.kick();
    expect(work).toHaveBeenCalledTimes(1);
    end();
    await kicked.idle();
    expect(work).toHaveBeenCalledTimes(2);
    end();
    await kicked.idle();
    expect(work).toHaveBeenCalledTimes(2);
  });

  it('tells of a run that failed, and runs again', async () => {
    const { work, end } = heldWork();
    const onError = vi.fn();
    const kicked = new Kicked(work, onError);
    kicked.kick();
    const error = new Error('the store is away');
    end(error);
    await kicked.idle();
    expect(onError).toHaveBeenCalledWith(error);
    kicked.kick();
    expect(work).toHaveBeenCalledTimes(2);
  });

  it('stops after the run under way, whatever was asked for', async () => {
    const { work, end } = heldWork();
    const kicked = new Kicked(work, vi.fn());
    kicked.kick();
    kicked.kick();
    const stopped = kicked.stop();
    expect(kicked.isStopped).toBe(true);
    end();
    await stopped;
    kicked.kick();
    expect(work).toHaveBeenCalledTimes(1);
  });
});
