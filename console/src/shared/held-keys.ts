/** What was typed for a dialog before its field was there; `entered` = Enter came last. */
export interface HeldKeys {
  text: string;
  entered: boolean;
}

/** A dialog that is loaded is on the screen within this time, or not at all. */
const COMES_WITHIN_MS = 2_000;
const nothing: HeldKeys = { text: '', entered: false };
let held: HeldKeys | null = null;
let giveUp = (): void => undefined;

function hold(event: KeyboardEvent): void {
  const { key } = event;
  if (!held || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (key === 'Escape') {
    const cancel = giveUp;
    takeHeldKeys();
    cancel();
  } else if (key === 'Enter') held.entered = true;
  else if (key === 'Backspace') held.text = held.text.slice(0, -1);
  else if (key.length === 1) held.text += key;
  else return;
  event.preventDefault();
  event.stopPropagation();
}

/**
 * From the key that asks for a dialog until its field has the focus (`takeHeldKeys`), what is typed is kept for it, instead
 * of acting on the page or ending in another field. Escape, or a dialog that cannot be loaded, `cancel`s it.
 */
export function holdKeys(loading: Promise<unknown>, cancel: () => void): void {
  if (!held) window.addEventListener('keydown', hold, true);
  const mine = (held = { ...nothing });
  giveUp = cancel;
  loading.then(
    // Closed again before its field ever had the focus: the page gets its keys back.
    () => setTimeout(() => held === mine && takeHeldKeys(), COMES_WITHIN_MS),
    () => {
      if (held !== mine) return;
      takeHeldKeys();
      cancel();
    },
  );
}

/** Ends the holding; nothing when nothing was held. */
export function takeHeldKeys(): HeldKeys {
  const taken = held ?? nothing;
  held = null;
  window.removeEventListener('keydown', hold, true);
  return taken;
}
