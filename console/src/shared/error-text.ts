import { i18n } from '../i18n/index.js';
import { ApiError, toErrorCode } from './api-error.js';

/** Says in the agent's language what went wrong, from the code and never from the server's words. */
export function errorText(error: unknown): string {
  const { t, te, locale } = i18n.global;
  const key = `errors.${toErrorCode(error)}`;
  if (!te(key, locale.value)) return t('errors.generic');
  return t(key, { name: (error instanceof ApiError && ownerOf(error)) || t('errors.somebody') });
}

/** The agent named in a lost race. */
function ownerOf(error: ApiError): string | null {
  const assignee: unknown = error.problem?.assignee;
  const hasName = typeof assignee === 'object' && assignee !== null && 'name' in assignee;
  return hasName && typeof assignee.name === 'string' ? assignee.name : null;
}
