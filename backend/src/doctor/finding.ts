/** `ok` as it should be, `warn` works but will hurt, `fail` something does not work, `skip` could not be looked at. */
export type FindingState = 'ok' | 'warn' | 'fail' | 'skip';

/** One thing that was looked at. Never holds a secret. */
export interface Finding {
  /** Stable name, for scripts: `webhook`, `token`, `redis.policy` … */
  id: string;
  title: string;
  state: FindingState;
  /** What was found. */
  detail: string;
  /** One sentence of what to do; empty when there is nothing to do. */
  todo: string;
}

/** Makes the findings of one subject. */
export const about = (id: string, title: string) => ({
  ok: (detail: string): Finding => ({ id, title, state: 'ok', detail, todo: '' }),
  warn: (detail: string, todo: string): Finding => ({ id, title, state: 'warn', detail, todo }),
  fail: (detail: string, todo: string): Finding => ({ id, title, state: 'fail', detail, todo }),
  skip: (detail: string): Finding => ({ id, title, state: 'skip', detail, todo: '' }),
});
