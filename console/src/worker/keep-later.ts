/** What a page tells the worker once it stands: to keep what may be asked for later, and in which language. */
export interface KeepLater {
  keepLater: string;
}

/** Messages of pages of any version reach a worker. */
export const isKeepLater = (data: unknown): data is KeepLater =>
  typeof data === 'object' && data !== null && 'keepLater' in data && typeof data.keepLater === 'string';
