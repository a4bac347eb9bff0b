import type { Agent, Message, Quote } from '@parley/contract';
import type { LocalSendState, ThreadMessage } from '../components/types.js';

/** A reply that the server has not confirmed yet. */
export interface OutboxEntry {
  /** Stays the same however often it is tried, so that the server takes it once. */
  clientMessageId: string;
  conversationId: string;
  body: string;
  quote: Quote | null;
  basedOn: number;
  /** Set when it sends a failed message again. */
  resendOf: string | null;
  createdAt: string;
  state: LocalSendState;
  reason?: string;
}

/** The entry as the thread shows it, at its end. */
export function toThreadMessage(entry: OutboxEntry, agent: Pick<Agent, 'id' | 'name'>): ThreadMessage {
  const message: Message = {
    id: entry.clientMessageId,
    conversationId: entry.conversationId,
    seq: 0,
    rev: 0,
    direction: 'outbound',
    sender: { type: 'agent', id: agent.id, name: agent.name },
    type: 'text',
    text: { body: entry.body },
    reactions: [],
    status: 'queued',
    error: null,
    replyTo: entry.quote,
    wamid: null,
    clientMessageId: entry.clientMessageId,
    createdAt: entry.createdAt,
    sentAt: null,
    deliveredAt: null,
    readAt: null,
    playedAt: null,
    resendableAt: null,
  };
  return { ...message, local: { state: entry.state, reason: entry.reason } };
}
