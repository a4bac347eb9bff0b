import type { InboxView } from './components/types.js';

/** The address of a queue, or of a conversation opened in it. */
export const inboxPath = (view: InboxView, conversationId?: string | null): string =>
  conversationId ? `/inbox/${view}/${conversationId}` : `/inbox/${view}`;
