import type { ReplyButton } from '@parley/contract';

/** Where a message goes: a phone number, a business-scoped user id, or a group. */
export type Recipient = { phone: string } | { userId: string } | { groupId: string };

/** A message that is about to leave, as the lease read it. */
export interface Sendable {
  conversationId: string;
  messageId: string;
  attempt: number;
  recipient: Recipient;
  type: string;
  body: string;
  previewUrl: boolean | null;
  buttons: readonly ReplyButton[];
  quotedWamid: string | null;
}

/** Comes back in every status of the message and heals what nobody could say (see the ADR on `unknown`). */
export interface CallbackData {
  c: string;
  m: string;
  a: number;
}

const LINK = /https?:\/\//i;

/** The request body as Meta documents it (`POST /{phone_number_id}/messages`). */
export function graphBody(message: Sendable): Record<string, unknown> {
  const callback: CallbackData = { c: message.conversationId, m: message.messageId, a: message.attempt };
  return {
    messaging_product: 'whatsapp',
    ...addressOf(message.recipient),
    ...(message.quotedWamid === null ? {} : { context: { message_id: message.quotedWamid } }),
    ...contentOf(message),
    biz_opaque_callback_data: JSON.stringify(callback),
  };
}

/** Mark-as-read; earlier messages of the thread turn blue too. */
export function readReceiptBody(wamid: string): Record<string, unknown> {
  return { messaging_product: 'whatsapp', status: 'read', message_id: wamid };
}

function addressOf(recipient: Recipient): Record<string, unknown> {
  if ('groupId' in recipient) return { recipient_type: 'group', to: recipient.groupId };
  if ('userId' in recipient) return { recipient_type: 'individual', recipient: recipient.userId };
  // Without the plus sign Meta may put the business's own country code in front.
  return { recipient_type: 'individual', to: `+${recipient.phone.replace(/\D/g, '')}` };
}

function contentOf(message: Sendable): Record<string, unknown> {
  if (message.type === 'interactive') {
    const buttons = message.buttons.map(({ id, title }) => ({ type: 'reply', reply: { id, title } }));
    return {
      type: 'interactive',
      interactive: { type: 'button', body: { text: message.body }, action: { buttons } },
    };
  }
  const previewUrl = message.previewUrl ?? LINK.test(message.body);
  return { type: 'text', text: { body: message.body, preview_url: previewUrl } };
}
