import type {
  AgentList,
  Assign,
  Conversation,
  ConversationCounts,
  ConversationList,
  ConversationListQuery,
  Message,
  MessageList,
  ResendMessage,
  SendMessage,
} from '@parley/contract';
import type { HttpClient } from '../../shared/http.js';

export type ListQuery = Partial<ConversationListQuery>;

const PAGE_SIZE = 50;

/** The routes behind the inbox, one method each. */
export const inboxApi = (http: HttpClient) => ({
  list: (query: ListQuery): Promise<ConversationList> =>
    http.get('/conversations', { query: { limit: PAGE_SIZE, ...query } }),
  counts: (): Promise<ConversationCounts> => http.get('/conversations/counts'),
  conversation: (id: string): Promise<Conversation> => http.get(`/conversations/${id}`),
  messages: (id: string, before: string | null): Promise<MessageList> =>
    http.get(`/conversations/${id}/messages`, { query: { before, limit: PAGE_SIZE } }),
  agents: (): Promise<AgentList> => http.get('/agents'),
  send: (id: string, message: SendMessage): Promise<Message> => http.post(`/conversations/${id}/messages`, message),
  resend: (id: string, messageId: string, again: ResendMessage): Promise<Message> =>
    http.post(`/conversations/${id}/messages/${messageId}/resend`, again),
  claim: (id: string): Promise<Conversation> => http.post(`/conversations/${id}/claim`),
  release: (id: string, expectedVersion?: number): Promise<Conversation> =>
    http.post(`/conversations/${id}/release`, { expectedVersion }),
  resolve: (id: string, expectedVersion?: number): Promise<Conversation> =>
    http.post(`/conversations/${id}/resolve`, { expectedVersion }),
  reopen: (id: string, expectedVersion?: number): Promise<Conversation> =>
    http.post(`/conversations/${id}/reopen`, { expectedVersion }),
  snooze: (id: string, until: string, expectedVersion?: number): Promise<Conversation> =>
    http.post(`/conversations/${id}/snooze`, { until, expectedVersion }),
  assign: (id: string, assign: Assign): Promise<Conversation> => http.post(`/conversations/${id}/assign`, assign),
  markRead: (id: string, messageId: string): Promise<void> => http.post(`/conversations/${id}/read`, { messageId }),
});
