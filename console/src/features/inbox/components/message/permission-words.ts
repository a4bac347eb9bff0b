import type { CallPermission } from '@parley/contract';
import { useI18n } from 'vue-i18n';
import { useFormat } from '../../../../shared/ui/use-format.js';

/** How a text is found by its key, and a moment is written, in the language of the reader. */
interface Language {
  t: (key: string, values?: Record<string, string>) => string;
  dayTime: (iso: string) => string;
}

/** Words for what a customer answered to the question whether they may be called. */
export function permissionWords({ isGiven, isPermanent, until }: CallPermission, { t, dayTime }: Language): string {
  if (!isGiven) return t('thread.permission.refused');
  if (isPermanent) return t('thread.permission.permanent');
  return until ? t('thread.permission.givenUntil', { time: dayTime(until) }) : t('thread.permission.given');
}

/** The same in the language of the screen. */
export function usePermissionWords(): (permission: CallPermission) => string {
  const { t } = useI18n();
  const { dayTime } = useFormat();
  return (permission) => permissionWords(permission, { t: (key, values) => t(key, values ?? {}), dayTime });
}
