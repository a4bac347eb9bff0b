import type { Message } from '@parley/contract';
import { flushPromises, type VueWrapper } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import desk from '../../../i18n/locales/en/desk.json';
import media from '../../../i18n/locales/en/media.json';
import { makeMessage } from '../components/testing/samples.js';
import { mountInApp, wordsOf } from '../components/testing/mount.js';
import { useEntitiesStore } from '../entities.store.js';
import PanelGallery from './PanelGallery.vue';

const recording: NonNullable<Message['media']> = {
  id: 'file',
  mediaId: '1',
  sha256: null,
  state: 'ready',
  failure: null,
  mimeType: 'audio/ogg; codecs=opus',
  fileName: null,
  caption: null,
  size: 4_000,
  width: null,
  height: null,
  durationMs: 7_000,
  waveform: [10, 90, 30],
  voice: true,
  animated: false,
};
const heard = (given: Partial<typeof recording> = {}): Message =>
  makeMessage({ type: 'audio', media: { ...recording, ...given } });

async function mountFiles(items: Message[]): Promise<VueWrapper> {
  vi.spyOn(useEntitiesStore().api, 'gallery').mockResolvedValue({ items, nextCursor: null });
  const gallery = mountInApp(PanelGallery, { conversationId: 'conversation' }, { ...desk, ...media });
  await gallery.get('[data-kind=files]').trigger('click');
  await flushPromises();
  return gallery;
}

beforeEach(() => setActivePinia(createPinia()));
afterEach(() => {
  document.body.innerHTML = '';
});

describe('the files of a conversation', () => {
  it('can be heard where they are recordings, each by a player of its own', async () => {
    const voice = heard();
    const song = heard({ id: 'song', voice: false, fileName: 'harbour.mp3', mimeType: 'audio/mpeg' });
    const gallery = await mountFiles([voice, song]);
    const itemOf = ({ id }: Message) => gallery.get(`[data-gallery-item="${id}"]`);
    expect(wordsOf(itemOf(voice))).toContain('Voice message');
    expect(wordsOf(itemOf(voice))).toContain('0:07');
    expect(wordsOf(itemOf(song))).toContain('harbour.mp3');
    const play = vi.spyOn(HTMLMediaElement.prototype, 'play').mockResolvedValue();
    await itemOf(song).get('button[aria-label=Play]').trigger('click');
    expect(play.mock.contexts).toEqual([itemOf(song).get('audio').element]);
    expect(itemOf(song).get('audio').attributes('src')).toBe('/api/media/song');
  });

  it('are offered as files where they call themselves sound and are none', async () => {
    const item = heard({ mimeType: 'application/pdf', fileName: 'no-song.pdf' });
    const gallery = await mountFiles([item]);
    expect(gallery.find('audio').exists()).toBe(false);
    expect(gallery.get(`[data-gallery-item="${item.id}"] a`).attributes()).toHaveProperty('download');
  });

  it('are named and not playable while they are not here', async () => {
    const gallery = await mountFiles([heard({ state: 'waiting' })]);
    expect(gallery.find('audio').exists()).toBe(false);
    expect(wordsOf(gallery)).toContain('Voice message');
  });
});
