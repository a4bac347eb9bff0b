import { useEventListener, useWakeLock } from '@vueuse/core';
import { onMounted, onUnmounted } from 'vue';
import { useConnectionStore } from '../../../realtime/connection.store.js';

/** Asks for the whole screen; a browser that refuses still shows the wall in its window. */
export async function fillScreen(): Promise<void> {
  await document.documentElement.requestFullscreen?.().catch(() => undefined);
}

/** While a wall is shown the screen stays on and the server is asked every second; who leaves the full screen leaves the wall. */
export function useWall(leave: () => void): void {
  const connection = useConnectionStore();
  const wakeLock = useWakeLock();

  useEventListener(document, 'fullscreenchange', () => {
    if (!document.fullscreenElement) leave();
  });
  onMounted(() => {
    connection.isWatched = true;
    wakeLock.request('screen').catch(() => undefined); // on battery a browser may refuse
  });
  onUnmounted(() => {
    connection.isWatched = false;
    void wakeLock.release().catch(() => undefined);
    if (document.fullscreenElement) void document.exitFullscreen().catch(() => undefined);
  });
}
