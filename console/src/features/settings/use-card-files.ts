import { getCurrentScope, watch } from 'vue';
import { useHeaderFile, type HeaderFile } from '../inbox/templates/use-header-file.js';
import type { WritingDraft } from './model/template-writing.js';

/** The file of each card of a carousel, which goes along with its card; what is uploaded stands in the draft. */
export function useCardFiles(draft: () => WritingDraft) {
  const scope = getCurrentScope();
  const files = new Map<number, HeaderFile>();

  /** Made when it is first asked for; it ends with whoever called `useCardFiles`. */
  function fileOf({ key }: { key: number }): HeaderFile {
    const known = files.get(key);
    if (known) return known;
    const made = scope?.run(useHeaderFile) ?? useHeaderFile();
    files.set(key, made);
    return made;
  }

  watch(
    () => draft().cardFormat,
    () => {
      for (const file of files.values()) file.clear();
    },
  );
  watch(
    () => draft().cards.map((card) => fileOf(card).state.uploaded?.id ?? null),
    (ids) => {
      for (const [index, card] of draft().cards.entries()) card.fileId = ids[index] ?? null;
    },
  );
  /** Of a card that was taken away nothing is waited for. */
  const isUploading = (): boolean => draft().cards.some((card) => fileOf(card).isOnItsWay());

  return { fileOf, isUploading };
}
