import { createWamid } from '../core/ids.ts';
import type { Json } from '../core/json.ts';
import { completeMedia } from '../webhooks/inbound-media.ts';
import type { Scene } from './happening.ts';
import { nowInSeconds, tell } from './tell.ts';

const DAY_SECONDS = 24 * 3_600;

/**
 * What the business's own phone has said with a customer before: a newer chunk, an older one, and the file of a
 * placeholder. Threads are named by the phone number. (Meta: webhooks, field `history`.)
 */
export function importHistory({ state, customer, number }: Scene): void {
  const threadOf = customer.waId ?? state.customers.shareNumber(customer);
  const ours = number.displayPhoneNumber;
  const message = (from: string, daysAgo: number, part: Json): Json => ({
    from,
    id: createWamid(from === ours ? 'outbound' : 'inbound', customer.key),
    timestamp: nowInSeconds(Math.round(daysAgo * DAY_SECONDS)),
    ...part,
    history_context: { status: 'READ' },
  });
  const said = (from: string, daysAgo: number, body: string): Json =>
    message(from, daysAgo, { type: 'text', text: { body } });
  const chunk = (progress: number, phase: number, messages: Json[]): void => {
    const metadata = { phase, chunk_order: 1, progress };
    tell(state, number, 'history', { history: [{ metadata, threads: [{ id: threadOf, messages }] }] });
  };

  const asked = said(threadOf, 40, 'Do you bind old maps?');
  const answered = said(ours, 39.9, 'We do. It takes a week.');
  const slip = said(ours, 39.8, 'It costs nothing.');
  const picture = message(threadOf, 9, { type: 'media_placeholder' });
  const thanks = said(threadOf, 8.9, 'This is the map I mean');
  // What changes a message may come long before it.
  chunk(45, 0, [
    picture,
    thanks,
    message(threadOf, 39.7, { type: 'reaction', reaction: { message_id: answered['id'], emoji: '👍' } }),
    message(ours, 39.6, { type: 'revoke', revoke: { original_message_id: slip['id'] } }),
    message(threadOf, 8.8, {
      type: 'edit',
      edit: {
        original_message_id: thanks['id'],
        message: { type: 'text', text: { body: 'This is the map that I mean' } },
      },
    }),
  ]);
  chunk(100, 1, [asked, answered, slip]);
  const { history_context: _, ...bare } = picture;
  const image = { caption: 'Grandfather’s map', mime_type: 'image/png' };
  const file = completeMedia({ image }, 'image', state.media);
  tell(state, number, 'history', { messages: [{ ...bare, type: 'image', ...file }] });
}
