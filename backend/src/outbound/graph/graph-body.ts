import type { ContactCard, Message } from '@parley/contract';
import type { GraphComponent } from '../../templates/template-sending.js';
import { interactivePart } from './graph-interactive.js';

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
  quotedWamid: string | null;
  /** Of a file, a place, cards, a reaction and what is offered: the contract's own parts. */
  content: Pick<Message, 'interactive' | 'location' | 'contacts' | 'reaction' | 'template'> & {
    templateComponents?: readonly GraphComponent[];
    media?: { mimeType: string | null; caption: string | null; fileName: string | null; voice: boolean };
  };
  /** Our id of the file that goes with it; a carousel's cards name theirs. */
  fileId: string | null;
  /** Of a reaction: Meta's id of the message that it stands on. */
  targetWamid: string | null;
}

/** Comes back in every status of the message and heals what nobody could say (see the ADR on `unknown`). */
export interface CallbackData {
  c: string;
  m: string;
  a: number;
}

/** Meta's id of each file, by ours. */
export type GraphIds = ReadonlyMap<string, string>;

const FILE_HEADERS = new Set(['image', 'video', 'document']);
const NO_FILES: GraphIds = new Map();
const LINK = /https?:\/\//i;

/** Our ids of all files that Meta must have before the message goes. */
export const filesOf = ({ fileId, content: { template } }: Pick<Sendable, 'fileId' | 'content'>): string[] => [
  ...new Set([fileId, ...(template?.cards ?? []).map((card) => card.fileId)].filter((id) => id !== null)),
];

/** The request body as Meta documents it (`POST /{phone_number_id}/messages`). */
export function graphBody(message: Sendable, graphIds: GraphIds = NO_FILES): Record<string, unknown> {
  const callback: CallbackData = { c: message.conversationId, m: message.messageId, a: message.attempt };
  return {
    messaging_product: 'whatsapp',
    ...addressOf(message.recipient),
    ...(message.quotedWamid === null ? {} : { context: { message_id: message.quotedWamid } }),
    ...contentOf(message, graphIds),
    biz_opaque_callback_data: JSON.stringify(callback),
  };
}

/** Mark-as-read; earlier messages of the thread turn blue too. */
export function readReceiptBody(wamid: string): Record<string, unknown> {
  return { messaging_product: 'whatsapp', status: 'read', message_id: wamid };
}

/** “typing…” until the next message or for 25 s; Meta marks the message as read with it (Cloud API: typing indicators). */
export function typingBody(wamid: string): Record<string, unknown> {
  return { ...readReceiptBody(wamid), typing_indicator: { type: 'text' } };
}

function addressOf(recipient: Recipient): Record<string, unknown> {
  if ('groupId' in recipient) return { recipient_type: 'group', to: recipient.groupId };
  if ('userId' in recipient) return { recipient_type: 'individual', recipient: recipient.userId };
  // Without the plus sign Meta may put the business's own country code in front.
  return { recipient_type: 'individual', to: `+${recipient.phone.replace(/\D/g, '')}` };
}

function contentOf(message: Sendable, graphIds: GraphIds): Record<string, unknown> {
  const { media, interactive, location, contacts, reaction } = message.content;
  const { type } = message;
  if (message.content.template) return { type, template: templatePart(message, graphIds) };
  const fileId = graphIds.get(message.fileId ?? '') ?? null;
  if (interactive) {
    return { type, interactive: interactivePart(message.body, interactive, media ? headerPart(media, fileId) : null) };
  }
  if (media) return { type, [type]: mediaPart(type, media, fileId) };
  if (location) {
    const { latitude, longitude, name, address } = location;
    return { type, location: { latitude, longitude, ...(name && { name }), ...(address && { address }) } };
  }
  if (contacts) return { type, contacts: contacts.map(cardPart) };
  if (reaction) return { type, reaction: { message_id: message.targetWamid, emoji: reaction.emoji } };
  const previewUrl = message.previewUrl ?? LINK.test(message.body);
  return { type: 'text', text: { body: message.body, preview_url: previewUrl } };
}

/** As it was checked when it was written; the files are known to Meta only now. */
function templatePart({ content, fileId }: Sendable, graphIds: GraphIds) {
  const { template, templateComponents = [], media } = content;
  const components = templateComponents.map((component) => {
    if (component['type'] !== 'carousel') return withFile(component, graphIds, fileId, media?.fileName ?? null);
    const cards = component['cards'] as { components: GraphComponent[] }[];
    return {
      ...component,
      cards: cards.map((card) => ({
        ...card,
        components: card.components.map((part) => withFile(part, graphIds, null, null)),
      })),
    };
  });
  return {
    name: template?.name,
    language: { code: template?.language },
    ...(components.length > 0 && { components }),
  };
}

/** A header with Meta's id in the place of ours; what carries no file stays as it is. */
function withFile(
  component: GraphComponent,
  graphIds: GraphIds,
  messagesFile: string | null,
  fileName: string | null,
): GraphComponent {
  const [parameter] = (component['parameters'] ?? []) as Record<string, unknown>[];
  const type = String(parameter?.['type']);
  if (component['type'] !== 'header' || !FILE_HEADERS.has(type)) return component;
  const { fileId = messagesFile } = parameter?.[type] as { fileId?: string | null };
  const filename = type === 'document' && fileName ? { filename: fileName } : {};
  return { ...component, parameters: [{ type, [type]: { id: graphIds.get(fileId ?? '') ?? null, ...filename } }] };
}

/** Above the words of what is offered; what is no picture and no film is a document. */
function headerPart(media: NonNullable<Sendable['content']['media']>, id: string | null): Record<string, unknown> {
  const [kind = ''] = (media.mimeType ?? '').split('/');
  const type = kind === 'image' || kind === 'video' ? kind : 'document';
  return { type, [type]: mediaPart(type, { ...media, caption: null }, id) };
}

/** Sound and stickers take no caption, a document alone a name; `voice` makes it a voice note (Meta: audio messages). */
function mediaPart(
  type: string,
  { caption, fileName, voice }: NonNullable<Sendable['content']['media']>,
  id: string | null,
): Record<string, unknown> {
  return {
    id,
    ...(caption && type !== 'audio' && type !== 'sticker' && { caption }),
    ...(type === 'document' && fileName && { filename: fileName }),
    ...(type === 'audio' && voice && { voice: true }),
  };
}

/** Meta wants one more part of the name beside the whole. */
function cardPart(card: ContactCard): Record<string, unknown> {
  const { name, organization, phones, emails, urls, addresses = [], birthday } = card;
  const [first = name, ...rest] = name.split(/\s+/);
  return {
    name: { formatted_name: name, first_name: first, ...(rest.length > 0 && { last_name: rest.join(' ') }) },
    ...(organization && { org: { company: organization } }),
    phones: phones.map(({ number, label, waId }) => ({
      phone: number,
      ...(label && { type: label }),
      ...(waId && { wa_id: waId }),
    })),
    emails: emails.map(({ address, label }) => ({ email: address, ...(label && { type: label }) })),
    urls: urls.map((url) => ({ url })),
    ...(addresses.length > 0 && {
      addresses: addresses.map(({ label, ...parts }) => ({ ...said(parts), ...(label && { type: label }) })),
    }),
    ...(birthday && { birthday }),
  };
}

const said = (parts: Readonly<Record<string, string | null | undefined>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(parts).filter(([, words]) => words));
