export interface Size {
  width: number;
  height: number;
}

/** Rows made beyond the edges: few until all is on the screen, then enough for a flick of the wheel. */
export const OVERSCAN = { opening: 2, open: 8 };

/**
 * The size of scrollers of one kind, as of the last one: the next begins with the rows that fit into it. Asked for it before
 * anything is laid out, the browser would have to do so twice.
 */
export class ScrollerSize {
  constructor(private size: Size) {}

  get last(): Size {
    return this.size;
  }

  /** For a virtualizer: tells a scroller's size with the frame that draws it, and whenever it changes. */
  readonly observe = ({ scrollElement }: { scrollElement: Element | null }, tell: (size: Size) => void) => {
    if (!scrollElement) return undefined;
    const observer = new ResizeObserver(() => {
      this.size = { width: scrollElement.clientWidth, height: scrollElement.clientHeight };
      tell(this.size);
    });
    observer.observe(scrollElement);
    return () => observer.disconnect();
  };
}
