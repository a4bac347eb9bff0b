import type { EventTime, InboundEffect, PersonClaim } from '../../conversations/inbound/inbound-item.js';
import { idAt, type JsonObject, objectAt } from './json-values.js';
import { contentOf, emojiOf } from './message-content.js';

/** Types of messages that have no place of their own in a thread: they change the message that they name. */
export type AmendmentType = 'edit' | 'revoke';

/** A reaction; `actor: null` = the business itself. A text = it is kept, and why nothing is done. */
export function reactionOf(message: JsonObject, actor: PersonClaim | null, time: EventTime): InboundEffect | string {
  const targetWamid = idAt(objectAt(message, 'reaction'), 'message_id');
  if (targetWamid === null) return 'a reaction to nothing';
  return { kind: 'reaction', actor, targetWamid, emoji: emojiOf(message), time };
}

/** Meta: coexistence webhooks, `edit` and `revoke`; both have an id of their own. A text as above. */
export function amendmentOf(type: AmendmentType, message: JsonObject, time: EventTime): InboundEffect | string {
  const part = objectAt(message, type);
  const targetWamid = idAt(part, 'original_message_id');
  if (targetWamid === null) return 'it names no message that it would change';
  if (type === 'revoke') return { kind: 'amendment', targetWamid, message: null, time };
  const edited = objectAt(part, 'message');
  if (!edited) return 'an edit without a new wording';
  return { kind: 'amendment', targetWamid, message: contentOf(edited), time };
}
