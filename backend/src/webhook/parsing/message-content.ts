import type { CallPermission, Interactive, MediaDescription } from '@parley/contract';
import { clip } from '../../common/storable.js';
import { cardsOf, locationOf } from './card-content.js';
import { instantAt } from './event-time.js';
import { formOf, wordsOfForm } from './form-content.js';
import { orderOf } from './order-content.js';
import { productOf, referralOf, withheldOf } from './origin-content.js';
import type { MessageContent } from '../../conversations/inbound/inbound-item.js';
import { flagAt, idAt, type JsonObject, objectAt, objectsAt, textAt, wordAt, wordsAt } from './json-values.js';

/** What search looks at; PostgreSQL indexes no text of megabytes. The whole text stays in `content`. */
const MAX_SEARCHED_CHARS = 60_000;

type MediaType = 'image' | 'video' | 'audio' | 'document' | 'sticker';

type Face = Pick<MessageContent, 'type' | 'rawType' | 'body' | 'content'>;

/** What a message says, for every type: those with a face of their own, and an honest placeholder for the rest. */
export function contentOf(message: JsonObject): MessageContent {
  const context = objectAt(message, 'context');
  const face = faceOf(message);
  const referral = referralOf(message);
  const product = productOf(context);
  const frequentlyForwarded = flagAt(context, 'frequently_forwarded');
  return {
    ...face,
    content: {
      ...face.content,
      ...(referral && { referral }),
      ...(product && { product }),
      ...(frequentlyForwarded && { frequentlyForwarded }),
    },
    body: clip(face.body, MAX_SEARCHED_CHARS),
    forwarded: flagAt(context, 'forwarded') || frequentlyForwarded,
    replyToWamid: idAt(context, 'id'),
  };
}

/** Whether the message is one that opens the customer service window. */
export const opensWindow = (content: MessageContent): boolean =>
  content.type !== 'unsupported' && content.type !== 'system';

/** Meta's word for the type; a message without one is a text if it has a text. */
export function typeOf(message: JsonObject): string {
  return wordAt(message, 'type') ?? (objectAt(message, 'text') ? 'text' : 'unknown');
}

function faceOf(message: JsonObject): Face {
  const type = typeOf(message);
  const part = objectAt(message, type);
  switch (type) {
    case 'text':
      return textFace(textAt(part, 'body') ?? '');
    case 'button': {
      const title = textAt(part, 'text');
      return tapFace('button', { kind: 'template_button', id: textAt(part, 'payload'), title, description: null });
    }
    case 'interactive':
      return interactiveFace(part);
    case 'image':
    case 'video':
    case 'audio':
    case 'document':
    case 'sticker':
      return mediaFace(type, part);
    case 'location': {
      const location = locationOf(part);
      const words = [wordsAt(part, 'name'), wordsAt(part, 'address')].filter((word) => word !== null);
      return { type, rawType: type, body: words.join(', '), content: location ? { location } : {} };
    }
    case 'contacts': {
      const contacts = cardsOf(objectsAt(message, 'contacts'));
      return { type, rawType: type, body: contacts.map(({ name }) => name).join(', '), content: { contacts } };
    }
    case 'order': {
      const body = textAt(part, 'text') ?? '';
      return { type, rawType: type, body, content: { order: orderOf(part), ...(body && { text: { body } }) } };
    }
    default:
      return unsupportedFace(message, type);
  }
}

const textFace = (body: string): Face => ({ type: 'text', rawType: null, body, content: { text: { body } } });

const tapFace = (type: 'button' | 'interactive', interactive: Interactive, rawType: string | null = null): Face => ({
  type,
  rawType,
  body: interactive.title ?? '',
  content: { interactive },
});

function interactiveFace(part: JsonObject | null): Face {
  const kind = wordAt(part, 'type');
  if (kind === 'button_reply' || kind === 'list_reply') {
    const reply = objectAt(part, kind);
    const description = textAt(reply, 'description');
    return tapFace('interactive', { kind, id: textAt(reply, 'id'), title: textAt(reply, 'title'), description });
  }
  const reply = kind === null ? null : objectAt(part, kind);
  const title = wordsAt(reply, 'body') ?? wordsAt(reply, 'name') ?? wordsAt(reply, 'response');
  const face = tapFace('interactive', { kind: 'other', id: null, title, description: null }, kind);
  if (kind === 'nfm_reply') {
    const form = formOf(reply);
    return { ...face, body: wordsOfForm(form) || face.body, content: { ...face.content, form } };
  }
  if (kind === 'call_permission_reply') {
    return { ...face, content: { ...face.content, callPermission: callPermissionOf(reply) } };
  }
  return face;
}

/** Meta: calling API, call permission replies. */
function callPermissionOf(reply: JsonObject | null): CallPermission {
  const isGiven = wordAt(reply, 'response') === 'accept';
  if (isGiven && flagAt(reply, 'is_permanent')) return { isGiven, until: null, isPermanent: true };
  return { isGiven, until: instantAt(reply, 'expiration_timestamp')?.toISOString() ?? null };
}

function mediaFace(type: MediaType, part: JsonObject | null): Face {
  const id = idAt(part, 'id');
  const media: MediaDescription = {
    // Asked for with a token later on: nothing but digits may get near that address.
    mediaId: id !== null && /^\d+$/.test(id) ? id : null,
    mimeType: wordsAt(part, 'mime_type'),
    sha256: wordsAt(part, 'sha256'),
    fileName: wordsAt(part, 'filename'),
    caption: textAt(part, 'caption'),
    voice: flagAt(part, 'voice'),
    animated: flagAt(part, 'animated'),
  };
  return { type, rawType: null, body: media.caption ?? media.fileName ?? '', content: { media } };
}

function unsupportedFace(message: JsonObject, type: string): Face {
  const inner = wordAt(objectAt(message, 'unsupported'), 'type');
  const withheld = withheldOf(message);
  return { type: 'unsupported', rawType: inner ?? type, body: '', content: withheld ? { withheld } : {} };
}

/** Whether a reaction takes an earlier one back: the emoji is absent, or empty in older shapes. */
export const emojiOf = (message: JsonObject): string | null => wordAt(objectAt(message, 'reaction'), 'emoji');
