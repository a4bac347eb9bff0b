import type { Template } from '@parley/contract';
import { useThrottleFn } from '@vueuse/core';
import { shallowRef, watch } from 'vue';
import { useI18n } from 'vue-i18n';
import { useFormat } from '../../../shared/ui/use-format.js';
import { useEntitiesStore } from '../entities.store.js';
import type { TemplatePlace } from './template-place.js';
import { blockFor, type TemplateBlock } from './template-state.js';

const RELOAD_EVERY_MS = 1_000;

/**
 * What keeps templates from this customer, with the sentence that says so. Whether they want marketing is asked for again
 * when the conversation moves, as it does with a stop; until there is an answer nothing is held back, for the server
 * judges again.
 */
export function useBlocks(conversation: () => TemplatePlace) {
  const { t } = useI18n();
  const format = useFormat();
  const entities = useEntitiesStore();
  const stoppedAt = shallowRef<string | null>(null);

  async function load(): Promise<void> {
    const { id } = conversation();
    if (id === '') return;
    const details = await entities.api.contact(id).catch(() => null);
    if (details && id === conversation().id) stoppedAt.value = details.marketingStoppedAt;
  }
  watch(() => conversation().rev, useThrottleFn(load, RELOAD_EVERY_MS, true), { immediate: true });

  /** Null = it can be sent. */
  return (template: Template): TemplateBlock | null => {
    const key = blockFor(template, stoppedAt.value !== null);
    if (key === null) return null;
    const date = stoppedAt.value === null ? '' : format.date(stoppedAt.value);
    return { isUnwanted: key === 'marketing_stopped', why: t(`templates.blocked.${key}`, { date }) };
  };
}
