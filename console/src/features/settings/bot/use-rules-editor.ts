import type { BotRule, PutBotRules } from '@parley/contract';
import { computed, nextTick, shallowRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { useAnnouncerStore } from '../../../shared/announcer.store.js';
import { useToastsStore } from '../../../shared/toasts.store.js';
import { randomUuid } from '../../../shared/uuid.js';
import { useForm } from '../use-form.js';
import { useSettingsApi } from '../use-settings-api.js';
import { type DraftRule, rulesIn, toDrafts, troublesOf } from './draft-rules.js';

/** The rules of one number as a draft: order, contents, what stands in the way of saving them. */
export function useRulesEditor(channelId: string, kept: () => readonly BotRule[], saved: (rules: BotRule[]) => void) {
  const { t } = useI18n();
  const api = useSettingsApi();
  const announcer = useAnnouncerStore();
  const toasts = useToastsStore();
  const openKey = shallowRef<string | null>(null);

  const form = useForm({
    kept: () => ({ rules: toDrafts(kept()) }),
    save: ({ rules }) => api.putBotRules(channelId, rulesIn(rules)),
    saved: ({ items }) => {
      saved(items);
      form.discard();
      toasts.show({ title: t('settings.saved') });
    },
    check: ({ rules }) =>
      Object.fromEntries(rules.map((rule) => [rule.key, troublesOf(rule).length > 0 ? rule.key : null])),
  });
  const rules = computed(() => form.draft.value.rules);
  const put = (next: DraftRule[]): void => {
    form.draft.value = { rules: next };
  };

  /** Puts the rule at `from` before what stands at `to`, and says where it is now. */
  function move(from: number, to: number): void {
    const next = [...rules.value];
    const [rule] = next.splice(from, 1);
    if (!rule || to < 0 || to > next.length) return;
    next.splice(to, 0, rule);
    put(next);
    announcer.announce(t('settings.bot.moved', { name: rule.name, n: to + 1, of: next.length }));
  }

  async function add(): Promise<void> {
    const key = randomUuid();
    const rule: DraftRule = {
      key,
      name: t('settings.bot.newRule'),
      enabled: true,
      match: 'word',
      keywords: '',
      text: '',
      buttons: [],
      handOver: false,
    };
    put([...rules.value, rule]);
    openKey.value = key;
    await nextTick();
    document.getElementById(`rule-${key}`)?.querySelector<HTMLInputElement>('input')?.focus();
  }

  const change = (key: string, changes: Partial<DraftRule>): void =>
    put(rules.value.map((rule) => (rule.key === key ? { ...rule, ...changes } : rule)));
  const remove = (key: string): void => put(rules.value.filter((rule) => rule.key !== key));
  /** What the bench tries: the draft as it stands, as far as it is whole. */
  const asTried = (): PutBotRules['rules'] => rulesIn(rules.value.filter((rule) => troublesOf(rule).length === 0));

  return { ...form, rules, openKey, move, add, change, remove, asTried };
}
