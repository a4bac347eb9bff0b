import type { ForwardMessage, Message } from '@parley/contract';
import type { HttpClient } from '../../../shared/http.js';

/** Sends what a message says to the conversation `request.to`. */
export const forwardMessage = (
  http: HttpClient,
  { conversationId, id }: Pick<Message, 'conversationId' | 'id'>,
  request: ForwardMessage,
): Promise<Message> => http.post(`/conversations/${conversationId}/messages/${id}/forward`, request);
