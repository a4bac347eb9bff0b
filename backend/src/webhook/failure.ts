import { sqlStateOf } from '../database/database.js';
import { LeaseLostError } from './deliveries.repository.js';

/** Connection, transaction rollback, resources, locks, operator, system: and a transaction or server in the wrong state. */
const STORE_CLASSES = new Set(['08', '25', '40', '53', '55', '57', '58']);
const NETWORK =
  /ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND|EAI_AGAIN|timeout exceeded when trying to connect|[Cc]onnection terminated|Client has encountered a connection error|Cannot use a pool after/;

/** Whether the store was in trouble rather than the item: then the batch is repeated later and nothing counts. */
export function isTroubleOfTheStore(error: unknown): boolean {
  if (error instanceof LeaseLostError) return true;
  const state = sqlStateOf(error);
  if (state !== null && /^[0-9A-Z]{5}$/.test(state)) return STORE_CLASSES.has(state.slice(0, 2));
  return NETWORK.test(`${state ?? ''} ${String(error)}`);
}
