/** A place in the log's delivery order: writing transaction, then insert order within it. */
export interface LogPlace {
  /** xid8, as text: it does not fit a number. */
  xid: string;
  id: number;
}

/** A place in the log of one particular server and history; what clients hold as an opaque text. */
export interface LogCursor extends LogPlace {
  epoch: string;
}

/** Each place has one form only: no leading zeros. */
const FORM = /^([0-9a-f]{16})\.(0|[1-9]\d{0,19})\.(0|[1-9]\d{0,18})$/;

/** Negative when `left` comes first, 0 for the same place. */
export function comparePlaces(left: LogPlace, right: LogPlace): number {
  if (left.xid === right.xid) return left.id - right.id;
  return BigInt(left.xid) < BigInt(right.xid) ? -1 : 1;
}

/** The opaque text that clients hold. */
export function encodeCursor({ epoch, xid, id }: LogCursor): string {
  return Buffer.from(`${epoch}.${xid}.${id}`).toString('base64url');
}

/** Null for whatever is not a cursor of ours: its holder must start anew. */
export function decodeCursor(text: string): LogCursor | null {
  const match = FORM.exec(Buffer.from(text, 'base64url').toString());
  if (!match) return null;
  const [, epoch = '', xid = '', id = ''] = match;
  return BigInt(xid) < 2n ** 64n && Number.isSafeInteger(Number(id)) ? { epoch, xid, id: Number(id) } : null;
}
