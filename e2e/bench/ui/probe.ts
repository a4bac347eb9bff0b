/** What the benchmarks ask of the page they measure. All times are milliseconds of the page's own clock. */
export interface Probe {
  /** The moment after the frame in which `holds` was first true was drawn; null if that never came. */
  painted(holds: () => boolean, timeoutMs?: number): Promise<number | null>;
  /** From now on: how long from the packet that brings `marker` until an element of `selector` with it is on the screen. */
  expectPacket(marker: string, selector: string): void;
  /** From now on: how long from the next Enter until a message with `marker` is on the screen. */
  expectOwn(marker: string): void;
  /** What `expectPacket` or `expectOwn` came to. */
  latency(marker: string): Promise<number | null>;
  /** Opens a row of the list by a click, until its thread is on the screen. */
  open(conversationId: string): Promise<number | null>;
  /** Another thread than `before` is on the screen, in its place. */
  isPlaced(before: Element | null): boolean;
  startFrames(): void;
  endFrames(): { frames: number[]; longTasks: number[] };
  /** Scrolls the open thread up by so much in every frame; `blank` = share of frames with no row in the middle. */
  fling(pxPerFrame: number): Promise<{ frames: number[]; blank: number; loadedPx: number }>;
  /** Remembers the row in the middle of the thread and, frame by frame, how far it moves. */
  watchAnchor(): void;
  anchorDrift(): { px: number; frames: number; lost: number };
  startKeys(): void;
  /**
   * Of every key: until its letter was drawn, and what the page did for it: its handlers and the frame, without the wait
   * for the frame. Event Timing would be the measure, but a headless browser without a graphics card reports all keys as
   * presented when the typing ends.
   */
  endKeys(): { toPaint: number[]; work: number[] };
}

declare global {
  interface Window {
    bench: Probe;
  }
}

