export const quietSpans = ['off', 'half', 'hour', 'hours', 'morning', 'always'] as const;
export type QuietSpan = (typeof quietSpans)[number];

const MINUTE_MS = 60_000;
const MORNING_HOUR = 8;
const NEVER = '9999-12-31T00:00:00.000Z';
const minutes: Partial<Record<QuietSpan, number>> = { half: 30, hour: 60, hours: 240 };

/** When a time of quiet that begins now ends; null = there is none. */
export function quietEnd(span: QuietSpan, now: number): string | null {
  if (span === 'off') return null;
  if (span === 'always') return NEVER;
  const end = new Date(now + (minutes[span] ?? 0) * MINUTE_MS);
  if (span === 'morning') {
    end.setDate(end.getDate() + 1);
    end.setHours(MORNING_HOUR, 0, 0, 0);
  }
  return end.toISOString();
}
