import { pictureBox } from '../media/face-box.js';
import type { Note, ThreadMessage, TimelineEntry } from '../types.js';

/** How close two messages of one sender stand to be shown as one group. */
export const GROUP_WINDOW_MS = 60_000;

export type ThreadItem =
  | { kind: 'day'; key: string; iso: string }
  | { kind: 'unread'; key: string; iso: string }
  | { kind: 'timeline'; key: string; iso: string; entry: TimelineEntry }
  | { kind: 'note'; key: string; iso: string; note: Note }
  /** A message that its sender took back before it left. */
  | { kind: 'undone'; key: string; iso: string; message: ThreadMessage }
  | { kind: 'message'; key: string; iso: string; message: ThreadMessage; startsGroup: boolean; endsGroup: boolean };

type MessageItem = Extract<ThreadItem, { kind: 'message' }>;

/** What a letter takes on average, in the console's size of text. */
const LETTER_PX = 6.6;
/** Letters that fit into a line of a bubble, in a thread of that width (the bubbles' own limits: 80 %, 34rem). */
export const lettersPerLine = (threadPx: number): number =>
  Math.max(16, Math.floor((Math.min(544, 0.8 * (threadPx - 48)) - 24) / LETTER_PX));

/**
 * Height for a row that was never measured. A row that turns out as high as this costs nothing; every other makes the
 * virtualizer add up all rows anew, so it is worth being right for most.
 */
export function estimateItemPx(item: ThreadItem, perLine: number): number {
  if (item.kind === 'timeline' || item.kind === 'undone') return 24;
  if (item.kind === 'note') return 76 + Math.ceil(item.note.body.length / perLine) * 20;
  if (item.kind === 'day' || item.kind === 'unread') return 44;
  const { text, replyTo, media, type, direction } = item.message;
  // The time stands at the end of the last line, and beside it the tick of what is ours.
  const time = direction === 'outbound' ? 7 : 3;
  const body = text?.body ?? media?.caption ?? '';
  let lines = 0;
  let from = 0;
  for (let to = body.indexOf('\n'); to >= 0; to = body.indexOf('\n', from)) {
    lines += Math.max(1, Math.ceil((to - from) / perLine));
    from = to + 1;
  }
  lines += Math.ceil((body.length - from + time) / perLine);
  const isPicture = type === 'image' || type === 'video';
  const face = media ? (isPicture ? pictureBox(media.width ?? null, media.height ?? null).height : 56) : 0;
  return (item.startsGroup ? 20 : 14) + Math.max(1, lines) * 20 + (replyTo ? 48 : 0) + face;
}

export const isUndone = (message: Pick<ThreadMessage, 'error'>): boolean => message.error?.code === 'undone';

/** What stands between the messages: what happened, and what the team wrote to itself. */
type Line = { afterSeq: number; createdAt: string } & ({ entry: TimelineEntry } | { note: Note });

/** The key of a row. An optimistic message keeps it when the server's answer arrives, so the row is never made anew. */
export function messageKey(message: ThreadMessage): string {
  return message.clientMessageId ?? message.id;
}

/** One and the same, so that a thread without notes is known as unchanged. */
const NO_NOTES: readonly Note[] = [];

type BuildThreadItems = (
  messages: readonly ThreadMessage[],
  timeline: readonly TimelineEntry[],
  firstUnreadSeq: number | null,
  notes?: readonly Note[],
) => ThreadItem[];

/** What was built last, for the next time. */
interface Built {
  inputs: Required<Parameters<BuildThreadItems>>;
  items: ThreadItem[];
  /** Index of the first item of each message. */
  startOf: number[];
  /** The message furthest down with a line after it, and the highest `afterSeq` of all lines; -1 without lines. */
  lastLineAt: number;
  lastLineSeq: number;
}

/**
 * Makes what a thread shows, in order: the messages as given, a line for each new day, the timeline lines after the message
 * they belong to, and the divider before the first unread one. It remembers: of a thread that only grew or changed at its
 * end (a message, a tick) the rows above are taken over as they are, however many they are.
 */
export function threadItemsBuilder(): BuildThreadItems {
  let built: Built | null = null;
  return (messages, timeline, firstUnreadSeq, notes = NO_NOTES) => {
    const inputs: Built['inputs'] = [messages, timeline, firstUnreadSeq, notes];
    built = build(inputs, built, built ? reusable(built, inputs) : 0);
    return built.items;
  };
}

/** So many messages from the top have the same rows as last time. */
function reusable({ inputs, lastLineAt, lastLineSeq }: Built, [messages, ...others]: Built['inputs']): number {
  const [before, ...othersBefore] = inputs;
  if (others.some((input, index) => input !== othersBefore[index])) return 0;
  let same = 0;
  while (same < messages.length && messages[same] === before[same]) same += 1;
  // Whether the last of them ends its group depends on the next one.
  const kept = Math.max(0, same - 1);
  const comesBeforeALine = messages.slice(kept).some(({ local, seq }) => !local && seq <= lastLineSeq);
  return lastLineAt >= kept || comesBeforeALine ? 0 : kept;
}