/** Runs in the page before the console does (addInitScript); nothing of the console knows of it. */
export function installProbe(): void {
  const latencies = new Map<string, Promise<number | null>>();
  const packets = new Map<string, (arrivedAt: number) => void>();
  const log = (): HTMLElement | null => document.querySelector('[role=log]');
  /** A message to oneself is handled after what runs now: in a frame's callback, after the frame was drawn. */
  const afterFrame = (then: (at: number) => void): void => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      then(performance.now());
    };
    port2.postMessage(null);
  };
  const has = (selector: string, marker: string): boolean =>
    [...document.querySelectorAll(selector)].some((element) => element.textContent.includes(marker));

  window.WebSocket = new Proxy(window.WebSocket, {
    construct(target, given: ConstructorParameters<typeof WebSocket>) {
      const socket = new target(...given);
      socket.addEventListener('message', ({ data, timeStamp }) => {
        if (typeof data !== 'string') return;
        for (const [marker, arrived] of packets) if (data.includes(marker)) arrived(timeStamp);
      });
      return socket;
    },
  });

  const painted: Probe['painted'] = (holds, timeoutMs = 10_000) =>
    new Promise((resolve) => {
      let isOver = false;
      // By a timer, as a page that draws nothing has no frame to give up in.
      const giveUp = setTimeout(() => {
        isOver = true;
        resolve(null);
      }, timeoutMs);
      const look = (): void => {
        if (isOver) return;
        if (!holds()) return void requestAnimationFrame(look);
        clearTimeout(giveUp); // until it fires, it keeps what `holds` knows in memory
        afterFrame(resolve);
      };
      requestAnimationFrame(look);
    });
  const since = (startedAt: number, at: number | null): number | null => (at === null ? null : at - startedAt);

  let frames: number[] = [];
  let longTasks: number[] = [];
  let isWatchingFrames = false;
  new PerformanceObserver((list) => {
    if (isWatchingFrames) longTasks.push(...list.getEntries().map(({ duration }) => duration));
  }).observe({ type: 'longtask' });

  let anchor = { key: '', top: 0, px: 0, frames: 0, lost: 0, isWatched: false };
  const rowTop = (key: string): number | null =>
    log()
      ?.querySelector(`[data-key="${CSS.escape(key)}"]`)
      ?.getBoundingClientRect().top ?? null;

  let keyTimes: number[] = [];
  let keyWork: number[] = [];
  let isWatchingKeys = false;
  window.addEventListener(
    'keydown',
    ({ timeStamp }) => {
      if (!isWatchingKeys) return;
      const handledFrom = performance.now();
      let handlers = 0;
      afterFrame((at) => (handlers = at - handledFrom));
      requestAnimationFrame(() => {
        const frameFrom = performance.now();
        afterFrame((at) => {
          keyTimes.push(at - timeStamp);
          keyWork.push(handlers + at - frameFrom);
        });
      });
    },
    { capture: true },
  );

  const isPlaced: Probe['isPlaced'] = (before) => {
    const shown = log();
    if (!shown || shown === before || shown.classList.contains('opacity-0')) return false;
    return shown.querySelector('[data-key]') !== null;
  };

  window.bench = {
    painted,
    isPlaced,
    expectPacket(marker, selector) {
      const arrival = new Promise<number>((resolve) => packets.set(marker, resolve));
      const shown = async (arrivedAt: number): Promise<number | null> => {
        packets.delete(marker);
        return since(arrivedAt, await painted(() => has(selector, marker)));
      };
      latencies.set(marker, arrival.then(shown));
    },
    expectOwn(marker) {
      const pressed = new Promise<number>((resolve) => {
        const onKey = (event: KeyboardEvent): void => {
          if (event.key !== 'Enter') return;
          window.removeEventListener('keydown', onKey, { capture: true });
          resolve(event.timeStamp);
        };
        window.addEventListener('keydown', onKey, { capture: true });
      });
      const shown = async (pressedAt: number): Promise<number | null> =>
        since(pressedAt, await painted(() => has('[role=log] [role=article]', marker)));
      latencies.set(marker, pressed.then(shown));
    },
    async latency(marker) {
      const giveUp = new Promise<null>((resolve) => setTimeout(() => resolve(null), 10_000));
      return Promise.race([latencies.get(marker) ?? giveUp, giveUp]);
    },
    async open(conversationId) {
      const before = log();
      const row = document.querySelector<HTMLElement>(`#list [data-conversation-id="${conversationId}"]`);
      if (!row) throw new Error(`no row of ${conversationId} on the screen`);
      const clickedAt = performance.now();
      row.click();
      return since(clickedAt, await painted(() => isPlaced(before)));
    },
    startFrames() {
      frames = [];
      longTasks = [];
      isWatchingFrames = true;
      let before: number | null = null;
      const tick = (at: number): void => {
        if (before !== null) frames.push(at - before);
        before = at;
        if (isWatchingFrames) requestAnimationFrame(tick);
      };
      requestAnimationFrame(tick);
    },
    endFrames() {
      isWatchingFrames = false;
      return { frames, longTasks };
    },
    fling(pxPerFrame) {
      const scroller = log();
      if (!scroller) throw new Error('no thread is open');
      const loadedPx = scroller.scrollHeight;
      const box = scroller.getBoundingClientRect();
      const isBlank = (): boolean =>
        !document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2)?.closest('[data-key]');
      const deltas: number[] = [];
      let blank = 0;
      let before: number | null = null;
      return new Promise((resolve) => {
        const tick = (at: number): void => {
          if (before !== null) deltas.push(at - before);
          before = at;
          if (scroller.scrollTop <= 0) return resolve({ frames: deltas, blank: blank / deltas.length, loadedPx });
          if (isBlank()) blank += 1;
          scroller.scrollTop -= pxPerFrame;
          requestAnimationFrame(tick);
        };
        requestAnimationFrame(tick);
      });
    },
    watchAnchor() {
      const scroller = log();
      const box = scroller?.getBoundingClientRect();
      const row = [...(scroller?.querySelectorAll<HTMLElement>('[data-key]') ?? [])]
        .map((element) => ({ element, top: element.getBoundingClientRect().top }))
        .filter(({ top }) => box && top > box.top + box.height * 0.4)
        .sort((a, b) => a.top - b.top)[0];
      if (!row) throw new Error('no row in the middle of the thread');
      const mine = { key: row.element.dataset['key'] ?? '', top: row.top, px: 0, frames: 0, lost: 0, isWatched: true };
      anchor = mine;
      const look = (): void => {
        afterFrame(() => {
          const top = rowTop(mine.key);
          mine.frames += 1;
          if (top === null) mine.lost += 1;
          else mine.px = Math.max(mine.px, Math.abs(top - mine.top));
        });
        if (mine.isWatched) requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    },
    anchorDrift() {
      anchor.isWatched = false;
      return { px: anchor.px, frames: anchor.frames, lost: anchor.lost };
    },
    startKeys() {
      keyTimes = [];
      keyWork = [];
      isWatchingKeys = true;
    },
    endKeys() {
      isWatchingKeys = false;
      return { toPaint: keyTimes, work: keyWork };
    },
  };
}
