import { useEventListener } from '@vueuse/core';
import { singleKeysPreference } from './preferences.js';

const FIELDS = 'input, textarea, select, [contenteditable]';
/** How soon the second letter of a pair has to come. */
const SEQUENCE_MS = 1_500;
const OVERLAYS = '[role="dialog"], [role="menu"], [role="alertdialog"]';

/** Whether a single letter belongs to what has the focus rather than to the page. */
const isTaken = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest(`${FIELDS}, ${OVERLAYS}`) !== null;

/**
 * Single-letter keys of a screen, by `event.key`: silent while typing, while a menu or dialog is open, and with any
 * modifier but the shift that a sign like `?` needs. Upper case is a key of its own (`E` is Shift+e), and `g i` is one
 * letter soon after the other. `isSilent` tells that a dialog was asked for and is not on the screen yet.
 */
export function useShortcuts(
  keys: Readonly<Record<string, (event: KeyboardEvent) => void>>,
  isSilent: () => boolean = () => false,
): void {
  const areSingleKeysOn = singleKeysPreference();
  let first = { key: '', at: 0 };
  useEventListener(window, 'keydown', (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing || event.repeat) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (isTaken(event.target) || document.querySelector(OVERLAYS) !== null || isSilent()) return;
    const isSecond = event.timeStamp - first.at < SEQUENCE_MS;
    const act = (isSecond ? keys[`${first.key} ${event.key}`] : undefined) ?? keys[event.key];
    const isBeginning = !act && Object.keys(keys).some((key) => key.startsWith(`${event.key} `));
    first = { key: isBeginning ? event.key : '', at: event.timeStamp };
    if (!act || (event.key.length === 1 && !areSingleKeysOn.value)) return;
    event.preventDefault();
    act(event);
  });
}
