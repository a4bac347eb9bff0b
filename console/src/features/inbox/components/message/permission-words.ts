import type { CallPermission } from '@parley/contract';
import { useI18n } from 'vue-i18n';
import { useFormat } from '../../../../shared/ui/use-format.js';

/** Words for what a customer answered to the question whether they may be called. */
export function usePermissionWords(): (permission: CallPermission) => string {
  const { t } = useI18n();
  const format = useFormat();
  return ({ isGiven, isPermanent, until }) => {
    if (!isGiven) return t('thread.permission.refused');
    if (isPermanent) return t('thread.permission.permanent');
    return until ? t('thread.permission.givenUntil', { time: format.dayTime(until) }) : t('thread.permission.given');
  };
}
