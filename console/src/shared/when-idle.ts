/**
 * Runs a task after the frame that is being made was drawn: a request takes a few milliseconds to begin, and nobody looks
 * for its answer before what is here already stands on the screen. At once in a tab that draws nothing.
 */
export function whenDrawn(task: () => void): void {
  if (document.visibilityState === 'hidden') task();
  else requestAnimationFrame(() => setTimeout(task));
}

/** Runs a task when the screen stands and nothing else is going on. */
export const whenIdle: (task: () => void) => void =
  typeof requestIdleCallback === 'function' ? (task) => requestIdleCallback(task) : (task) => setTimeout(task, 200);
