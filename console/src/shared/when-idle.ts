/** Runs a task when the screen stands and nothing else is going on. */
export const whenIdle: (task: () => void) => void =
  typeof requestIdleCallback === 'function' ? (task) => requestIdleCallback(task) : (task) => setTimeout(task, 200);
