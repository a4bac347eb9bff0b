import { isConnectionLost, postgresStateOf } from '../../database/trouble.js';
import { LeaseLostError } from './deliveries.repository.js';

/** Connection, transaction rollback, resources, locks, operator, system: and a transaction or server in the wrong state. */
const STORE_CLASSES = new Set(['08', '25', '40', '53', '55', '57', '58']);

/** Whether the store was in trouble rather than the item: then the batch is repeated later and nothing counts. */
export function isTroubleOfTheStore(error: unknown): boolean {
  if (error instanceof LeaseLostError) return true;
  const state = postgresStateOf(error);
  return state === null ? isConnectionLost(error) : STORE_CLASSES.has(state.slice(0, 2));
}
