import type { Ledger } from './ledger.ts';
import { waitFor } from '../topology/wait-for.ts';
import type { Rig } from './rig.ts';
import type { Screen } from './screen.ts';
import type { StoredMessage, StoredThread } from './stored.ts';

const SCREENS_PATIENCE_MS = 20_000;
const SHOWN_PER_SCREEN = 3;

/** Every screen holds what the database holds, was told of every message that it is new, and never started anew. */
export async function judgeScreens(
  rig: Rig,
  ledger: Ledger,
  messages: readonly StoredMessage[],
  threads: readonly StoredThread[],
): Promise<void> {
  const screens = [...rig.screens, ...ledger.crowd];
  const isComplete = (screen: Screen): boolean =>
    messages.every((message) => holdsMessage(screen, message)) &&
    threads.every((thread) => holdsThread(screen, thread));
  let waiting = screens;
  await waitFor(
    () => {
      waiting = waiting.filter((screen) => !isComplete(screen));
      return waiting.length === 0;
    },
    'the screens',
    SCREENS_PATIENCE_MS,
  ).catch(() => undefined);
  for (const screen of waiting) {
    const lacks = [
      ...messages
        .filter((message) => !holdsMessage(screen, message))
        .map(({ id, status }) => `message ${id} (${status})`),
      ...threads.filter((thread) => !holdsThread(screen, thread)).map(({ id }) => `conversation ${id}`),
    ];
    const shown = lacks.slice(0, SHOWN_PER_SCREEN).join(', ');
    ledger.blame('missed', `screen ${String(screens.indexOf(screen))} lacks ${String(lacks.length)}: ${shown}`);
  }
  for (const screen of screens) {
    if (screen.resets > 0) ledger.blame('missed', `a screen had to start anew ${String(screen.resets)} times`);
    screen.resets = 0;
  }
}

/** The state with the same `rev`, and the news that it is there: nothing later may stand in for that. */
function holdsMessage(screen: Screen, { id, rev, status }: StoredMessage): boolean {
  const held = screen.messages.get(id);
  return held?.rev === rev && held.status === status && screen.created.has(id);
}

function holdsThread(screen: Screen, { id, rev, assigneeId }: StoredThread): boolean {
  const held = screen.threads.get(id);
  return held?.rev === rev && held.assigneeId === assigneeId;
}
