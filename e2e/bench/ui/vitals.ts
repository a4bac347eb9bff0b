/** Something moved that nobody had asked to move. */
export interface Shift {
  /** Its layout shift score: how much of the screen, times how far. */
  score: number;
  /** Milliseconds of the page's own clock. */
  at: number;
  /** Within half a second of a key or a click: then it may be their answer, and does not count. */
  isAnswer: boolean;
  /** What moved, and how far. */
  what: string;
}

/** What a page says of itself as a browser's vitals count it. */
export interface Vitals {
  /** The largest thing that was drawn until now or until the first input, and when; null before the first. */
  largest(): { at: number; what: string } | null;
  /** Every shift since the page began. */
  shifts(): Shift[];
}

declare global {
  interface Window {
    vitals: Vitals;
  }
}

/** Runs in the page before the console does (addInitScript). */
export function installVitals(): void {
  interface LargestPaint extends PerformanceEntry {
    element: Element | null;
  }
  interface LayoutShift extends PerformanceEntry {
    value: number;
    hadRecentInput: boolean;
    sources: { node: Node | null; previousRect: DOMRectReadOnly; currentRect: DOMRectReadOnly }[];
  }
  const nameOf = (node: Node | null | undefined): string => {
    const element = node instanceof Element ? node : node?.parentElement;
    if (!element) return 'gone';
    const classes = element.getAttribute('class')?.slice(0, 40);
    const marks = [element.id && `#${element.id}`, element.getAttribute('role'), classes];
    return `<${element.localName} ${marks.filter(Boolean).join(' ')}> ${element.textContent.trim().slice(0, 30)}`;
  };

  let largest: { at: number; what: string } | null = null;
  const shifts: Shift[] = [];
  const watch = (type: string, take: (entry: PerformanceEntry) => void): void => {
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true });
  };
  watch('largest-contentful-paint', (entry) => {
    largest = { at: entry.startTime, what: nameOf((entry as LargestPaint).element) };
  });
  watch('layout-shift', (entry) => {
    const { value, hadRecentInput, sources, startTime } = entry as LayoutShift;
    const moves = sources.map(({ node, previousRect: from, currentRect: to }) => {
      const by = [to.x - from.x, to.y - from.y].map((px) => String(Math.round(px))).join(', ');
      return `${nameOf(node)} by ${by} px`;
    });
    shifts.push({ score: value, at: startTime, isAnswer: hadRecentInput, what: moves.join(' | ') });
  });
  window.vitals = { largest: () => largest, shifts: () => shifts };
}

const GAP_MS = 1_000;
const WINDOW_MS = 5_000;

/**
 * Cumulative layout shift as browsers report it (https://web.dev/articles/cls): shifts that are less than a second
 * apart, for five seconds at most, are one; of all these the worst. What answers an input does not count.
 */
export function cumulativeShift(shifts: readonly Shift[]): number {
  let [worst, sum, startedAt, lastAt] = [0, 0, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { score, at, isAnswer } of shifts) {
    if (isAnswer) continue;
    if (at - lastAt >= GAP_MS || at - startedAt >= WINDOW_MS) [sum, startedAt] = [0, at];
    sum += score;
    lastAt = at;
    worst = Math.max(worst, sum);
  }
  return worst;
}
