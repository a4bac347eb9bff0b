import type { DraftMode } from '@parley/contract';
import { nextTick, shallowRef, watch, type Ref } from 'vue';
import { tokenAt, type ComposerToken } from './composer-token.js';

/** The list that a token asks for, once it is there; `onKeydown` says whether a key was its own. */
interface Picker {
  onKeydown: (event: KeyboardEvent) => boolean;
  activeId: string | undefined;
}

interface Field {
  field: Readonly<Ref<HTMLTextAreaElement | null>>;
  draft: Ref<string>;
  mode: Ref<DraftMode>;
  conversationId: () => string;
}

/** What the word at the caret asks for (a ready-made reply, a colleague, an emoji), and how the choice takes its place. */
export function useComposerToken({ field, draft, mode, conversationId }: Field) {
  /** Closed by Escape until the next word. */
  const token = shallowRef<ComposerToken | null>(null);
  const picker = shallowRef<Picker | null>(null);

  /** Takes the list's own keys while it is open. */
  function register(given: unknown): void {
    picker.value = given && typeof given === 'object' && 'onKeydown' in given ? (given as Picker) : null;
  }

  function look(): void {
    const caret = field.value?.selectionEnd ?? 0;
    token.value = field.value?.selectionStart === caret ? tokenAt(draft.value, caret, mode.value) : null;
  }

  /** Whether the key was the list's; half a shortcut or name whose list is still on its way must not be sent. */
  function takesKey(event: KeyboardEvent): boolean {
    if (token.value && !event.isComposing && picker.value?.onKeydown(event)) return true;
    if (!token.value || token.value.kind === 'mention' || picker.value !== null || event.key !== 'Enter') return false;
    event.preventDefault();
    return true;
  }

  /** Puts the chosen words in the place of the token, with the caret behind them. */
  async function insert(words: string): Promise<void> {
    if (!token.value) return;
    const { start, end } = token.value;
    token.value = null;
    draft.value = draft.value.slice(0, start) + words + draft.value.slice(end);
    await nextTick();
    field.value?.focus();
    // A variable that is still open is what has to be filled in next.
    const open = words.indexOf('{{');
    const close = words.indexOf('}}', open);
    if (open >= 0 && close > open) field.value?.setSelectionRange(start + open, start + close + 2);
    else field.value?.setSelectionRange(start + words.length, start + words.length);
  }

  /** As if a slash stood at the caret. */
  function beginCanned(): void {
    const at = field.value?.selectionEnd ?? draft.value.length;
    token.value = { kind: 'canned', query: '', start: at, end: at };
  }

  function close(): void {
    token.value = null;
  }
  watch([mode, conversationId], close);

  return { token, picker, register, look, takesKey, insert, beginCanned, close };
}
