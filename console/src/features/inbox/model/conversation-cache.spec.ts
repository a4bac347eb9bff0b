import { describe, expect, it } from 'vitest';
import { conversation, message } from '../../../../test/builders.js';
import { ConversationCache } from './conversation-cache.js';

describe('conversation cache', () => {
  it('keeps the newest state whatever order it comes in', () => {
    const cache = new ConversationCache();
    cache.apply(conversation({ id: 'a', rev: 5, status: 'resolved' }));
    expect(cache.apply(conversation({ id: 'a', rev: 4 }))).toBe(false);
    expect(cache.get('a')?.status).toBe('resolved');
  });

  it('counts unread live from what came in and what was read', () => {
    const cache = new ConversationCache();
    cache.apply(conversation({ id: 'a', inboundCount: 7, unreadCount: 2, readSeq: 9 }));
    cache.apply(conversation({ id: 'a', rev: 2, inboundCount: 8 }));
    expect(cache.get('a')?.unreadCount).toBe(3);
    cache.applyRead({ conversationId: 'a', seq: 12, readInboundCount: 8, rewinds: 0 });
    expect(cache.get('a')?.unreadCount).toBe(0);
  });

  it('never moves a read cursor backwards', () => {
    const cache = new ConversationCache();
    cache.apply(conversation({ id: 'a', inboundCount: 8, unreadCount: 0, readSeq: 12 }));
    cache.applyRead({ conversationId: 'a', seq: 4, readInboundCount: 2, rewinds: 0 });
    cache.apply(conversation({ id: 'a', inboundCount: 8, unreadCount: 6, readSeq: 4 }));
    expect(cache.get('a')?.unreadCount).toBe(0);
  });

  it('goes back where the agent marked it as unread, whatever comes late', () => {
    const cache = new ConversationCache();
    cache.apply(conversation({ id: 'a', inboundCount: 8, unreadCount: 0, readSeq: 12, readRewinds: 0 }));
    expect(cache.applyRead({ conversationId: 'a', seq: 10, readInboundCount: 7, rewinds: 1 })).toBe(true);
    expect(cache.get('a')).toMatchObject({ unreadCount: 1, readSeq: 10, readRewinds: 1 });
    // An answer that was read before, and a tab's push that comes after.
    cache.apply(conversation({ id: 'a', inboundCount: 8, unreadCount: 0, readSeq: 12, readRewinds: 0 }));
    expect(cache.applyRead({ conversationId: 'a', seq: 12, readInboundCount: 8, rewinds: 0 })).toBe(false);
    expect(cache.get('a')?.unreadCount).toBe(1);
    expect(cache.applyRead({ conversationId: 'a', seq: 12, readInboundCount: 8, rewinds: 1 })).toBe(true);
    expect(cache.get('a')?.unreadCount).toBe(0);
  });

  it('moves the ticks of a row with its last message, and never back', () => {
    const cache = new ConversationCache();
    const last = message({ conversationId: 'a', seq: 4, direction: 'outbound', status: 'sent' });
    const { id, seq, direction, sender, type, createdAt } = last;
    cache.apply(
      conversation({
        id: 'a',
        lastMessage: { id, seq, direction, sender, type, createdAt, preview: '', status: 'sent' },
      }),
    );
    expect(cache.applyLastMessage({ ...last, rev: 3, status: 'read' })).toBe(true);
    expect(cache.applyLastMessage({ ...last, rev: 2, status: 'delivered' })).toBe(false);
    expect(cache.applyLastMessage({ ...last, id: 'older', rev: 9, status: 'failed' })).toBe(false);
    expect(cache.get('a')?.lastMessage?.status).toBe('read');
  });

  it('says that unread is unknown rather than nothing', () => {
    const cache = new ConversationCache();
    cache.apply(conversation({ id: 'a', inboundCount: 3 }));
    expect(cache.get('a')?.unreadCount).toBeUndefined();
    cache.apply(conversation({ id: 'a', inboundCount: 3, unreadCount: 1, readSeq: 2 }));
    expect(cache.get('a')?.unreadCount).toBe(1);
  });
});
