import type { ChannelTrouble, Conversation, Message } from '@parley/contract';
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

/** 422: Meta sends a one-time code to a phone number only, and none of this customer's is known (its error 131062). */
export class PhoneNeededError extends DomainError {
  constructor() {
    super(
      'message.phone_needed',
      422,
      'WhatsApp sends one-time codes to phone numbers only, and this one is not known.',
    );
  }
}

/** 422: Meta has this kind of message for customers in one country only, whose numbers begin with `callingCode`. */
export class WrongCountryError extends DomainError {
  constructor(callingCode: string) {
    super(
      'message.wrong_country',
      422,
      `WhatsApp has this kind of message only for customers whose number begins with +${callingCode}.`,
      { callingCode },
    );
  }
}

/** 409: the customer told WhatsApp that they want no marketing; Meta would refuse the template (its error 131050). */
export class MarketingStoppedError extends DomainError {
  constructor(stoppedAt: Date) {
    super('contact.marketing_stopped', 409, 'The customer wants no marketing messages.', {
      stoppedAt: stoppedAt.toISOString(),
    });
  }
}

/** 422: the quoted message is not in this conversation. */
export class ReplyNotFoundError extends DomainError {
  constructor() {
    super('message.reply_not_found', 422, 'The quoted message is not in this conversation.');
  }
}

/** 409: it was not held back, or it is too late; `message` is how it stands. */
export class NotUndoableError extends DomainError {
  constructor(message: Message) {
    super('message.not_undoable', 409, 'This message has left, or is leaving right now.', { message });
  }
}

/** 409: it neither failed nor is it unknown, sending it again cannot help, or not before `retryAt`. */
export class NotRetryableError extends DomainError {
  constructor(detail: string, retryAt: Date | null) {
    super('message.not_retryable', 409, detail, { retryAt: retryAt?.toISOString() ?? null });
  }
}

/** 422: nothing of it can be sent as a message of ours: of another kind, deleted, or its file never came. */
export class NotForwardableError extends DomainError {
  constructor() {
    super('message.not_forwardable', 422, 'This message cannot be forwarded.');
  }
}

/** 409: Meta keeps this number from opening conversations, until `until` where it said so. */
export class NumberRestrictedError extends DomainError {
  constructor({ kind, until, detail }: ChannelTrouble) {
    super('channel.restricted', 409, 'WhatsApp does not let this number open conversations at the moment.', {
      kind,
      until,
      detail,
    });
  }
}
