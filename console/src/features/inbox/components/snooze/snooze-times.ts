/** `label` is a key below `inbox.snooze`. */
export interface SnoozeChoice {
  key: 'laterToday' | 'tomorrow' | 'monday';
  until: Date;
}

const LATER_HOURS = 3;
const LATEST_LATER_HOUR = 20;
const MORNING_HOUR = 9;
const MONDAY = 1;

/** The usual moments to be reminded, in the agent's time zone; those that make no sense now are left out. */
export function snoozeChoices(now: Date): SnoozeChoice[] {
  const choices: SnoozeChoice[] = [];
  const later = new Date(now);
  later.setHours(now.getHours() + LATER_HOURS, 0, 0, 0);
  if (later.getDate() === now.getDate() && later.getHours() <= LATEST_LATER_HOUR) {
    choices.push({ key: 'laterToday', until: later });
  }
  choices.push({ key: 'tomorrow', until: morningIn(now, 1) });
  const daysToMonday = (MONDAY - now.getDay() + 7) % 7 || 7;
  if (daysToMonday > 1) choices.push({ key: 'monday', until: morningIn(now, daysToMonday) });
  return choices;
}

/** The value of a `datetime-local` field for a moment. */
export function toLocalField(date: Date): string {
  const pad = (value: number): string => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
  return `${day}T${pad(date.getHours())}:${pad(date.getMinutes())}`;
}

function morningIn(now: Date, days: number): Date {
  const morning = new Date(now);
  morning.setDate(now.getDate() + days);
  morning.setHours(MORNING_HOUR, 0, 0, 0);
  return morning;
}
