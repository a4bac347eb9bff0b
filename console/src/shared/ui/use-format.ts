import { createSharedComposable, useIntervalFn } from '@vueuse/core';
import { shallowRef, type Ref } from 'vue';
import { useI18n } from 'vue-i18n';
import * as format from './format.js';

const TICK_MS = 30_000;

/** The present, in steps of 30 s: one timer for every countdown and relative time on the screen. */
export const useNow = createSharedComposable((): Readonly<Ref<number>> => {
  const now = shallowRef(Date.now());
  useIntervalFn(() => (now.value = Date.now()), TICK_MS);
  return now;
});

/** The functions of `format.ts` in the language of the screen; those that depend on the present follow `useNow`. */
export function useFormat() {
  const { locale } = useI18n();
  const now = useNow();
  return {
    clock: (iso: string) => format.formatClock(iso, locale.value),
    moment: (iso: string) => format.formatMoment(iso, locale.value),
    dayTime: (iso: string) => format.formatDayTime(iso, locale.value),
    timeThere: (zone: string) => format.formatTimeThere(now.value, zone, locale.value),
    date: (iso: string) => format.formatDate(iso, locale.value),
    listTime: (iso: string) => format.formatListTime(iso, now.value, locale.value),
    day: (iso: string) => format.formatDay(iso, now.value, locale.value),
    number: (value: number) => format.formatNumber(value, locale.value),
    percent: (share: number) => format.formatPercent(share, locale.value),
    ago: (iso: string) => format.formatAgo(iso, now.value, locale.value),
    duration: (ms: number) => format.formatDuration(ms, locale.value),
  };
}
