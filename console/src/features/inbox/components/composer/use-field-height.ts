import { nextTick, shallowRef, watch, type Ref } from 'vue';

/** Measured, a field lays the page out once more for every key: only browsers that cannot do it themselves are measured. */
const sizesItself = (): boolean => typeof CSS !== 'undefined' && CSS.supports('field-sizing', 'content');

interface Field {
  field: Readonly<Ref<HTMLTextAreaElement | null>>;
  draft: Readonly<Ref<string>>;
  /** What stands in the field was written in another browser or tab. */
  isFromElsewhere: () => boolean;
  /** Which field it is: the thread and what is written there. */
  place: () => string;
}

/**
 * The height of the composer's field: as its words ask for. Words that come from elsewhere while nobody touches the field
 * leave it as it is until it is touched, or the end of the thread would move by itself under whoever reads it.
 */
export function useFieldHeight({ field, draft, isFromElsewhere, place }: Field) {
  /** CSS; empty = the browser makes it as high as its words. */
  const height = shallowRef('');

  async function fit(): Promise<void> {
    height.value = '';
    if (sizesItself()) return;
    await nextTick();
    if (field.value) height.value = `${String(field.value.scrollHeight)}px`;
  }

  // Before the new words are drawn, while the field still is as high as it is to stay.
  watch([draft, place], ([, now], [, before]) => {
    if (now !== before || !isFromElsewhere()) void fit();
    else if (field.value) height.value = `${String(field.value.offsetHeight)}px`;
  });
  watch(field, () => void fit(), { flush: 'post' });

  return { height, fit };
}
