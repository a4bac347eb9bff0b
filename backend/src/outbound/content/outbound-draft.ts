import type { BotAnswer, FileKind, MediaDescription, Message, MessageType, SendMessage } from '@parley/contract';
import { isDeepStrictEqual } from 'node:util';
import { toStorable } from '../../common/storable.js';
import type { GraphComponent, PreparedTemplate } from '../../templates/template-sending.js';
import { filled, interactiveDraft } from './interactive-draft.js';

/** What a message of ours says, before it has a place in the thread. */
export interface DraftContent {
  type: MessageType;
  /** What search finds and a list row shows. */
  body: string;
  /** The contract's optional parts of a message, as they go to the wire. */
  content: Pick<Message, 'text' | 'interactive' | 'location' | 'contacts' | 'reaction' | 'template'> & {
    media?: MediaDescription;
    /** Of a template: as Graph takes them; they stay as they were checked. */
    templateComponents?: readonly GraphComponent[];
  };
  /** Our id of the file that it carries. */
  mediaId?: string | null;
  /** Of a carousel: our ids of its cards' files. */
  cardFileIds?: readonly string[];
}

/** A file as a draft speaks of it. */
export interface DraftFile {
  id: string;
  kind: FileKind;
  fileName: string | null;
  mimeType: string;
  sha256: string;
}

/** What can stand above the text of something that is offered (Meta: interactive messages, header). */
export const HEADER_KINDS: readonly FileKind[] = ['image', 'video', 'document'];

/** The upload that a request names, and which kinds it may be; null when it names none, links having become uploads. */
export function wantedFile(request: SendMessage): { fileId: string; kinds: readonly FileKind[] } | null {
  switch (request.type) {
    case 'image':
      return upload(request.image.fileId, ['image']);
    case 'video':
      return upload(request.video.fileId, ['video']);
    case 'audio':
      return upload(request.audio.fileId, ['audio', 'voice']);
    case 'document':
      return upload(request.document.fileId, ['document']);
    case 'sticker':
      return upload(request.sticker.fileId, ['sticker']);
    case 'interactive':
      return upload({ headerFileId: null, ...request.interactive }.headerFileId, HEADER_KINDS);
    default:
      return null;
  }
}

const upload = (fileId: string | null | undefined, kinds: readonly FileKind[]) => (fileId ? { fileId, kinds } : null);

/** Canonical request: only what the client sent, without what identifies or dates it. */
export type CanonicalRequest = Record<string, unknown>;

/** The thread's and the wire's form of what an agent wrote; a template only once it was checked (`templateDraft`). */
export function draftOf(
  request: Exclude<SendMessage, { type: 'template' }>,
  file: DraftFile | null = null,
): DraftContent {
  switch (request.type) {
    case 'text':
      return textDraft(toStorable(request.text.body));
    case 'interactive':
      return withHeader(interactiveDraft(request.interactive), file);
    case 'image':
      return fileDraft('image', file, { caption: request.image.caption });
    case 'video':
      return fileDraft('video', file, { caption: request.video.caption });
    case 'audio':
      return fileDraft('audio', file, {});
    case 'document':
      return fileDraft('document', file, request.document);
    case 'sticker':
      return fileDraft('sticker', file, {});
    case 'location': {
      const { location } = request;
      const words = [location.name, location.address].filter((word) => word);
      return { type: 'location', body: words.join(', '), content: { location } };
    }
    case 'contacts': {
      const { contacts } = request;
      return { type: 'contacts', body: contacts.map(({ name }) => name).join(', '), content: { contacts } };
    }
    case 'reaction':
      return { type: 'reaction', body: '', content: { reaction: request.reaction } };
  }
}

/** With the file that stands above the words. */
function withHeader(draft: DraftContent, file: DraftFile | null): DraftContent {
  if (!file) return draft;
  const { mediaId = null, content } = fileDraft('document', file, {});
  return { ...draft, mediaId, content: { ...draft.content, ...content } };
}

/** A template as the phone will show it, with its header's file. */
export function templateDraft(
  { face, words, components, location, cardFiles }: PreparedTemplate,
  file: DraftFile | null,
): DraftContent {
  const { media } = file ? fileDraft('document', file, {}).content : {};
  return {
    type: 'template',
    body: words,
    content: {
      text: { body: words },
      template: face,
      templateComponents: components,
      ...(location && { location }),
      ...(media && { media }),
    },
    mediaId: file?.id ?? null,
    ...(cardFiles.length > 0 && { cardFileIds: cardFiles.map(({ fileId }) => fileId) }),
  };
}

/** The same for what the bot answers. */
export function draftOfAnswer(answer: BotAnswer): DraftContent {
  const body = toStorable(answer.text);
  const buttons = answer.buttons.map(({ id, title }) => ({ id: toStorable(id), title: toStorable(title) }));
  return buttons.length > 0 ? interactiveDraft({ body, buttons }) : textDraft(body);
}

/** Repeats are compared by this: `basedOn` may have moved since, and the id is the key already. */
export function canonicalRequest(request: SendMessage): CanonicalRequest {
  const { type, replyTo, campaign } = request;
  const beside = { ...(replyTo && { replyTo }), ...(campaign !== undefined && { campaign }) };
  if (request.type === 'interactive') {
    const { kind, ...offer } = request.interactive;
    // As it was kept when buttons were all there is: a repeat may be older than the other kinds.
    return {
      type,
      ...beside,
      interactive: { ...(kind && kind !== 'buttons' && { kind }), ...(filled(offer) as object) },
    };
  }
  if (request.type === 'text') {
    const { body, previewUrl } = request.text;
    return { type, ...beside, text: { body: toStorable(body), ...(previewUrl === undefined ? {} : { previewUrl }) } };
  }
  const { clientMessageId: _id, basedOn: _basedOn, replyTo: _replyTo, undoSeconds: _undo, ...rest } = request;
  // As PostgreSQL gives it back: without what is undefined.
  return { ...(JSON.parse(JSON.stringify(rest)) as CanonicalRequest), ...beside };
}

export const isSameRequest = (left: CanonicalRequest | null, right: CanonicalRequest): boolean =>
  isDeepStrictEqual(left, right);

function fileDraft(
  type: 'image' | 'video' | 'audio' | 'document' | 'sticker',
  file: DraftFile | null,
  said: { caption?: string | null; fileName?: string | null },
): DraftContent {
  const caption = said.caption?.trim() ? said.caption : null;
  const fileName = said.fileName ?? file?.fileName ?? null;
  const media: MediaDescription = {
    mediaId: null,
    mimeType: file?.mimeType ?? null,
    sha256: file?.sha256 ?? null,
    fileName,
    caption,
    voice: file?.kind === 'voice',
    animated: false,
  };
  const body = caption ?? (type === 'document' ? fileName : null) ?? '';
  return { type, body, content: { media }, mediaId: file?.id ?? null };
}

const textDraft = (body: string): DraftContent => ({ type: 'text', body, content: { text: { body } } });
