import type { DurablePayloads } from './realtime.js';

/*
 * Plain values that the browser needs as well. This file must not import a schema: the console takes it as
 * `@parley/contract/constants` so that no schema library lands in its bundle.
 */

/** Meta's limit for a text body, in characters (Cloud API, text messages). */
export const TEXT_BODY_MAX_CHARS = 4_096;

/** Seconds between two heartbeats, and after how many without one a lease is gone. */
export const HEARTBEAT_SECONDS = 15;
export const PRESENCE_LEASE_SECONDS = 40;

/** The types of the durable events, in no order. */
export const durableEventTypes = [
  'conversation:updated',
  'message:created',
  'message:updated',
  'timeline:created',
  'conversation:hidden',
  'conversation:merged',
  'read:updated',
] as const satisfies readonly (keyof DurablePayloads)[];
