import { useEventListener } from '@vueuse/core';

const FIELDS = 'input, textarea, select, [contenteditable]';
const OVERLAYS = '[role="dialog"], [role="menu"], [role="alertdialog"]';

/** Whether a single letter belongs to what has the focus rather than to the page. */
const isTaken = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest(`${FIELDS}, ${OVERLAYS}`) !== null;

/**
 * Single-letter keys of a screen, by `event.key`: silent while typing, while a menu or dialog is open, and with any
 * modifier but the shift that a sign like `?` needs. Upper case is a key of its own (`E` is Shift+e).
 */
export function useShortcuts(keys: Readonly<Record<string, (event: KeyboardEvent) => void>>): void {
  useEventListener(window, 'keydown', (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing || event.repeat) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (isTaken(event.target) || document.querySelector(OVERLAYS) !== null) return;
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act(event);
  });
}
