import { flushPromises } from '@vue/test-utils';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { mountInApp, wordsOf } from '../testing/mount.js';
import { makeConversation, makeMessage } from '../testing/samples.js';
import type { Conversation } from '../types.js';
import Composer from './Composer.vue';

const ana = { id: 'ana', name: 'Ana Silva' };
const ben = { id: 'ben', name: 'Ben Okafor' };
const open = { windowExpiresAt: '2999-01-01T00:00:00.000Z', assignee: ana, handler: 'agent' as const };

function mountComposer(given: Partial<Conversation> = {}, props: Record<string, unknown> = {}) {
  return mountInApp(Composer, {
    conversation: makeConversation({ ...open, ...given }),
    currentAgentId: ana.id,
    maxChars: 100,
    draft: 'Hello',
    ...props,
  });
}

afterEach(() => {
  document.body.innerHTML = '';
  vi.unstubAllGlobals();
});

describe('the composer', () => {
  it('says what a reply costs in the place of how it is sent, and nothing of it beside a note', () => {
    const price = 'Beyond this month’s free replies: about $0.0049';
    expect(mountComposer({}, { price }).text()).toContain(price);
    expect(mountComposer({}, { price, mode: 'note' }).text()).not.toContain(price);
    expect(mountComposer({}, { price, offline: true }).text()).not.toContain(price);
  });

  it('sends on Enter, and not with Shift, in a composition, or when there is nothing to send', async () => {
    const onSend = vi.fn();
    const field = mountComposer({}, { onSend }).get('textarea');
    await field.trigger('keydown', { key: 'Enter', shiftKey: true });
    await field.trigger('keydown', { key: 'Enter', isComposing: true });
    expect(onSend).not.toHaveBeenCalled();
    await field.trigger('keydown', { key: 'Enter' });
    expect(onSend).toHaveBeenCalledOnce();
    const blank = vi.fn();
    await mountComposer({}, { draft: '  \n', onSend: blank }).get('textarea').trigger('keydown', { key: 'Enter' });
    expect(blank).not.toHaveBeenCalled();
  });

  it('counts the last characters and sends nothing over the limit', async () => {
    const onSend = vi.fn();
    const over = mountComposer({}, { draft: 'x'.repeat(101), onSend });
    expect(wordsOf(over)).toContain('1 character too many');
    await over.get('textarea').trigger('keydown', { key: 'Enter' });
    expect(onSend).not.toHaveBeenCalled();
    expect(wordsOf(mountComposer({}, { draft: 'x'.repeat(98) }))).toContain('2 characters left');
    expect(wordsOf(mountComposer({}, { draft: 'x' }))).not.toContain('left');
  });

  it('holds a reply that is stale until its own button is pressed', async () => {
    const onSend = vi.fn();
    const onSendAnyway = vi.fn();
    const onReview = vi.fn();
    const composer = mountComposer({}, { stale: { newCount: 2 }, onSend, onSendAnyway, onReview });
    expect(composer.get('[role=alert]').text()).toContain('2 new messages came in');
    await composer.get('textarea').trigger('keydown', { key: 'Enter' });
    expect(onSend).not.toHaveBeenCalled();
    expect(onSendAnyway).not.toHaveBeenCalled();
    for (const button of composer.findAll('[data-bar=stale] button')) await button.trigger('click');
    expect(onReview).toHaveBeenCalledOnce();
    expect(onSendAnyway).toHaveBeenCalledOnce();
  });

  it('gives way to an explanation once the window is closed, and keeps the draft', async () => {
    const composer = mountComposer({ windowExpiresAt: '2020-01-01T00:00:00.000Z' });
    await vi.dynamicImportSettled();
    expect(composer.find('textarea').exists()).toBe(false);
    expect(wordsOf(composer)).toContain('The 24-hour window closed');
    expect(wordsOf(composer)).toContain('Your draft is kept');
    const unwritten = mountComposer({ windowExpiresAt: null, assignee: ana });
    await vi.dynamicImportSettled();
    expect(wordsOf(unwritten)).toContain('has not written yet');
  });

  it.each([
    [{ assignee: null, handler: 'queue' }, 'Replying claims it'],
    [{ assignee: null, handler: 'bot', status: 'pending' }, 'The bot is answering'],
    [{ assignee: ben }, 'Ben Okafor has this conversation'],
    [{ assignee: null, handler: 'queue', status: 'resolved' }, 'opens it again'],
  ] as const)('says what the writer should know (%#)', (given, words) => {
    expect(wordsOf(mountComposer(given))).toContain(words);
  });

  it('says without the connection that what is sent waits, and grows by nothing for it', () => {
    const composer = mountComposer({}, { offline: true });
    expect(wordsOf(composer)).toContain('What you send waits here');
    expect(composer.find('[data-bar]').exists()).toBe(false);
    expect(wordsOf(mountComposer({}, { offline: true, mode: 'note' }))).not.toContain('waits here');
  });

  it('offers to take over only where that is allowed', async () => {
    const onTakeOver = vi.fn();
    const allowed = mountComposer({ assignee: ben }, { canTakeOver: true, onTakeOver });
    await allowed.findAll('[data-bar=theirs] button')[1]?.trigger('click');
    expect(onTakeOver).toHaveBeenCalledOnce();
    expect(mountComposer({ assignee: ben }).get('[data-bar=theirs]').text()).not.toContain('Take over');
  });

  it('asks the colleague who has the conversation by a note that names them', async () => {
    const composer = mountComposer({ assignee: ben }, { draft: '' });
    await composer.get('[data-bar=theirs] button').trigger('click');
    await flushPromises();
    expect(composer.get('textarea').element.value).toBe('@Ben Okafor ');
    expect(wordsOf(composer)).toContain('Only your team sees this');
  });

  it('drops the quote on Escape first, then leaves the field', async () => {
    const onCancelReply = vi.fn();
    const onEscape = vi.fn();
    const quoting = mountComposer({}, { replyTo: makeMessage(), onCancelReply, onEscape });
    await quoting.get('textarea').trigger('keydown', { key: 'Escape' });
    expect(onCancelReply).toHaveBeenCalledOnce();
    expect(onEscape).not.toHaveBeenCalled();
    await mountComposer({}, { onEscape }).get('textarea').trigger('keydown', { key: 'Escape' });
    expect(onEscape).toHaveBeenCalledOnce();
  });

  it('keeps its height when words come from elsewhere, until somebody touches it', async () => {
    vi.stubGlobal('CSS', { supports: () => true });
    const composer = mountComposer({}, { draftFromElsewhere: false });
    await flushPromises();
    const field = composer.get('textarea').element;
    vi.spyOn(field, 'offsetHeight', 'get').mockReturnValue(52);
    await composer.setProps({ draft: 'From\nthe\nphone', draftFromElsewhere: true });
    expect([field.value, field.style.height]).toEqual(['From\nthe\nphone', '52px']);
    await composer.get('textarea').trigger('focus');
    expect(field.style.height).toBe('');

    await composer.setProps({ draft: 'From\nthe\nphone, again' });
    expect(field.style.height).toBe('52px');
    await composer.setProps({ draft: 'Written here', draftFromElsewhere: false });
    expect(field.style.height).toBe('');
    // Of another thread it is drawn as it is: nothing stood there before.
    await composer.setProps({
      conversation: makeConversation({ ...open, id: 'another' }),
      draft: 'Also\nfrom\nelsewhere',
      draftFromElsewhere: true,
    });
    expect(field.style.height).toBe('');
  });

  it('is measured where the browser does not size a field to its words', async () => {
    vi.stubGlobal('CSS', { supports: () => false });
    const composer = mountComposer();
    const field = composer.get('textarea').element;
    vi.spyOn(field, 'scrollHeight', 'get').mockReturnValue(72);
    await composer.setProps({ draft: 'Three\nlines\nof it' });
    await flushPromises();
    expect(field.style.height).toBe('72px');
  });

  it('tells that a reply is being written, and nothing of a note', async () => {
    const onTyping = vi.fn();
    await mountComposer({}, { onTyping }).get('textarea').setValue('Hello Mar');
    expect(onTyping).toHaveBeenLastCalledWith(true);
    await mountComposer({}, { onTyping, mode: 'note' }).get('textarea').setValue('Between us');
    expect(onTyping).toHaveBeenLastCalledWith(false);
  });
});
