import type { FilledTemplate, Template } from '@parley/contract';
import { describe, expect, it } from 'vitest';
import { prepareTemplate } from './template-sending.js';
import { TemplateInvalidError } from './templates.errors.js';
import { makeTemplate as template } from './testing/samples.js';

const NOW = new Date('2026-11-27T12:00:00Z');
const PICTURES = ['01990000-0000-7000-8000-000000000001', '01990000-0000-7000-8000-000000000002'] as const;

const prepared = (of: Template, filled: Partial<FilledTemplate>) =>
  prepareTemplate(of, { name: 'kind', language: 'en_US', ...filled }, NOW);
const faultsOf = (of: Template, filled: Partial<FilledTemplate>): unknown => {
  try {
    prepared(of, filled);
    return [];
  } catch (error) {
    if (!(error instanceof TemplateInvalidError)) throw error;
    return error.extra['fields'];
  }
};

describe('an authentication template', () => {
  const text = { type: 'BODY', text: '*{{1}}* is your verification code.', add_security_recommendation: true };
  const footer = { type: 'FOOTER', text: 'This code expires in 10 minutes.', code_expiration_minutes: 10 };
  const otp = { type: 'BUTTONS', buttons: [{ type: 'OTP', otp_type: 'COPY_CODE', text: 'Copy code' }] };
  const code = template([text, footer, otp], { category: 'authentication' });
  const button = { type: 'button', sub_type: 'url', index: '0', parameters: [{ type: 'text', text: '739184' }] };

  it('sends its code in the text and behind the button, and only to a phone number', () => {
    const { components, face, needsPhone } = prepared(code, { body: { 1: '739184' } });
    expect(components).toEqual([{ type: 'body', parameters: [{ type: 'text', text: '739184' }] }, button]);
    expect(face).toMatchObject({
      body: '*739184* is your verification code.',
      buttons: [{ type: 'otp', text: 'Copy code', value: '739184' }],
    });
    expect(needsPhone).toBe(true);
  });

  it('does so too where Meta lists its button as a link, and where the text does not show its variable', () => {
    const url = 'https://www.whatsapp.com/otp/code/?otp_type=COPY_CODE&code=otp{{1}}';
    const listed = template([
      { type: 'BODY', text: 'Your code' },
      { type: 'BUTTONS', buttons: [{ type: 'URL', text: 'Copy code', url, example: [url] }] },
    ]);
    expect(prepared(listed, { body: { 1: '739184' } }).components).toEqual([
      { type: 'body', parameters: [{ type: 'text', text: '739184' }] },
      button,
    ]);
  });

  it.each([
    ['no code', {}, [{ path: 'template.body.1', message: 'must be filled in' }]],
    [
      'a code of 16',
      { body: { 1: '1'.repeat(16) } },
      [{ path: 'template.body.1', message: 'is 1 character too long' }],
    ],
    [
      'a code for the button alone',
      { body: { 1: '7' }, buttons: [{ index: 0, value: '7' }] },
      [{ path: 'template.buttons.0', message: 'is not a part of this template' }],
    ],
  ])('is refused with %s', (_name, filled, fields) => {
    expect(faultsOf(code, filled)).toEqual(fields);
  });

  it('takes a code as long as the limit', () => {
    expect(faultsOf(code, { body: { 1: '1'.repeat(15) } })).toEqual([]);
  });
});

describe('a limited-time offer', () => {
  const parts = (hasExpiration: boolean) => [
    { type: 'LIMITED_TIME_OFFER', limited_time_offer: { text: 'Ends soon', has_expiration: hasExpiration } },
    { type: 'BODY', text: 'Ten per cent off.' },
    {
      type: 'BUTTONS',
      buttons: [
        { type: 'COPY_CODE', text: 'Copy offer code', example: 'BOOKS10' },
        { type: 'URL', text: 'Shop', url: 'https://l.example/{{1}}' },
      ],
    },
  ];
  const offer = template(parts(true));
  const buttons = [
    { index: 0, value: 'BOOKS10' },
    { index: 1, value: 'sale' },
  ];
  const expiresAt = '2026-11-28T12:00:00.000Z';

  it('says in milliseconds when it ends', () => {
    const { components, face } = prepared(offer, { buttons, offer: { expiresAt } });
    const limited_time_offer = { expiration_time_ms: Date.parse(expiresAt) };
    expect(components[0]).toEqual({
      type: 'limited_time_offer',
      parameters: [{ type: 'limited_time_offer', limited_time_offer }],
    });
    expect(components.slice(1).map((part) => part['sub_type'])).toEqual(['copy_code', 'url']);
    expect(face.offer).toEqual({ text: 'Ends soon', expiresAt });
  });

  it.each([
    ['without its end', undefined, 'must be filled in'],
    ['that has ended', { expiresAt: '2026-11-27T12:00:00.000Z' }, 'must lie in the future'],
  ])('%s is refused', (_name, given, message) => {
    const fields = [{ path: 'template.offer.expiresAt', message }];
    expect(faultsOf(offer, { buttons, ...(given && { offer: given }) })).toEqual(fields);
  });

  it('without a countdown takes no end', () => {
    const endless = template(parts(false));
    expect(faultsOf(endless, { buttons })).toEqual([]);
    expect(faultsOf(endless, { buttons, offer: { expiresAt } })).toEqual([
      { path: 'template.offer.expiresAt', message: 'is not a part of this template' },
    ]);
  });
});

