import { afterEach, describe, expect, it, vi } from 'vitest';
import desk from '../../../../i18n/locales/en/desk.json';
import { mountInApp, wordsOf } from '../testing/mount.js';
import { makeMessage } from '../testing/samples.js';
import type { ThreadMessage } from '../types.js';
import MessageBubble from './MessageBubble.vue';

function mountBubble(given: Partial<ThreadMessage>, listeners: Record<string, unknown> = {}) {
  const props = {
    message: makeMessage(given),
    startsGroup: true,
    endsGroup: true,
    contactName: 'Maria Lopez',
    currentAgentId: 'ana',
    flashing: false,
    focused: false,
    ...listeners,
  };
  return mountInApp(MessageBubble, props, desk);
}
/** With the parts that are fetched when they are needed. */
async function whole(bubble: ReturnType<typeof mountBubble>) {
  await vi.dynamicImportSettled();
  return bubble;
}
const outbound = { direction: 'outbound', sender: { type: 'agent', id: 'ana', name: 'Ana Silva' } } as const;
const error = { code: 131026, title: 'Message undeliverable', detail: null, retryable: true };

afterEach(() => {
  document.body.innerHTML = '';
});

describe('a bubble', () => {
  it('renders what could be markup as the words it is', () => {
    const body = '<img src=x onerror=alert(1)> <script>alert(1)</script> javascript:alert(1) *bold*';
    const bubble = mountBubble({ text: { body } });
    expect(bubble.find('img, script').exists()).toBe(false);
    expect(bubble.find('a').exists()).toBe(false);
    expect(bubble.get('strong').text()).toBe('bold');
    expect(wordsOf(bubble)).toContain('<script>alert(1)</script>');
  });

  it('names who wrote it where several people write', () => {
    const mine = { text: { body: 'Hello all' }, sender: { type: 'contact', id: 'gus', name: 'Gus Petrov' } } as const;
    expect(wordsOf(mountBubble(mine))).not.toContain('Gus Petrov');
    expect(wordsOf(mountBubble(mine, { isGroup: true }))).toMatch(/^Gus PetrovGus Petrov:Hello all/u);
    expect(wordsOf(mountBubble(mine, { isGroup: true, startsGroup: false }))).toMatch(/^Gus Petrov:Hello all/u);
  });

  it('opens links elsewhere, without telling where from', () => {
    const link = mountBubble({ text: { body: 'see https://shop.example/a' } }).get('a');
    expect(link.attributes()).toMatchObject({ target: '_blank', rel: 'noopener noreferrer nofollow' });
  });

  it.each([
    ['sent', 'Sent'],
    ['delivered', 'Delivered'],
    ['read', 'Read'],
    ['queued', 'Waiting to be sent'],
    ['unknown', 'Not confirmed'],
  ] as const)('says that it is %s', (status, words) => {
    expect(wordsOf(mountBubble({ ...outbound, status }))).toContain(words);
  });

  it('tells in plain words why it failed and offers what can help', async () => {
    const onSendAgain = vi.fn();
    const bubble = await whole(mountBubble({ ...outbound, status: 'failed', error }, { onSendAgain }));
    expect(wordsOf(bubble)).toContain('this number cannot receive it');
    await bubble
      .findAll('button')
      .find((button) => button.text() === 'Send again')
      ?.trigger('click');
    expect(onSendAgain).toHaveBeenCalledOnce();
  });

  it('offers nothing where sending again cannot help', async () => {
    const bubble = await whole(
      mountBubble({ ...outbound, status: 'failed', error: { ...error, code: 131047, retryable: false } }),
    );
    expect(wordsOf(bubble)).toContain('the 24-hour window had closed');
    expect(bubble.findAll('button')).toHaveLength(0);
  });

  it("shows Meta's own words for a reason it does not know", async () => {
    const unheard = { code: 999_999, title: 'Brand new trouble', detail: 'Very new', retryable: false };
    expect(wordsOf(await whole(mountBubble({ ...outbound, status: 'failed', error: unheard })))).toContain(
      'Brand new trouble: Very new',
    );
  });

  it('says of an unconfirmed message that it may have arrived, and lets it be sent again only when allowed', async () => {
    const early = await whole(
      mountBubble({ ...outbound, status: 'unknown', resendableAt: '2999-01-01T00:00:00.000Z' }),
    );
    expect(wordsOf(early)).toContain('It may have arrived');
    expect(early.findAll('button')).toHaveLength(0);
    const late = await whole(mountBubble({ ...outbound, status: 'unknown', resendableAt: '2020-01-01T00:00:00.000Z' }));
    expect(late.findAll('button').map((button) => button.text())).toEqual(['Send again']);
  });

  it('lets a message that never reached the server be tried again or deleted', async () => {
    const onRetry = vi.fn();
    const onDiscard = vi.fn();
    const bubble = await whole(mountBubble({ ...outbound, local: { state: 'unsent' } }, { onRetry, onDiscard }));
    for (const button of bubble.findAll('button')) await button.trigger('click');
    expect(onRetry).toHaveBeenCalledOnce();
    expect(onDiscard).toHaveBeenCalledOnce();
  });

  it.each([
    ['words that failed', { status: 'failed', error } as const, true],
    ['words that were refused', { local: { state: 'refused' } } as const, true],
    ['words that may have arrived', { status: 'unknown' } as const, false],
    ['a picture', { status: 'failed', error, type: 'image', text: undefined } as const, false],
  ])('offers to mend what surely did not go out, and only words: %s', async (_what, given, isOffered) => {
    const onEdit = vi.fn();
    const bubble = await whole(mountBubble({ ...outbound, ...given }, { onEdit }));
    const edit = bubble.findAll('button').find((button) => button.text() === 'Edit');
    expect(edit !== undefined).toBe(isOffered);
    await edit?.trigger('click');
    expect(onEdit).toHaveBeenCalledTimes(isOffered ? 1 : 0);
  });

  it('tells at which time it came to each tick, to who points at it', async () => {
    const [sentAt, deliveredAt, readAt] = ['10:00:00', '10:01:00', '11:30:00'].map((time) => `2026-01-05T${time}.000Z`);
    const bubble = mountBubble({ ...outbound, status: 'read', sentAt, deliveredAt, readAt });
    const title = () => bubble.get('[title^=Sent], [title=Read]').attributes('title');
    expect(title()).toBe('Read');
    await bubble.get('[data-bubble]').trigger('pointermove');
    expect(title()).toMatch(/^Sent \d\d:00 · Delivered \d\d:01 · Read \d\d:30$/);
  });

  it('shows what has no face yet as an honest card', () => {
    const words = wordsOf(mountBubble({ type: 'unsupported', text: undefined, rawType: 'poll_creation' }));
    for (const part of ['Poll', 'poll_creation', 'not shown in Parley yet']) expect(words).toContain(part);
  });

  it('keeps the room of a picture before it is there', () => {
    const media = {
      mediaId: '1',
      mimeType: 'image/png',
      sha256: null,
      fileName: null,
      caption: 'Here it is',
      voice: false,
      animated: false,
      id: '0198c0de-0000-7000-8000-000000000001',
      state: 'ready' as const,
      failure: null,
      size: 10,
      width: 640,
      height: 480,
      durationMs: null,
      waveform: null,
    };
    const bubble = mountBubble({ type: 'image', text: undefined, media });
    expect(bubble.get('[data-face]').attributes('style')).toContain('aspect-ratio: 320 / 240');
    expect(wordsOf(bubble)).toContain('Here it is');
  });

  it('shows a tapped button as such', () => {
    const interactive = { kind: 'button_reply' as const, id: 'p', title: 'Prices', description: null };
    const words = wordsOf(mountBubble({ type: 'interactive', text: undefined, interactive }));
    expect(words).toContain('Tapped a button');
    expect(words).toContain('Prices');
  });

  it('counts one chip for each emoji', () => {
    const sender = { type: 'contact' as const, id: 'c', name: 'Maria' };
    const reactions = ['👍', '❤', '👍'].map((emoji) => ({ emoji, sender, createdAt: '2026-11-18T12:00:00.000Z' }));
    const chips = mountBubble({ reactions }).findAll('[aria-label="Reactions"] li');
    expect(chips.map((chip) => chip.text().replace(/\s/gu, ''))).toEqual(['👍2', '❤']);
  });

  it('jumps to a quoted message that is known', async () => {
    const onJump = vi.fn();
    const quote = { messageId: 'm1', wamid: 'w', sender: null, type: 'text' as const, preview: 'Which size?' };
    await mountBubble({ replyTo: quote }, { onJump }).get('button').trigger('click');
    expect(onJump).toHaveBeenCalledWith('m1');
    const unknown = mountBubble({ replyTo: { ...quote, messageId: null, preview: null, type: null } });
    expect(unknown.find('button').exists()).toBe(false);
    expect(wordsOf(unknown)).toContain('This message is not here');
  });
});
