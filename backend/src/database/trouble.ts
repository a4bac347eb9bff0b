import { sqlStateOf } from './database.js';

/** What node, the driver and its pool say when there is no connection, or none any more. */
const NO_CONNECTION = new RegExp(
  [
    'ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENOTFOUND|EAI_AGAIN',
    'timeout exceeded when trying to connect|[Cc]onnection terminated|is not queryable|Query read timeout',
    'Cannot use a pool after',
    // TypeORM's words when the connection of a transaction was lost between two statements.
    'already released|Transaction is not started yet',
  ].join('|'),
);
const SQL_STATE = /^[0-9A-Z]{5}$/;

/** The SQLSTATE that PostgreSQL itself gave, or null: then the error came from elsewhere. */
export function postgresStateOf(error: unknown): string | null {
  const state = sqlStateOf(error);
  // `EPIPE` looks like one.
  return state !== null && SQL_STATE.test(state) && !NO_CONNECTION.test(state) ? state : null;
}

/** Whether there is no connection to PostgreSQL, or it was lost: the statement's effect is unknown, its text blameless. */
export function isConnectionLost(error: unknown): boolean {
  if (postgresStateOf(error) !== null) return false;
  return NO_CONNECTION.test(`${sqlStateOf(error) ?? ''} ${error instanceof Error ? error.message : String(error)}`);
}
