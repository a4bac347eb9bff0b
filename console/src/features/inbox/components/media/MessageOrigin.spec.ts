import type { Referral } from '@parley/contract';
import { describe, expect, it } from 'vitest';
import media from '../../../../i18n/locales/en/media.json';
import { mountInApp } from '../testing/mount.js';
import MessageOrigin from './MessageOrigin.vue';

const ad: Referral = {
  sourceType: 'ad',
  sourceId: null,
  sourceUrl: null,
  headline: 'Chat with a bookseller',
  body: null,
  mediaType: 'image',
  mediaUrl: 'https://ads.example/autumn.jpg',
  thumbnailUrl: null,
  clickId: null,
};
const picture = { id: '0190a0a0-0000-7000-8000-000000000001', state: 'ready', width: 2, height: 1 } as const;
const shown = (over: Partial<Referral> = {}) => mountInApp(MessageOrigin, { referral: { ...ad, ...over } }, media);

describe('the advertisement that brought a customer', () => {
  it('shows our copy of its picture, and never asks for the original', () => {
    const card = shown({ picture });
    expect(card.get('img').attributes()).toMatchObject({ src: `/api/media/${picture.id}`, alt: 'Photo' });
    expect(card.get('a').attributes('href')).toBe(ad.mediaUrl);
  });

  it('keeps the room of a picture that is on its way, as large as it will be', () => {
    const waiting = shown({ picture: { ...picture, state: 'waiting', width: null, height: null } });
    expect(waiting.find('img').exists()).toBe(false);
    const room = (card: ReturnType<typeof shown>) => card.get('.aspect-video').attributes('class');
    expect(room(waiting)).toBe(room(shown({ picture })));
  });

  it('has but the link where there is no picture', () => {
    const card = shown();
    expect(card.find('img, .aspect-video').exists()).toBe(false);
    expect(card.get('a').attributes('href')).toBe(ad.mediaUrl);
  });
});
