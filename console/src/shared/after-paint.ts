/**
 * Runs a task after the next frame was drawn: for what nobody sees, such as a request, of which each costs the frame
 * milliseconds. A tab that nobody looks at draws no frame: there it waits until somebody does.
 */
export const afterPaint = (task: () => void): void => {
  requestAnimationFrame(() => setTimeout(task));
};
