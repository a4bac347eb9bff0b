import { computed, ref, type Ref } from 'vue';

const MAX_ZOOM = 5;
const WHEEL_STEP = 0.0015;

interface Point {
  x: number;
  y: number;
}

/** Zoom to five times (wheel, pinch, double click), drag to pan, turn by quarters. */
export function usePictureView(stage: Readonly<Ref<HTMLElement | null>>) {
  const zoom = ref(1);
  const turns = ref(0);
  const offset = ref<Point>({ x: 0, y: 0 });
  const isMoving = ref(false);
  const fingers = new Map<number, Point>();
  let spread = 0;

  const clampZoom = (value: number): number => Math.min(MAX_ZOOM, Math.max(1, value));

  /** The picture may not leave the stage altogether. */
  function clampOffset({ x, y }: Point): Point {
    const { clientWidth = 0, clientHeight = 0 } = stage.value ?? {};
    const room = (side: number) => (side * (zoom.value - 1)) / 2;
    const within = (value: number, limit: number) => Math.min(limit, Math.max(-limit, value));
    return { x: within(x, room(clientWidth)), y: within(y, room(clientHeight)) };
  }

  /** Around a point, counted from the middle of the stage. */
  function zoomTo(next: number, around: Point = { x: 0, y: 0 }): void {
    const before = zoom.value;
    zoom.value = clampZoom(next);
    const factor = zoom.value / before;
    offset.value = clampOffset({
      x: around.x - (around.x - offset.value.x) * factor,
      y: around.y - (around.y - offset.value.y) * factor,
    });
  }

  function fromMiddle({ clientX, clientY }: MouseEvent): Point {
    const box = stage.value?.getBoundingClientRect();
    return box ? { x: clientX - box.left - box.width / 2, y: clientY - box.top - box.height / 2 } : { x: 0, y: 0 };
  }

  function reset(): void {
    zoom.value = 1;
    turns.value = 0;
    offset.value = { x: 0, y: 0 };
  }

  function distance(): number {
    const [first, second] = [...fingers.values()];
    return first && second ? Math.hypot(first.x - second.x, first.y - second.y) : 0;
  }

  function onPointerdown(event: PointerEvent): void {
    if ((event.target as HTMLElement).closest('button')) return;
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    spread = distance();
    isMoving.value = true;
  }
  function onPointermove(event: PointerEvent): void {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    const now = distance();
    if (fingers.size === 2 && spread > 0) {
      zoomTo((zoom.value * now) / spread);
      spread = now;
    } else if (fingers.size === 1) {
      const { x, y } = offset.value;
      offset.value = clampOffset({ x: x + event.clientX - before.x, y: y + event.clientY - before.y });
    }
  }
  function onPointerup(event: PointerEvent): void {
    fingers.delete(event.pointerId);
    spread = distance();
    if (fingers.size === 0) isMoving.value = false;
  }

  return {
    isMoving,
    style: computed(() => ({
      transform: `translate(${offset.value.x}px, ${offset.value.y}px) scale(${zoom.value}) rotate(${turns.value * 90}deg)`,
      cursor: zoom.value > 1 ? 'grab' : 'zoom-in',
    })),
    zoomBy: (factor: number) => zoomTo(zoom.value * factor),
    rotate: () => (turns.value += 1),
    reset,
    listeners: {
      pointerdown: onPointerdown,
      pointermove: onPointermove,
      pointerup: onPointerup,
      pointercancel: onPointerup,
      dblclick: (event: MouseEvent) => zoomTo(zoom.value > 1 ? 1 : 2.5, fromMiddle(event)),
      wheel: (event: WheelEvent) => {
        event.preventDefault();
        zoomTo(zoom.value * Math.exp(-event.deltaY * WHEEL_STEP), fromMiddle(event));
      },
    },
  };
}
