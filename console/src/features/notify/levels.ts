import { defaultNotifyLevels, type NotifyEvent, type NotifyLevel } from '@parley/contract/constants';

export type NotifyChoices = Partial<Record<NotifyEvent, NotifyLevel>>;

export const levelOf = (event: NotifyEvent, choices: NotifyChoices): NotifyLevel =>
  choices[event] ?? defaultNotifyLevels[event];

/** Whether an agent wants no sound and nothing that pops up at this moment. */
export const isQuiet = (until: string | null, now: number): boolean => until !== null && Date.parse(until) > now;

export interface Telling {
  badge: boolean;
  sound: boolean;
  desktop: boolean;
}

interface Circumstances {
  choices: NotifyChoices;
  sounds: boolean;
  quiet: boolean;
  inSight: boolean;
  /** This browser takes the agent's pushes: what is pushed pops up by itself. */
  pushedHere: boolean;
}

/** In which ways an agent is told of an event. Quiet silences, but still counts; what they look at is no news. */
export function tellingOf(event: NotifyEvent, { choices, sounds, quiet, inSight, pushedHere }: Circumstances): Telling {
  const level = inSight ? 'off' : levelOf(event, choices);
  const loud = !quiet && (level === 'sound' || level === 'desktop' || level === 'push');
  const popsUp = level === 'desktop' || (level === 'push' && !pushedHere);
  return { badge: level !== 'off', sound: loud && sounds, desktop: loud && popsUp };
}
