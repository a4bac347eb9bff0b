import { v7 } from 'uuid';

/** A new UUIDv7 (RFC 9562): ours are made before the insert and sort by time. */
export const newId = (): string => v7();
