import type { CallPermission } from '@parley/contract';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { densityPreference } from '../../../../shared/preferences.js';
import { mountInApp, wordsOf } from '../testing/mount.js';
import { makeConversation } from '../testing/samples.js';
import type { Conversation, RowExtras } from '../types.js';
import ConversationRow from './ConversationRow.vue';

const ana = { id: 'ana', name: 'Ana Silva' };
const inMinutes = (minutes: number): string => new Date(Date.now() + minutes * 60_000 + 5_000).toISOString();

function mountRow(given: Partial<Conversation>, extras: RowExtras = {}, onOpen = vi.fn()) {
  return mountInApp(ConversationRow, {
    conversation: makeConversation(given),
    extras,
    active: false,
    currentAgentId: ana.id,
    href: '/inbox/mine/1',
    onOpen,
  });
}
const lastMessage = (given: object) => ({ ...makeConversation().lastMessage!, ...given });

afterEach(() => {
  document.body.innerHTML = '';
});

describe('a row of the list', () => {
  it('shows who wrote last when it was not the customer', () => {
    const sender = { type: 'agent' as const, ...ana };
    const mine = mountRow({
      lastMessage: lastMessage({ direction: 'outbound', sender, preview: 'Sure', status: 'read' }),
    });
    expect(wordsOf(mine)).toContain('Read');
    expect(wordsOf(mine)).toMatch(/You: ?Sure/);
    const theirs = mountRow({
      lastMessage: lastMessage({ direction: 'outbound', sender: { ...sender, id: 'ben', name: 'Ben O' } }),
    });
    expect(wordsOf(theirs)).toContain('Ben:');
  });

  it('names the type where there are no words', () => {
    expect(wordsOf(mountRow({ lastMessage: lastMessage({ type: 'image', preview: '' }) }))).toContain('Photo');
  });

  it.each<[CallPermission, string]>([
    [{ isGiven: true, until: '2026-11-25T11:06:40.000Z' }, 'Allows you to call until'],
    [{ isGiven: true, until: null }, 'Allows you to call'],
    [{ isGiven: true, until: null, isPermanent: true }, 'Allows you to call for good'],
    [{ isGiven: false, until: null }, 'Does not want to be called'],
  ])('says what a customer answered to the question of calls: %o', (callPermission, words) => {
    const row = mountRow({ lastMessage: lastMessage({ type: 'interactive', preview: 'accept', callPermission }) });
    expect(wordsOf(row)).toContain(words);
    expect(wordsOf(row)).not.toContain('accept');
  });

  it('drops formatting marks from the preview', () => {
    expect(wordsOf(mountRow({ lastMessage: lastMessage({ preview: '*Hello* _you_' }) }))).toContain('Hello you');
  });

  it('lets somebody writing, then a draft, take the place of the preview', () => {
    const draft = mountRow({}, { draft: 'Dear' });
    expect(wordsOf(draft)).toMatch(/Draft: ?Dear/);
    expect(wordsOf(draft)).not.toContain('Hello');
    const typing = mountRow({}, { draft: 'Dear', typing: [{ id: 'ben', name: 'Ben Okafor' }] });
    expect(wordsOf(typing)).toContain('Ben is writing…');
    expect(wordsOf(typing)).not.toContain('Dear');
  });

  it.each([
    [0, null],
    [3, '3'],
    [100, '99+'],
  ])('with %i unread shows %s', (unreadCount, pill) => {
    const words = wordsOf(mountRow({ unreadCount }));
    if (pill === null) expect(words).not.toContain('unread');
    else expect(words).toContain(`${pill}${unreadCount} unread`);
  });

  it.each([
    [inMinutes(41), '41m left'],
    [inMinutes(300), '5h left'],
    [inMinutes(-10), 'Window closed'],
    [null, 'Window not open'],
  ])('says where the window stands (%#)', (windowExpiresAt, words) => {
    expect(wordsOf(mountRow({ windowExpiresAt }))).toContain(words);
  });

  it('says who owns it, or that the bot answers', () => {
    expect(wordsOf(mountRow({ assignee: ana, handler: 'agent' }))).toContain('Owner: Ana Silva');
    expect(mountRow({ handler: 'bot', status: 'pending' }).find('[aria-label="The bot answers"]').exists()).toBe(true);
  });

  it('is a link: a plain click opens here, a modified one is left to the browser', async () => {
    const onOpen = vi.fn();
    const link = mountRow({}, {}, onOpen).get('a');
    expect(link.attributes('href')).toBe('/inbox/mine/1');
    await link.trigger('click', { ctrlKey: true });
    await link.trigger('click', { metaKey: true });
    expect(onOpen).not.toHaveBeenCalled();
    await link.trigger('click');
    expect(onOpen).toHaveBeenCalledOnce();
  });

  it('shows markup in a name as the characters it is', () => {
    const row = mountRow({ contact: { id: 'c', name: '<img src=x onerror=alert(1)>', phone: null, username: null } });
    expect(row.find('img').exists()).toBe(false);
    expect(wordsOf(row)).toContain('<img src=x onerror=alert(1)>');
  });

  it('stands in one line where that was chosen, with who, what and when', () => {
    const density = densityPreference();
    density.value = 'compact';
    const row = mountRow({ tags: ['refund'], lastMessage: lastMessage({ preview: 'Where is it?' }), unreadCount: 3 });
    density.value = 'comfortable';
    const words = wordsOf(row);
    for (const part of ['Maria Lopez', 'Where is it?', '3']) expect(words).toContain(part);
    expect(row.find('time').exists()).toBe(true);
    expect(row.get('a').classes()).toContain('h-10');
    expect(words).not.toContain('refund');
  });
});
