import { asJson, asText, isJson, type Json } from '../core/json.ts';
import type { Presence } from '../state/behaviour.ts';

/** A phone on the page. */
export interface Phone {
  key: string;
  name: string;
  waId: string | null;
  userId: string | null;
  username: string | null;
  /** Their webhooks name them by the user id alone. */
  hidesNumber: boolean;
  presence: Presence;
  note: string;
  starters: string[];
}

/** A bubble on a phone. */
export interface ChatMessage {
  id: string;
  from: 'customer' | 'business';
  at: string;
  type: string;
  content: Json;
  quoted: string | null;
  status: string;
  reactions: { customer?: string; business?: string };
  /** The id of the button or row that the customer tapped. */
  chosen?: string;
  /** Written on the business's own phone: it alone can be changed there. */
  byApp?: boolean;
  edited?: boolean;
  revoked?: boolean;
  /** What stands above the words: forwarded, from an advertisement, in a group. */
  mark?: string;
}

export type PhoneEvent =
  | { type: 'phone'; phone: Phone }
  | { type: 'message'; key: string; phoneNumberId: string; message: ChatMessage }
  | { type: 'typing'; key: string; phoneNumberId: string }
  | { type: 'reset' };

/** The type of message that answers a request. */
export const ANSWERED_BY: Readonly<Record<string, string>> = {
  location_request_message: 'location',
  request_contact_info: 'contacts',
};

/** The id of what a tap chose. */
export function chosenOf(type: string, content: Json): string | undefined {
  if (type === 'button') return asText(content['payload']);
  if (type !== 'interactive') return undefined;
  const reply = asJson(content[asText(content['type']) ?? '']);
  return asText(reply['id']) ?? asText(reply['response']) ?? (content['type'] === 'nfm_reply' ? 'flow' : undefined);
}

/** What stands above a customer's words, if they came by another way than typing. */
export function markOf(message: Json): string | undefined {
  const context = asJson(message['context']);
  if (context['frequently_forwarded'] === true) return 'Forwarded many times';
  if (context['forwarded'] === true) return 'Forwarded';
  if (isJson(message['referral'])) return `From an advertisement: ${asText(message['referral']['headline']) ?? ''}`;
  if (isJson(context['referred_product'])) return 'About a product of the catalogue';
  return message['group_id'] === undefined ? undefined : 'In a group';
}
