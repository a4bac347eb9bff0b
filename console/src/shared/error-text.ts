import { i18n } from '../i18n/index.js';
import { ApiError, toErrorCode } from './api-error.js';
import { formatSeconds } from './ui/format.js';

/** A lead longer than this was no race. */
const RACE_MS = 60_000;

/** Says in the agent's language what went wrong, from the code and never from the server's words. */
export function errorText(error: unknown): string {
  const { t, te, locale } = i18n.global;
  const key = `errors.${toErrorCode(error)}`;
  if (!te(key, locale.value)) return t('errors.generic');
  const name = (error instanceof ApiError && ownerOf(error)) || t('errors.somebody');
  const aheadMs: unknown = error instanceof ApiError ? error.problem?.ownedForMs : null;
  if (typeof aheadMs === 'number' && aheadMs < RACE_MS) {
    return t('errors.lostBy', { name, time: formatSeconds(aheadMs, locale.value) });
  }
  return t(key, { ...(error instanceof ApiError && error.problem), name });
}

/** The agent named in a lost race. */
function ownerOf(error: ApiError): string | null {
  const assignee: unknown = error.problem?.assignee;
  const hasName = typeof assignee === 'object' && assignee !== null && 'name' in assignee;
  return hasName && typeof assignee.name === 'string' ? assignee.name : null;
}
