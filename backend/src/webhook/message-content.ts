import type { Interactive, Media } from '@parley/contract';
import type { MessageContent } from '../conversations/inbound/inbound-item.js';
import { clip, flagAt, idAt, type JsonObject, objectAt, objectsAt, textAt, wordAt, wordsAt } from './json-values.js';

/** What search looks at; PostgreSQL indexes no text of megabytes. The whole text stays in `content`. */
const MAX_SEARCHED_CHARS = 60_000;

type MediaType = 'image' | 'video' | 'audio' | 'document' | 'sticker';

type Face = Pick<MessageContent, 'type' | 'rawType' | 'body' | 'content'>;

/** What a message says, for every type: those with a face of their own, and an honest placeholder for the rest. */
export function contentOf(message: JsonObject): MessageContent {
  const context = objectAt(message, 'context');
  const face = faceOf(message);
  return {
    ...face,
    body: clip(face.body, MAX_SEARCHED_CHARS),
    forwarded: flagAt(context, 'forwarded') || flagAt(context, 'frequently_forwarded'),
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
      const words = [wordsAt(part, 'name'), wordsAt(part, 'address')].filter((word) => word !== null);
      return { type, rawType: type, body: words.join(', '), content: {} };
    }
    case 'contacts': {
      const names = objectsAt(message, 'contacts').flatMap(
        (card) => wordsAt(objectAt(card, 'name'), 'formatted_name') ?? [],
      );
      return { type, rawType: type, body: names.join(', '), content: {} };
    }
    case 'order':
      return { type, rawType: type, body: textAt(part, 'text') ?? '', content: {} };
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
  return tapFace('interactive', { kind: 'other', id: null, title, description: null }, kind);
}

function mediaFace(type: MediaType, part: JsonObject | null): Face {
  const id = idAt(part, 'id');
  const media: Media = {
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
  return { type: 'unsupported', rawType: inner ?? type, body: '', content: {} };
}

/** Whether a reaction takes an earlier one back: the emoji is absent, or empty in older shapes. */
export const emojiOf = (message: JsonObject): string | null => wordAt(objectAt(message, 'reaction'), 'emoji');
