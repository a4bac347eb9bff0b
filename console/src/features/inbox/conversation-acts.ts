import type { Agent, Conversation } from '@parley/contract';
import type { ConversationActs } from './components/types.js';

/** What this agent may do with a conversation now; the server judges again, under its lock. */
export function actsOn(conversation: Conversation, agent: Pick<Agent, 'id' | 'role'>): ConversationActs {
  const { assignee, status } = conversation;
  const isMine = assignee?.id === agent.id;
  const isUnowned = assignee === null;
  const isResolved = status === 'resolved';
  const oversees = agent.role !== 'agent';
  const mayAct = isUnowned || isMine || oversees;
  return {
    claim: isUnowned && !isResolved && status !== 'pending',
    takeOver: status === 'pending' || (!isUnowned && !isMine && oversees && !isResolved),
    release: !isUnowned && !isResolved && (isMine || oversees),
    assign: mayAct && !isResolved,
    snooze: mayAct && (status === 'open' || status === 'snoozed'),
    resolve: mayAct && !isResolved,
    block: mayAct,
    reopen: mayAct && (isResolved || status === 'snoozed'),
  };
}
