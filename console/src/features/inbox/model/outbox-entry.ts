import type { Agent, FilledTemplate, Media, Message, Quote, SendMessage, TemplateFace } from '@parley/contract';
import type { LocalSendState, ThreadMessage } from '../components/types.js';

/** A file that goes out: what is asked of the server, and how the bubble shows it until then. */
export interface FileContent {
  type: 'image' | 'video' | 'audio' | 'document' | 'sticker';
  /** The part of the request under the type's own name. */
  part: { fileId: string; caption?: string | null };
  media: Media;
}

/** A template that goes out, and as what the phone will show it. */
export interface TemplateContent {
  type: 'template';
  part: FilledTemplate;
  face: TemplateFace;
  media?: Media | undefined;
  location?: Message['location'];
}

/** Something offered, a place or cards: what is asked of the server, and how the bubble shows it until then. */
export interface OfferContent {
  type: 'interactive' | 'location' | 'contacts';
  part: unknown;
  shown: Pick<Message, 'text' | 'interactive' | 'location' | 'contacts' | 'media'>;
}

/** What goes out instead of words alone. */
export type OutboxContent = FileContent | TemplateContent | OfferContent;

/** A reply that the server has not confirmed yet. */
export interface OutboxEntry {
  /** Stays the same however often it is tried, so that the server takes it once. */
  clientMessageId: string;
  conversationId: string;
  body: string;
  quote: Quote | null;
  basedOn: number;
  /** Set when it sends a failed message again. */
  resendOf: string | null;
  /** Instead of words alone. */
  content?: OutboxContent | undefined;
  /** Seconds for which the server holds it back. */
  undoSeconds?: number;
  createdAt: string;
  state: LocalSendState;
  reason?: string;
}

/** The entry as the thread shows it, at its end. */
export function toThreadMessage(entry: OutboxEntry, agent: Pick<Agent, 'id' | 'name'>): ThreadMessage {
  const message: Message = {
    id: entry.clientMessageId,
    conversationId: entry.conversationId,
    seq: 0,
    rev: 0,
    direction: 'outbound',
    sender: { type: 'agent', id: agent.id, name: agent.name },
    ...shownContent(entry),
    reactions: [],
    status: 'queued',
    error: null,
    replyTo: entry.quote,
    wamid: null,
    clientMessageId: entry.clientMessageId,
    createdAt: entry.createdAt,
    sentAt: null,
    deliveredAt: null,
    readAt: null,
    playedAt: null,
    resendableAt: null,
  };
  return { ...message, local: { state: entry.state, reason: entry.reason } };
}

function shownContent({ content, body }: OutboxEntry): Pick<Message, 'type'> & Partial<Message> {
  if (!content) return { type: 'text', text: { body } };
  if ('shown' in content) return { type: content.type, ...content.shown };
  if (content.type !== 'template') return { type: content.type, media: content.media };
  const { face: template, media, location } = content;
  return { type: 'template', template, ...(media && { media }), ...(location && { location }) };
}

/** What a message that goes out again shows meanwhile, beside words; the server has its content. */
export function contentOfMessage(message: Message): OutboxContent | undefined {
  const { type, media, text, interactive, location, contacts, template: face } = message;
  if (face) return { type: 'template', part: { name: face.name, language: face.language }, face, media, location };
  if (media && !interactive) return { type: type as FileContent['type'], part: { fileId: media.id ?? '' }, media };
  if (!interactive && !location && !contacts) return undefined;
  const shown = { ...(text && { text }), ...(interactive && { interactive }), ...(media && { media }) };
  const others = { ...(location && { location }), ...(contacts && { contacts }) };
  return { type: type as OfferContent['type'], part: null, shown: { ...shown, ...others } };
}

/** What the server is asked, beside what every send carries. */
export const requestOf = ({ content, body }: OutboxEntry): Pick<SendMessage, 'type'> =>
  content
    ? { type: content.type, [content.type]: content.part }
    : ({ type: 'text', text: { body } } as Pick<SendMessage, 'type'>);
