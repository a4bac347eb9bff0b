import type { MessageError } from '@parley/contract';

/** What one call to Meta came to, told by what happened on the wire. */
export type SendOutcome =
  /** Meta took the message and named it. */
  | { kind: 'accepted'; wamid: string; httpStatus: number }
  /** A Graph error body: Meta did not take it (but see the class of the code). */
  | { kind: 'refused'; code: number; title: string; detail: string | null; isTransient: boolean; httpStatus: number }
  /** No byte of the request left: no connection, or none in time. */
  | { kind: 'not_connected'; detail: string }
  /** Given up by ourselves before the first byte: too little of the lease was left. */
  | { kind: 'not_started'; detail: string }
  /** Given up by ourselves for good: what was found out during an upload forbids it. Nothing of the message has left. */
  | { kind: 'withdrawn'; error: MessageError }
  /** Bytes may have left and no Graph answer came back: nobody can say. */
  | { kind: 'ambiguous'; detail: string; httpStatus: number | null };