describe('a carousel', () => {
  const card = (text: string) => ({
    components: [
      { type: 'HEADER', format: 'IMAGE', example: { header_handle: ['https://scontent.example/1'] } },
      { type: 'BODY', text, example: { body_text: [['The Atlas']] } },
      {
        type: 'BUTTONS',
        buttons: [
          { type: 'QUICK_REPLY', text: 'Keep one' },
          { type: 'URL', text: 'Look', url: 'https://l.example/b/{{1}}' },
        ],
      },
    ],
  });
  const carousel = template([
    { type: 'BODY', text: 'New for you, {{1}}.' },
    { type: 'CAROUSEL', cards: [card('*{{1}}* is here'), card('Also {{1}}')] },
  ]);
  const cards = PICTURES.map((fileId, index) => ({
    fileId,
    body: { 1: `Book ${index}` },
    buttons: [{ index: 1, value: `b${index}` }],
  }));
  const filled = { body: { 1: 'Ada' }, cards };

  it('brings every card with its picture, its words and its buttons', () => {
    const { components, face, cardFiles } = prepared(carousel, filled);
    expect(components[1]).toEqual({
      type: 'carousel',
      cards: PICTURES.map((fileId, index) => ({
        card_index: index,
        components: [
          { type: 'header', parameters: [{ type: 'image', image: { fileId } }] },
          { type: 'body', parameters: [{ type: 'text', text: `Book ${index}` }] },
          { type: 'button', sub_type: 'url', index: '1', parameters: [{ type: 'text', text: `b${index}` }] },
        ],
      })),
    });
    expect(cardFiles).toEqual(PICTURES.map((fileId) => ({ fileId, kinds: ['image'] })));
    expect(face.cards).toMatchObject([
      {
        fileId: PICTURES[0],
        body: '*Book 0* is here',
        buttons: [{ text: 'Keep one' }, { value: 'https://l.example/b/b0' }],
      },
      { fileId: PICTURES[1], body: 'Also Book 1' },
    ]);
  });

  it.each([
    ['a card too few', { cards: cards.slice(0, 1) }, ['cards.1.fileId', 'cards.1.body.1', 'cards.1.buttons.1']],
    ['a card too many', { cards: [...cards, { fileId: PICTURES[0] }] }, ['cards.2']],
    ['a card without its picture', { cards: [{ ...cards[0], fileId: undefined }, cards[1]] }, ['cards.0.fileId']],
    ['no cards at all', { cards: [] }, ['cards.0.fileId', 'cards.0.body.1', 'cards.0.buttons.1']],
  ])('is refused with %s', (_name, over, paths) => {
    const fields = faultsOf(carousel, { ...filled, ...(over as Partial<FilledTemplate>) }) as { path: string }[];
    expect(fields.map(({ path }) => path.replace('template.', '')).slice(0, paths.length)).toEqual(paths);
  });

  it('holds the words of a card to 160 characters', () => {
    const words = (length: number) => ({
      ...filled,
      cards: [cards[0], { ...cards[1], body: { 1: 'x'.repeat(length) } }],
    });
    expect(faultsOf(carousel, words(155) as Partial<FilledTemplate>)).toEqual([]);
    expect(faultsOf(carousel, words(156) as Partial<FilledTemplate>)).toEqual([
      { path: 'template.cards.1.body', message: 'is 1 character too long' },
    ]);
  });

  it('is refused with a value that a card has no place for', () => {
    expect(faultsOf(carousel, { ...filled, cards: [{ ...cards[0], body: { 1: 'a', 2: 'b' } }, cards[1]!] })).toEqual([
      { path: 'template.cards.0.body.2', message: 'is not a part of this template' },
    ]);
  });
});
