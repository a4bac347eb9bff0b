const failures = new WeakSet<object>();

// Vite tells of every part that could not be fetched; how each browser words it is nothing to rely on.
window.addEventListener('vite:preloadError', ({ payload }) => failures.add(payload));

/** Whether an error says that a part of the console could not be fetched. */
export const isMissingPart = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && failures.has(error);
