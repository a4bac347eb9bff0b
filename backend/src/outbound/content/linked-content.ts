import type { FileKind, FilledTemplate, SendMessage } from '@parley/contract';
import { HEADER_KINDS } from './outbound-draft.js';

/** A file that a request names by its address, and which kinds it may be. */
interface NamedLink {
  link: string;
  kinds: readonly FileKind[];
}

const CARD_KINDS: readonly FileKind[] = ['image', 'video'];

/** The links that a request names in the place of uploads. */
export function linksOf(request: SendMessage): NamedLink[] {
  switch (request.type) {
    case 'image':
      return named(request.image.link, ['image']);
    case 'video':
      return named(request.video.link, ['video']);
    case 'audio':
      return named(request.audio.link, ['audio']);
    case 'document':
      return named(request.document.link, ['document']);
    case 'sticker':
      return named(request.sticker.link, ['sticker']);
    case 'interactive':
      return named({ headerLink: null, ...request.interactive }.headerLink, HEADER_KINDS);
    case 'template': {
      const { header, cards = [] } = request.template;
      return [...named(header?.link, HEADER_KINDS), ...cards.flatMap(({ link }) => named(link, CARD_KINDS))];
    }
    default:
      return [];
  }
}

/** The same request with the uploads that its links have become. */
export function withUploads(request: SendMessage, ids: ReadonlyMap<string, string>): SendMessage {
  if (ids.size === 0) return request;
  const uploaded = <Part extends { fileId?: string | undefined; link?: string | undefined }>({
    link,
    ...part
  }: Part) => (link === undefined ? part : { ...part, fileId: ids.get(link) });
  switch (request.type) {
    case 'image':
      return { ...request, image: uploaded(request.image) };
    case 'video':
      return { ...request, video: uploaded(request.video) };
    case 'audio':
      return { ...request, audio: uploaded(request.audio) };
    case 'document':
      return { ...request, document: uploaded(request.document) };
    case 'sticker':
      return { ...request, sticker: uploaded(request.sticker) };
    case 'interactive': {
      const { interactive } = request;
      if (!('headerLink' in interactive) || !interactive.headerLink) return request;
      const { headerLink, ...offer } = interactive;
      return { ...request, interactive: { ...offer, headerFileId: ids.get(headerLink) } };
    }
    case 'template': {
      const { header, cards, ...filled } = request.template;
      const template: FilledTemplate = {
        ...filled,
        ...(header && { header: uploaded(header) }),
        ...(cards && { cards: cards.map(uploaded) }),
      };
      return { ...request, template };
    }
    default:
      return request;
  }
}

/** A template as it was sent before, its links in the place of the files that they became. */
export function withFilesOf(
  { header, cards, ...filled }: FilledTemplate,
  sent: { mediaId: string | null; cardFileIds: readonly (string | null)[] },
): FilledTemplate {
  const kept = <Part extends { link?: string | undefined }>({ link, ...part }: Part, fileId: string | null = null) =>
    link === undefined || fileId === null ? part : { ...part, fileId };
  return {
    ...filled,
    ...(header && { header: kept(header, sent.mediaId) }),
    ...(cards && { cards: cards.map((card, index) => kept(card, sent.cardFileIds[index])) }),
  };
}

const named = (link: string | null | undefined, kinds: readonly FileKind[]): NamedLink[] =>
  link ? [{ link, kinds }] : [];
