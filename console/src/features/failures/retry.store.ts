import type { Failure, FailureReason, Message, ResendObstacle } from '@parley/contract';
import { defineStore } from 'pinia';
import { shallowRef, watch } from 'vue';
import { ApiError } from '../../shared/api-error.js';
import { useSessionStore } from '../auth/session.store.js';
import { useEntitiesStore } from '../inbox/entities.store.js';
import { everyFailure } from './every-failure.js';
import { failuresApi, type GroupName } from './failures.api.js';
import { resendId } from './resend-id.js';

/** Threads that are sent into side by side; in one thread a message follows the one before. */
const AT_ONCE = 3;
const PAUSES_MS = [1_000, 2_000, 4_000, 8_000, 15_000];

/** A message that did not go out again: the server would not take it, or Meta refused it once more. */
export interface FailedAgain {
  failure: Failure;
  error: unknown;
  reason: FailureReason | null;
}

/** How far a run over a group is. */
export interface RetryRun {
  group: GroupName;
  state: 'collecting' | 'running' | 'stopped' | 'done';
  total: number;
  /** Taken by the server or refused by it. */
  done: number;
  taken: number;
  /** Of those that were taken: Meta has them. */
  arrived: number;
  skipped: Partial<Record<ResendObstacle, number>>;
  failed: readonly FailedAgain[];
  /** No answer came; the same request is repeated. */
  isWaiting: boolean;
}

/**
 * Sends what failed again, one by one under ids that never change, so that a lost answer is asked for once more and sends
 * nothing twice. A run outlives the screen that began it.
 */
export const useRetryStore = defineStore('failure-retry', () => {
  const session = useSessionStore();
  const api = failuresApi(session.http);
  const run = shallowRef<RetryRun | null>(null);
  const heard = new Map<string, Message>();
  const onTheirWay = new Map<string, Failure>();
  let generation = 0;

  const isBusy = (): boolean => run.value?.state === 'collecting' || run.value?.state === 'running';
  const change = (over: Partial<RetryRun>): void => void (run.value &&= { ...run.value, ...over });

  /** What became of a message that was sent again; its news may come before the answer that names it. */
  function hear(message: Message): void {
    const failure = onTheirWay.get(message.id);
    if (!failure) {
      if (isBusy()) heard.set(message.id, message);
      return;
    }
    if (!run.value || message.status === 'queued' || message.status === 'sending') return;
    onTheirWay.delete(message.id);
    if (message.status !== 'failed' && message.status !== 'unknown') return change({ arrived: run.value.arrived + 1 });
    const reason = message.status === 'unknown' ? 'unconfirmed' : (message.error?.reason ?? 'other');
    change({ failed: [...run.value.failed, { failure, error: null, reason }] });
  }

  /** @throws ApiError when the server will not take it, or `isWanted` says no while no answer comes */
  async function send(
    failure: Failure,
    isWanted: () => boolean,
    waits: (isWaiting: boolean) => void,
  ): Promise<Message> {
    const { conversationId, message, lastSeq } = failure;
    const clientMessageId = resendId(message.id, session.agent?.id ?? '');
    for (let tries = 0; ; tries += 1) {
      try {
        const sent = await api.resend(conversationId, message.id, { clientMessageId, basedOn: lastSeq });
        waits(false);
        return sent;
      } catch (error) {
        if (!(error instanceof ApiError && error.isTransient) || !isWanted()) throw error;
        waits(true);
        const pauseMs = error.retryAfterMs ?? PAUSES_MS[Math.min(tries, PAUSES_MS.length - 1)];
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
        if (!isWanted()) throw error;
      }
    }
  }

  /** What turned out not to be wanted after all is no failure. */
  function leaveOut(why: ResendObstacle): void {
    if (!run.value) return;
    const { done, skipped } = run.value;
    change({ done: done + 1, skipped: { ...skipped, [why]: (skipped[why] ?? 0) + 1 }, isWaiting: false });
  }

  async function sendCounted(failure: Failure, isWanted: () => boolean): Promise<void> {
    try {
      const sent = await send(failure, isWanted, (isWaiting) => change({ isWaiting }));
      if (!run.value) return;
      change({ done: run.value.done + 1, taken: run.value.taken + 1 });
      onTheirWay.set(sent.id, failure);
      hear(heard.get(sent.id) ?? sent);
    } catch (error) {
      if (!run.value || !isWanted()) return;
      if (error instanceof ApiError && error.code === 'contact.marketing_stopped') return leaveOut('marketing');
      change({
        done: run.value.done + 1,
        failed: [...run.value.failed, { failure, error, reason: null }],
        isWaiting: false,
      });
    }
  }

  /** Everything of a group that can go out again, those that failed first first. */
  async function start(group: GroupName, channel: string | null): Promise<void> {
    if (isBusy()) return;
    const mine = ++generation;
    const isWanted = (): boolean => mine === generation;
    onTheirWay.clear();
    heard.clear();
    const nothing = { total: 0, done: 0, taken: 0, arrived: 0, skipped: {}, failed: [], isWaiting: false };
    run.value = { group, state: 'collecting', ...nothing };
    try {
      const found = await everyFailure(api, group, channel, isWanted);
      if (!isWanted()) return;
      const wanted = found.filter(({ obstacle }) => obstacle === null);
      const skipped: RetryRun['skipped'] = {};
      for (const { obstacle } of found) if (obstacle) skipped[obstacle] = (skipped[obstacle] ?? 0) + 1;
      change({ state: 'running', total: wanted.length, skipped });
      const threads = byThread(wanted);
      const work = async (): Promise<void> => {
        for (let thread = threads.shift(); thread; thread = threads.shift()) {
          for (const failure of thread) {
            if (!isWanted()) return;
            await sendCounted(failure, isWanted);
          }
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
      if (isWanted()) change({ state: 'done', isWaiting: false });
    } catch (error) {
      if (isWanted()) run.value = null;
      throw error;
    }
  }

  /** What is on its way ends; nothing more begins. */
  function stop(): void {
    if (!isBusy()) return;
    generation += 1;
    change({ state: 'stopped', isWaiting: false });
  }

  function close(): void {
    generation += 1;
    run.value = null;
    heard.clear();
    onTheirWay.clear();
  }

  useEntitiesStore().onEvent((event) => {
    if (event.type === 'message:updated' || event.type === 'message:created') hear(event.payload);
  });
  watch(() => session.agent?.id, close);

  return {
    run,
    start,
    stop,
    close,
    /** One message, now. @throws ApiError */
    one: (failure: Failure): Promise<Message> =>
      send(
        failure,
        () => false,
        () => undefined,
      ),
  };
});

function byThread(failures: readonly Failure[]): Failure[][] {
  const threads = new Map<string, Failure[]>();
  for (const failure of failures) {
    threads.set(failure.conversationId, [...(threads.get(failure.conversationId) ?? []), failure]);
  }
  return [...threads.values()];
}
