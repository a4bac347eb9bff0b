import { QUEUE, type BoardColumn } from './columns.js';

const HOUR_MS = 3_600_000;

/** What a supervisor looks at first. */
export interface BoardTiles {
  /** Customers with open threads who have no answer yet, whoever looks after them. */
  waiting: number;
  /** Who of them has waited the longest, and since when. */
  oldest: { id: string; since: string } | null;
  unclaimed: number;
  /** Threads whose window closes within the hour: after that only a template reaches the customer. */
  closing: number;
  here: number;
  away: number;
}

export function boardTiles(columns: readonly BoardColumn[], nowMs: number): BoardTiles {
  const cards = columns.flatMap((column) => column.cards);
  const waiting = cards
    .flatMap(({ id, waitingSince }) => (waitingSince === null ? [] : [{ id, since: waitingSince }]))
    .sort((a, b) => Date.parse(a.since) - Date.parse(b.since));
  return {
    waiting: waiting.length,
    oldest: waiting[0] ?? null,
    unclaimed: columns.find(({ key }) => key === QUEUE)?.cards.length ?? 0,
    closing: cards.filter(({ windowExpiresAt }) => {
      const leftMs = windowExpiresAt === null ? 0 : Date.parse(windowExpiresAt) - nowMs;
      return leftMs > 0 && leftMs <= HOUR_MS;
    }).length,
    here: columns.filter(({ state }) => state === 'here' || state === 'idle').length,
    away: columns.filter(({ state }) => state === 'away').length,
  };
}

/** After so long without a word from the server a screen that claims to be live is not believed. */
const STALE_MS = 4_000;

/** Whether figures on a wall may be believed, and since how many whole seconds nothing was heard; null = never anything. */
export function pulse(heardAt: number, nowMs: number, isConnected: boolean): { isLive: boolean; age: number | null } {
  if (heardAt === 0) return { isLive: false, age: null };
  const silentMs = Math.max(0, nowMs - heardAt);
  return { isLive: isConnected && silentMs < STALE_MS, age: Math.floor(silentMs / 1_000) };
}
