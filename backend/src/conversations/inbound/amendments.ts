import type { MessageType } from '@parley/contract';
import type { MessageContent } from './inbound-item.js';

/** A wording that a message had, or its end. The first is what was sent. */
export interface Revision {
  kind: 'original' | 'edit' | 'revoke';
  /** Of the edit or deletion, which has one of its own. */
  wamid: string | null;
  /** ISO 8601. */
  at: string;
  type: MessageType;
  body: string;
  content: MessageContent['content'];
}

/** The columns of a message that an edit or a deletion moves. */
export interface AmendableMessage {
  type: MessageType;
  body: string;
  content: MessageContent['content'];
  revisions: Revision[] | null;
  eventAt: Date;
}

/** An edit brings its new wording; a deletion brings none. */
export interface Change {
  wamid: string;
  at: Date;
  message: MessageContent | null;
}

export interface Amended extends Omit<AmendableMessage, 'eventAt'> {
  revisions: Revision[];
  editedAt: Date | null;
  revokedAt: Date | null;
}

/**
 * The message after these changes, whatever order they arrive in: the latest wording is shown, and what was deleted stays
 * so. Nothing is forgotten; what is shown of a deleted message is empty.
 */
export function amend(message: AmendableMessage, changes: readonly Change[]): Amended {
  const { type, body, content, eventAt } = message;
  const original: Revision = { kind: 'original', wamid: null, at: eventAt.toISOString(), type, body, content };
  const [first = original, ...before] = message.revisions ?? [];
  const later = [...before, ...changes.map((change) => revisionOf(change, first))].sort(byTime);
  return shownOf(first, later);
}

/** What a message becomes when its file comes after it; what was edited or deleted meanwhile holds. */
export function refill(
  revisions: readonly Revision[] | null,
  { type, body, content }: MessageContent,
): Omit<AmendableMessage, 'eventAt'> {
  const [placeholder, ...later] = revisions ?? [];
  if (!placeholder) return { type, body, content, revisions: null };
  const first: Revision = { ...placeholder, type, body, content };
  const restated = later.map((revision) =>
    revision.kind === 'edit' ? { ...revision, ...wordingOf(revision, first) } : { ...revision, type },
  );
  return shownOf(first, restated);
}

function shownOf(first: Revision, later: readonly Revision[]): Amended {
  const lastEdit = later.findLast(({ kind }) => kind === 'edit');
  const revoke = later.find(({ kind }) => kind === 'revoke');
  const shown = lastEdit ?? first;
  return {
    type: shown.type,
    body: revoke ? '' : shown.body,
    content: revoke ? {} : shown.content,
    revisions: [first, ...later],
    editedAt: lastEdit ? new Date(lastEdit.at) : null,
    revokedAt: revoke ? new Date(revoke.at) : null,
  };
}

function revisionOf({ wamid, at, message }: Change, original: Revision): Revision {
  const when = { wamid, at: at.toISOString() };
  if (message === null) return { kind: 'revoke', ...when, type: original.type, body: '', content: {} };
  return { kind: 'edit', ...when, body: message.body, ...wordingOf(message, original) };
}

/** Only words can be edited: a picture is the same picture with another caption, whatever id Meta gives it now. */
function wordingOf(
  { type, content }: Pick<Revision, 'type' | 'content'>,
  original: Revision,
): Pick<Revision, 'type' | 'content'> {
  const { media } = original.content;
  if (!media) return { type, content };
  return { type: original.type, content: { ...content, media: { ...media, caption: content.media?.caption ?? null } } };
}

/** Of one second the order is that of the ids: the same for everybody, whatever came first. */
const byTime = (one: Revision, other: Revision): number =>
  one.at < other.at ? -1 : one.at > other.at ? 1 : (one.wamid ?? '') < (other.wamid ?? '') ? -1 : 1;
