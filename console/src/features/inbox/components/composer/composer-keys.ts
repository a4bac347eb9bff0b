/** What a key pressed in the composer means. */
export type ComposerAct = 'send' | 'sendAndResolve' | 'escape' | null;

type KeyPress = Pick<
  KeyboardEvent,
  'key' | 'shiftKey' | 'altKey' | 'ctrlKey' | 'metaKey' | 'isComposing' | 'keyCode' | 'repeat'
>;

/** Safari ends a composition before the key arrives and marks that key only by this code. */
const IME_KEY_CODE = 229;

/**
 * Enter sends (where the agent wants it to), Shift+Enter breaks the line, ⌘/Ctrl+Enter always sends, and with Shift it
 * resolves as well. Never during an input method's composition, where Enter only accepts a word, and never by a key that
 * is held down.
 */
export function composerAct(event: KeyPress, enterSends = true): ComposerAct {
  if (event.isComposing || event.keyCode === IME_KEY_CODE) return null;
  if (event.key === 'Escape') return 'escape';
  if (event.key !== 'Enter' || event.altKey || event.repeat) return null;
  const isChord = event.ctrlKey || event.metaKey;
  if (event.shiftKey) return isChord ? 'sendAndResolve' : null;
  return enterSends || isChord ? 'send' : null;
}

/** From how many characters before the limit the counter is shown. */
const COUNTER_FROM_CHARS = 50;

/** Characters left when that is worth saying, negative when over the limit. */
export function charsLeft(text: string, maxChars: number): number | null {
  const left = maxChars - text.length;
  return left <= COUNTER_FROM_CHARS ? left : null;
}