function build(inputs: Built['inputs'], before: Built | null, kept: number): Built {
  const [messages, timeline, firstUnreadSeq, notes] = inputs;
  const startOf = before?.startOf.slice(0, kept) ?? [];
  const items = before?.items.slice(0, kept > 0 ? before.startOf[kept] : 0) ?? [];
  const lines: Line[] = [
    ...timeline.map((entry) => ({ afterSeq: entry.afterSeq, createdAt: entry.createdAt, entry })),
    ...notes.map((note) => ({ afterSeq: note.afterSeq, createdAt: note.createdAt, note })),
  ];
  // What is taken over has its lines, and what follows has none, or it would not be taken over.
  const linesByIndex = kept > 0 ? new Map<number, Line[]>() : placeLines(messages, lines);
  const lastDay = items.findLast(({ kind }) => kind === 'day');
  let dayEndsMs = lastDay ? dayOf(Date.parse(lastDay.iso)).endsMs : Number.NEGATIVE_INFINITY;
  let previousMs = Date.parse(items.at(-1)?.iso ?? '');
  let unreadShown = firstUnreadSeq === null || items.some(({ kind }) => kind === 'unread');

  const enterDay = (iso: string, atMs: number): void => {
    if (atMs < dayEndsMs) return; // a line that is dated before the message it follows opens no day again
    const { key, endsMs } = dayOf(atMs);
    dayEndsMs = endsMs;
    items.push({ kind: 'day', key: `day:${key}`, iso });
  };
  const appendLines = (index: number): void => {
    for (const line of linesByIndex.get(index) ?? []) {
      enterDay(line.createdAt, Date.parse(line.createdAt));
      items.push(
        'note' in line
          ? { kind: 'note', key: `note:${line.note.id}`, iso: line.createdAt, note: line.note }
          : { kind: 'timeline', key: `line:${line.entry.id}`, iso: line.createdAt, entry: line.entry },
      );
    }
  };

  appendLines(-1);
  for (const [offset, message] of messages.slice(kept).entries()) {
    const index = kept + offset;
    startOf.push(items.length);
    const atMs = Date.parse(message.createdAt);
    enterDay(message.createdAt, atMs);
    if (
      !unreadShown &&
      message.direction === 'inbound' &&
      message.origin !== 'history' &&
      message.seq >= (firstUnreadSeq ?? 0)
    ) {
      unreadShown = true;
      items.push({ kind: 'unread', key: 'unread', iso: message.createdAt });
    }
    if (isUndone(message)) {
      items.push({ kind: 'undone', key: messageKey(message), iso: message.createdAt, message });
      appendLines(index);
      continue;
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
    const isClose = Math.abs(atMs - previousMs) <= GROUP_WINDOW_MS;
    if (isClose && previous?.kind === 'message' && haveOneSender(previous.message, message)) {
      previous.endsGroup = false;
      item.startsGroup = false;
    }
    previousMs = atMs;
    items.push(item);
    appendLines(index);
  }
  const [lastLineAt, lastLineSeq] =
    kept > 0 && before
      ? [before.lastLineAt, before.lastLineSeq]
      : [Math.max(-1, ...linesByIndex.keys()), lines.reduce((max, { afterSeq }) => Math.max(max, afterSeq), -1)];
  return { inputs, items, startOf, lastLineAt, lastLineSeq };
}

/** Index of the message that each line follows; -1 = above all. */
function placeLines(messages: readonly ThreadMessage[], lines: readonly Line[]): Map<number, Line[]> {
  const placed = new Map<number, Line[]>();
  if (lines.length === 0) return placed;
  const indexBySeq = new Map(messages.map((message, index) => [message.seq, index]));
  const bySeq = messages
    .filter((message) => !message.local)
    .map((message) => message.seq)
    .sort((a, b) => a - b);
  const sorted = lines.toSorted(
    (a, b) => a.afterSeq - b.afterSeq || (a.createdAt < b.createdAt ? -1 : a.createdAt > b.createdAt ? 1 : 0),
  );
  let passed = 0; // both are sorted: each line goes on where the one before it stopped
  for (const line of sorted) {
    while ((bySeq[passed] ?? Number.POSITIVE_INFINITY) <= line.afterSeq) passed += 1;
    const seq = bySeq[passed - 1];
    const index = seq === undefined ? -1 : (indexBySeq.get(seq) ?? -1);
    const before = placed.get(index);
    if (before) before.push(line);
    else placed.set(index, [line]);
  }
  return placed;
}

function haveOneSender(a: ThreadMessage, b: ThreadMessage): boolean {
  return a.direction === b.direction && a.sender.type === b.sender.type && a.sender.id === b.sender.id;
}

/** The calendar day of a moment in the agent's time zone, and the midnight at which it ends. */
function dayOf(atMs: number): { key: string; endsMs: number } {
  const date = new Date(atMs);
  const pad = (value: number): string => String(value).padStart(2, '0');
  const key = `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
  return { key, endsMs: new Date(date.getFullYear(), date.getMonth(), date.getDate() + 1).getTime() };
}
