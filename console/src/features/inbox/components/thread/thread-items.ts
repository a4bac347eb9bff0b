import type { ThreadMessage, TimelineEntry } from '../types.js';

/** How close two messages of one sender stand to be shown as one group. */
export const GROUP_WINDOW_MS = 60_000;

export type ThreadItem =
  | { kind: 'day'; key: string; iso: string }
  | { kind: 'unread'; key: string; iso: string }
  | { kind: 'timeline'; key: string; iso: string; entry: TimelineEntry }
  | { kind: 'message'; key: string; iso: string; message: ThreadMessage; startsGroup: boolean; endsGroup: boolean };

type MessageItem = Extract<ThreadItem, { kind: 'message' }>;

/** Height for a row that was never measured; near enough that the scrollbar does not jump when it is. */
export function estimateItemPx(item: ThreadItem): number {
  if (item.kind === 'timeline') return 24;
  if (item.kind === 'day' || item.kind === 'unread') return 44;
  const { text, replyTo, media } = item.message;
  const lines = (text?.body ?? '').split('\n').reduce((sum, line) => sum + Math.ceil((line.length + 8) / 60), 0);
  return (item.startsGroup ? 20 : 14) + Math.max(1, lines) * 20 + (replyTo ? 48 : 0) + (media ? 56 : 0);
}

/** The key of a row. An optimistic message keeps it when the server's answer arrives, so the row is never made anew. */
export function messageKey(message: ThreadMessage): string {
  return message.clientMessageId ?? message.id;
}

/**
 * What the thread shows, in order: the messages as given, a line for each new day, the timeline lines after the message
 * they belong to, and the divider before the first unread one.
 */
export function buildThreadItems(
  messages: readonly ThreadMessage[],
  timeline: readonly TimelineEntry[],
  firstUnreadSeq: number | null,
): ThreadItem[] {
  const items: ThreadItem[] = [];
  const linesByIndex = placeTimeline(messages, timeline);
  let day = '';
  let unreadShown = firstUnreadSeq === null;

  const enterDay = (iso: string): void => {
    const next = dayKey(iso);
    if (next <= day) return; // a line that is dated before the message it follows opens no day again
    day = next;
    items.push({ kind: 'day', key: `day:${next}`, iso });
  };
  const appendLines = (index: number): void => {
    for (const entry of linesByIndex.get(index) ?? []) {
      enterDay(entry.createdAt);
      items.push({ kind: 'timeline', key: `line:${entry.id}`, iso: entry.createdAt, entry });
    }
  };

  appendLines(-1);
  messages.forEach((message, index) => {
    enterDay(message.createdAt);
    if (!unreadShown && message.direction === 'inbound' && message.seq >= (firstUnreadSeq ?? 0)) {
      unreadShown = true;
      items.push({ kind: 'unread', key: 'unread', iso: message.createdAt });
    }
    const item: MessageItem = {
      kind: 'message',
      key: messageKey(message),
      iso: message.createdAt,
      message,
      startsGroup: true,
      endsGroup: true,
    };
    const previous = items.at(-1);
    if (previous?.kind === 'message' && belongTogether(previous.message, message)) {
      previous.endsGroup = false;
      item.startsGroup = false;
    }
    items.push(item);
    appendLines(index);
  });
  return items;
}

/** Index of the message that each line follows; -1 = above all. */
function placeTimeline(
  messages: readonly ThreadMessage[],
  timeline: readonly TimelineEntry[],
): Map<number, TimelineEntry[]> {
  const placed = new Map<number, TimelineEntry[]>();
  if (timeline.length === 0) return placed;
  const indexBySeq = new Map(messages.map((message, index) => [message.seq, index]));
  const bySeq = messages
    .filter((message) => !message.local)
    .map((message) => message.seq)
    .sort((a, b) => a - b);
  const sorted = timeline.toSorted(
    (a, b) => a.afterSeq - b.afterSeq || (a.createdAt < b.createdAt ? -1 : a.createdAt > b.createdAt ? 1 : 0),
  );
  for (const entry of sorted) {
    const seq = bySeq.findLast((candidate) => candidate <= entry.afterSeq);
    const index = seq === undefined ? -1 : (indexBySeq.get(seq) ?? -1);
    const lines = placed.get(index);
    if (lines) lines.push(entry);
    else placed.set(index, [entry]);
  }
  return placed;
}

function belongTogether(a: ThreadMessage, b: ThreadMessage): boolean {
  return (
    a.direction === b.direction &&
    a.sender.type === b.sender.type &&
    a.sender.id === b.sender.id &&
    Math.abs(Date.parse(b.createdAt) - Date.parse(a.createdAt)) <= GROUP_WINDOW_MS
  );
}

/** The calendar day in the agent's time zone, sortable as text. */
function dayKey(iso: string): string {
  const date = new Date(iso);
  const pad = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
}
