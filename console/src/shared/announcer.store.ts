import { defineStore } from 'pinia';
import { shallowRef } from 'vue';

/** A screen reader is told something at most this often; what comes meanwhile is joined. */
const PAUSE_MS = 2_000;

/** The one polite voice of the console; the thread itself is silent, or scrolling would read old messages out. */
export const useAnnouncerStore = defineStore('announcer', () => {
  const text = shallowRef('');
  let waiting: string[] = [];
  let pause: ReturnType<typeof setTimeout> | undefined;

  function speak(): void {
    pause = undefined;
    if (waiting.length === 0) return;
    text.value = waiting.join('. ');
    waiting = [];
    pause = setTimeout(speak, PAUSE_MS);
  }

  function announce(words: string): void {
    if (words === '' || waiting.includes(words)) return;
    waiting.push(words);
    if (pause === undefined) speak();
  }

  return { text, announce };
});
