import { AsyncLocalStorage } from 'node:async_hooks';

/** What a line of the log belongs to: ids of ours, never of people. */
export interface Trace {
  requestId?: string;
  deliveryId?: string;
  conversationId?: string;
  messageId?: string;
}

const storage = new AsyncLocalStorage<Trace>();

/** Runs `work` so that every line logged on its way carries these ids too. */
export const traced = <Result>(trace: Trace, work: () => Result): Result =>
  storage.run({ ...storage.getStore(), ...trace }, work);

/** The ids of what is being done right now. */
export const currentTrace = (): Trace => storage.getStore() ?? {};
