import type { ThreadMessage } from '../types.js';

/** Types that have a face of their own, fetched apart from the thread. */
const FACES = new Set([
  'image',
  'video',
  'audio',
  'document',
  'sticker',
  'location',
  'contacts',
  'order',
  'interactive',
]);

const MAX_WIDTH = 320;
const MAX_HEIGHT = 340;
const MIN_SIDE = 96;
/** Of a picture whose size nobody knows (yet). */
const UNKNOWN = { width: 280, height: 200 };

/** Whether the message shows more than words and is not merely named. */
export const hasFace = ({ type, media, location, contacts, order, form, callPermission }: ThreadMessage): boolean =>
  FACES.has(type) && Boolean(media ?? location ?? contacts ?? order ?? form ?? callPermission);

/** Pixels that a picture or film takes in its bubble: known before a byte of it is there, so that nothing jumps. */
export function pictureBox(width: number | null, height: number | null): { width: number; height: number } {
  if (width === null || height === null) return UNKNOWN;
  const scale = Math.min(MAX_WIDTH / width, MAX_HEIGHT / height, 1);
  return {
    width: Math.round(Math.max(width * scale, MIN_SIDE)),
    height: Math.round(Math.max(height * scale, MIN_SIDE)),
  };
}

/** The room that is kept while the face itself is being fetched. */
export function faceBox({ type, media, contacts, order, form }: ThreadMessage): Record<string, string> {
  if (type === 'image' || type === 'video') {
    const { width, height } = pictureBox(media?.width ?? null, media?.height ?? null);
    return { width: `${width}px`, maxWidth: '100%', aspectRatio: `${width} / ${height}` };
  }
  if (type === 'sticker') return { width: '128px', height: '128px' };
  if (type === 'contacts')
    return { width: '17rem', maxWidth: '100%', minHeight: `${(contacts?.length ?? 1) * 3.5}rem` };
  if (order) return { width: '17rem', maxWidth: '100%', minHeight: `${8 + order.lines.length * 1.5}rem` };
  if (form) return { width: '18rem', maxWidth: '100%', minHeight: `${4.5 + form.answers.length * 2.5}rem` };
  return { width: '17rem', maxWidth: '100%', minHeight: '3.5rem' };
}
