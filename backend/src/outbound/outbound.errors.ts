import type { Conversation, Message } from '@parley/contract';
import { DomainError } from '../common/domain.error.js';

/** 409: the id was used for another body, or by somebody else. */
export class MessageIdReusedError extends DomainError {
  constructor() {
    super('message.id_reused', 409, 'This clientMessageId already belongs to another message.');
  }
}

/** 409: something was said that the sender had not seen; `messages` is what is new, oldest first. */
export class ConversationChangedError extends DomainError {
  constructor(conversation: Conversation, messages: Message[]) {
    super('conversation.changed', 409, 'The conversation has moved on since you looked at it.', {
      conversation,
      messages,
    });
  }
}

/** 422: the customer service window is closed since `closedAt`, or never opened (null). */
export class WindowClosedError extends DomainError {
  constructor(closedAt: Date | null) {
    super('window.closed', 422, 'The customer service window is closed: only a template may be sent.', {
      closedAt: closedAt?.toISOString() ?? null,
    });
  }
}

/** 422: the quoted message is not in this conversation. */
export class ReplyNotFoundError extends DomainError {
  constructor() {
    super('message.reply_not_found', 422, 'The quoted message is not in this conversation.');
  }
}

/** 409: it neither failed nor is it unknown for long enough, or sending it again cannot help. */
export class NotRetryableError extends DomainError {
  constructor(detail: string) {
    super('message.not_retryable', 409, detail);
  }
}
