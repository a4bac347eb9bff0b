import type { Dispatcher } from 'undici';

/** How far a call came, and what came back. */
export type CallResult =
  | { kind: 'answered'; httpStatus: number; body: string }
  /** Not one byte of the request left. */
  | { kind: 'not_connected'; detail: string }
  /** `mayWrite` said no right before the first byte. */
  | { kind: 'not_started'; detail: string }
  /** Bytes may have left; the answer never came, or not whole. */
  | { kind: 'broken'; detail: string; httpStatus: number | null };

export interface GraphCall {
  origin: string;
  path: string;
  token: string;
  body: Record<string, unknown>;
  timeoutMs: number;
  /** Asked right before the first byte is written. */
  mayWrite?: () => boolean;
}

const LONGEST_ANSWER_CHARS = 256 * 1_024;

/**
 * One POST, told apart by what happened on the wire. It uses undici's dispatch itself because only there one learns
 * the moment in which the request is about to be written: whatever fails before it surely never left, and whatever
 * fails after it may have arrived.
 */
export function callGraph(dispatcher: Dispatcher, call: GraphCall): Promise<CallResult> {
  return new Promise((resolve) => {
    let started: Dispatcher.DispatchController | null = null;
    let httpStatus: number | null = null;
    let isSettled = false;
    const chunks: Buffer[] = [];
    let received = 0;

    const settle = (result: CallResult) => {
      if (isSettled) return;
      isSettled = true;
      clearTimeout(timer);
      resolve(result);
    };
    const fail = (detail: string) =>
      settle(started ? { kind: 'broken', detail, httpStatus } : { kind: 'not_connected', detail });
    const timer = setTimeout(() => {
      fail(`no answer within ${call.timeoutMs / 1_000} s`);
      started?.abort(new Error('timed out'));
    }, call.timeoutMs);

    dispatcher.dispatch(
      {
        origin: call.origin,
        path: call.path,
        method: 'POST',
        headers: {
          authorization: `Bearer ${call.token}`,
          'content-type': 'application/json',
          accept: 'application/json',
        },
        body: JSON.stringify(call.body),
        headersTimeout: call.timeoutMs,
        bodyTimeout: call.timeoutMs,
      },
      {
        onRequestStart(controller) {
          if (isSettled) return controller.abort(new Error('timed out before a connection was free'));
          if (call.mayWrite && !call.mayWrite()) {
            settle({ kind: 'not_started', detail: 'too little of the lease was left' });
            return controller.abort(new Error('too little of the lease was left'));
          }
          started = controller;
        },
        onResponseStart(_controller, status) {
          httpStatus = status;
        },
        onResponseData(controller, chunk) {
          received += chunk.length;
          if (received <= LONGEST_ANSWER_CHARS) chunks.push(chunk);
          else controller.abort(new Error('the answer is too long'));
        },
        onResponseEnd() {
          settle({ kind: 'answered', httpStatus: httpStatus ?? 0, body: Buffer.concat(chunks).toString('utf8') });
        },
        onResponseError(_controller, error) {
          fail(describe(error));
        },
      },
    );
  });
}

function describe(error: Error): string {
  const { code } = error as NodeJS.ErrnoException;
  return code ? `${code}: ${error.message}` : error.message;
}
