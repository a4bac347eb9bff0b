import type { MessageStatus } from '@parley/contract';
import type { ThreadMessage } from '../types.js';

/** What stands in the corner of an outbound bubble; each has its own shape, so colour only helps. */
export type TickShape = 'clock' | 'one' | 'two' | 'two-read' | 'failed' | 'unknown';

/** `label` is a key below `thread.status`. */
export interface Tick {
  shape: TickShape;
  label: string;
}

const ticks: Record<Exclude<MessageStatus, 'received'>, Tick> = {
  queued: { shape: 'clock', label: 'queued' },
  sending: { shape: 'clock', label: 'sending' },
  accepted: { shape: 'one', label: 'accepted' },
  sent: { shape: 'one', label: 'sent' },
  delivered: { shape: 'two', label: 'delivered' },
  read: { shape: 'two-read', label: 'read' },
  played: { shape: 'two-read', label: 'played' },
  failed: { shape: 'failed', label: 'failed' },
  unknown: { shape: 'unknown', label: 'unknown' },
};

const localTicks: Record<NonNullable<ThreadMessage['local']>['state'], Tick> = {
  sending: { shape: 'clock', label: 'sending' },
  offline: { shape: 'clock', label: 'offline' },
  unsent: { shape: 'failed', label: 'unsent' },
  refused: { shape: 'failed', label: 'refused' },
};

/** The tick of a status; none on what the customer wrote. */
export function tickOfStatus(status: MessageStatus): Tick | null {
  return status === 'received' ? null : ticks[status];
}

/** The tick of a message: what this browser knows comes before what the server last said. */
export function tickOf(message: Pick<ThreadMessage, 'status' | 'local' | 'direction'>): Tick | null {
  if (message.direction === 'inbound') return null;
  return message.local ? localTicks[message.local.state] : tickOfStatus(message.status);
}
