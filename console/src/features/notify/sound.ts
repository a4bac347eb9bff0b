import type { NotifyEvent } from '@parley/contract/constants';
import { shallowRef } from 'vue';

/** Two short notes for each event: rising for what is yours, falling for what went wrong. */
const notes: Record<NotifyEvent, readonly [number, number]> = {
  assigned: [587, 880],
  message: [659, 784],
  mention: [784, 988],
  queue: [523, 523],
  failed: [440, 330],
  window: [880, 659],
};
const NOTE_SECONDS = 0.16;
const FADE_SECONDS = 0.3;
const LOUDNESS = 0.12;
/** However much comes at once, it is one tone. */
const REST_MS = 1_500;

let audio: AudioContext | null = null;
let playedAt = -Infinity;
/** Browsers let a page sound only after somebody touched it. */
export const isUnlocked = shallowRef(false);

/** Makes the sound ready; only within a gesture. */
export async function unlockSound(): Promise<void> {
  audio ??= new AudioContext();
  if (audio.state !== 'running') await audio.resume();
  isUnlocked.value = true;
}

/** Waits for the first gesture anywhere on the page. Returns what ends the waiting. */
export function unlockOnGesture(unlocked: () => void): () => void {
  const gestures = ['pointerdown', 'keydown'] as const;
  const end = (): void => {
    for (const gesture of gestures) window.removeEventListener(gesture, unlock, true);
  };
  const unlock = (): void =>
    void unlockSound().then(
      () => {
        end();
        unlocked();
      },
      () => undefined, // a key that is no gesture to this browser; the next one may be
    );
  for (const gesture of gestures) window.addEventListener(gesture, unlock, true);
  return end;
}

/** Plays an event's tone, made on the spot: nothing is fetched. Returns whether it sounds. */
export function play(event: NotifyEvent): boolean {
  if (audio?.state !== 'running' || performance.now() - playedAt < REST_MS) return false;
  playedAt = performance.now();
  for (const [index, pitch] of notes[event].entries()) {
    const from = audio.currentTime + index * NOTE_SECONDS;
    const voice = audio.createOscillator();
    const volume = audio.createGain();
    voice.frequency.value = pitch;
    volume.gain.setValueAtTime(0, from);
    volume.gain.linearRampToValueAtTime(LOUDNESS, from + 0.015);
    volume.gain.exponentialRampToValueAtTime(0.0001, from + FADE_SECONDS);
    voice.connect(volume).connect(audio.destination);
    voice.start(from);
    voice.stop(from + FADE_SECONDS);
  }
  return true;
}
