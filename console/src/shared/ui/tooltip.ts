import { shallowRef } from 'vue';

export type TooltipSide = 'top' | 'right' | 'bottom' | 'left';

/** The one tooltip on the page: beside which element, and what it says. */
export interface Tooltip {
  anchor: Element;
  text: string;
  keys: string | undefined;
  side: TooltipSide;
}

const DELAY_MS = 450;
/** Whoever has just read one need not wait for the next. */
const SKIP_DELAY_MS = 200;

export const tooltip = shallowRef<Tooltip | null>(null);
let timer: ReturnType<typeof setTimeout> | undefined;
let closedAt = 0;

/** Shows it after a moment; at once for the keyboard and for whoever moves on from another. */
export function pointTooltip(next: Tooltip, now = false): void {
  clearTimeout(timer);
  const isFollowing = tooltip.value !== null || Date.now() - closedAt < SKIP_DELAY_MS;
  timer = setTimeout(() => (tooltip.value = next), now || isFollowing ? 0 : DELAY_MS);
}

export function hideTooltip(): void {
  clearTimeout(timer);
  if (tooltip.value === null) return;
  tooltip.value = null;
  closedAt = Date.now();
}
