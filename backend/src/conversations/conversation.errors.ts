import type { Conversation, ConversationStatus } from '@parley/contract';
import { DomainError, ForbiddenError } from '../common/domain.error.js';

/** 409: somebody else was first; `assignee` says who, `ownedForMs` by how many milliseconds where that is known. */
export class AlreadyClaimedError extends DomainError {
  constructor(conversation: Conversation, ownedForMs: number | null) {
    const { assignee } = conversation;
    super('conversation.already_claimed', 409, `${assignee?.name ?? 'Somebody else'} owns this conversation.`, {
      assignee,
      ownedForMs,
      conversation,
    });
  }
}

/** 409: it changed since the caller looked; `conversation` is how it stands. */
export class VersionConflictError extends DomainError {
  constructor(conversation: Conversation) {
    super('conversation.version_conflict', 409, 'The conversation has changed since you looked at it.', {
      conversation,
    });
  }
}

/** 409: somebody else acted since, or it is too long ago; `conversation` is how it stands. */
export class ActNotUndoableError extends DomainError {
  constructor(conversation: Conversation) {
    super('conversation.not_undoable', 409, 'This can no longer be taken back.', { conversation });
  }
}

/** 409: what was asked makes no sense in this status. */
export class InvalidTransitionError extends DomainError {
  constructor(status: ConversationStatus, action: string) {
    super('conversation.invalid_transition', 409, `A conversation that is ${status} cannot take this: ${action}.`, {
      status,
      action,
    });
  }
}

/** 409: the agent it should go to does not work here any more. */
export class AssigneeUnavailableError extends DomainError {
  constructor() {
    super('conversation.assignee_unavailable', 409, 'This agent is not active.');
  }
}

/** 409: the customer is blocked at Meta on this number: nothing can be sent to them. */
export class CustomerBlockedError extends DomainError {
  constructor() {
    super('conversation.blocked', 409, 'The customer is blocked: unblock them before you write.');
  }
}

/** 403: it is a colleague's. */
export class NotYourConversationError extends ForbiddenError {
  constructor() {
    super('Only the owner, a supervisor or an admin may do this.');
  }
}

/** 400 for what a schema cannot judge, in the shape of the schemas' own refusals. */
export class InvalidRequestError extends DomainError {
  constructor(path: string, message: string) {
    super('request.invalid', 400, `${path} ${message}`, { fields: [{ path, message }] });
  }
}
