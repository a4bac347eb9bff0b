import { shallowRef } from 'vue';

const RATE_KEY = 'parley.playbackRate';
const RATES = [1, 1.5, 2] as const;

/** The one recording that plays on this page. */
const playing = shallowRef<HTMLAudioElement | null>(null);
/** Players on the screen, by the message that they belong to. */
const players = new Map<string, () => void>();

function rememberedRate(): number {
  const rate = Number(localStorage.getItem(RATE_KEY));
  return RATES.find((known) => known === rate) ?? 1;
}

/** How fast recordings play: one choice for all, kept in this browser. */
export const playbackRate = shallowRef(rememberedRate());

/** 1 → 1.5 → 2 → 1. */
export function nextRate(): void {
  const index = RATES.findIndex((rate) => rate === playbackRate.value);
  playbackRate.value = RATES[(index + 1) % RATES.length] ?? 1;
  localStorage.setItem(RATE_KEY, String(playbackRate.value));
  if (playing.value) playing.value.playbackRate = playbackRate.value;
}

/** Plays this one and silences any other. */
export async function playOnly(element: HTMLAudioElement): Promise<void> {
  if (playing.value !== element) playing.value?.pause();
  playing.value = element;
  element.playbackRate = playbackRate.value;
  await element.play();
}

/** Makes a player known, so that it can be started when the recording before it has ended; returns how to forget it. */
export function registerPlayer(messageId: string, play: () => void): () => void {
  players.set(messageId, play);
  return () => {
    if (players.get(messageId) === play) players.delete(messageId);
  };
}

/** Starts the player of a message, if it is on the screen. */
export const playMessage = (messageId: string): void => players.get(messageId)?.();
