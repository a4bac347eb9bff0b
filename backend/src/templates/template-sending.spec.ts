import type { FilledTemplate } from '@parley/contract';
import { describe, expect, it } from 'vitest';
import { prepareTemplate } from './template-sending.js';
import { TemplateInvalidError, TemplateUnavailableError } from './templates.errors.js';
import { makeTemplate } from './testing/samples.js';

const row = (components: unknown[] | null, over: object = {}) =>
  makeTemplate(components, { name: 'pickup_ready', category: 'utility', ...over });
const body = { type: 'BODY', text: 'Hi {{1}}, order {{2}}.', example: { body_text: [['Ada', '17']] } };
const whole = row([
  { type: 'HEADER', format: 'TEXT', text: 'Order {{1}}' },
  body,
  { type: 'FOOTER', text: 'Lantern' },
  {
    type: 'BUTTONS',
    buttons: [
      { type: 'QUICK_REPLY', text: 'Yes' },
      { type: 'URL', text: 'Track', url: 'https://l.example/t/{{1}}' },
      { type: 'COPY_CODE', text: 'Copy', example: 'SAVE' },
      { type: 'PHONE_NUMBER', text: 'Call', phone_number: '+12025550134' },
    ],
  },
]);
const filling = {
  name: 'pickup_ready',
  language: 'en_US',
  header: { text: '17' },
  body: { 1: 'Maren', 2: '8841' },
  buttons: [
    { index: 0, value: 'YES' },
    { index: 1, value: '8841' },
    { index: 2, value: 'SAVE10' },
  ],
} satisfies FilledTemplate;
const NOW = new Date('2026-11-27T12:00:00Z');
const prepared = (template: ReturnType<typeof row>, filled: Partial<FilledTemplate>) =>
  prepareTemplate(template, { name: 'pickup_ready', language: 'en_US', ...filled }, NOW);
const faultsOf = (template: ReturnType<typeof row>, filled: Partial<FilledTemplate>): string[] => {
  try {
    prepared(template, filled);
    return [];
  } catch (error) {
    if (!(error instanceof TemplateInvalidError)) throw error;
    return (error.extra['fields'] as { path: string }[]).map(({ path }) => path);
  }
};

describe('a filled template', () => {
  it('is shown as the phone shows it, and said as Graph wants it', () => {
    const { face, words, components } = prepared(whole, filling);
    expect(words).toBe('Order 17\nHi Maren, order 8841.');
    expect(face).toMatchObject({
      footer: 'Lantern',
      buttons: [{ text: 'Yes' }, { value: 'https://l.example/t/8841' }, { value: 'SAVE10' }, { value: '+12025550134' }],
    });
    expect(components).toEqual([
      { type: 'header', parameters: [{ type: 'text', text: '17' }] },
      {
        type: 'body',
        parameters: [
          { type: 'text', text: 'Maren' },
          { type: 'text', text: '8841' },
        ],
      },
      { type: 'button', sub_type: 'quick_reply', index: '0', parameters: [{ type: 'payload', payload: 'YES' }] },
      { type: 'button', sub_type: 'url', index: '1', parameters: [{ type: 'text', text: '8841' }] },
      {
        type: 'button',
        sub_type: 'copy_code',
        index: '2',
        parameters: [{ type: 'coupon_code', coupon_code: 'SAVE10' }],
      },
    ]);
  });

  it('shows what Meta gives for examples, of texts and buttons', () => {
    expect(whole.body.variables).toEqual([
      { name: '1', example: 'Ada' },
      { name: '2', example: '17' },
    ]);
    expect(whole.buttons[2]?.variable).toEqual({ name: 'code', example: 'SAVE' });
  });

  it('names its variables where the template does', () => {
    const named = row([{ type: 'BODY', text: 'Hi {{first_name}}' }], { parameterFormat: 'named' });
    const { components } = prepared(named, { ...filling, header: {}, buttons: [], body: { first_name: 'Ada' } });
    expect(components).toEqual([
      { type: 'body', parameters: [{ type: 'text', parameter_name: 'first_name', text: 'Ada' }] },
    ]);
  });

  it('sends positional values by their numbers, wherever they stand in the text', () => {
    const turned = row([{ type: 'BODY', text: '{{2}} and {{1}}' }]);
    const { components, face } = prepared(turned, {
      ...filling,
      header: {},
      buttons: [],
      body: { 1: 'a', 2: 'b' },
    });
    expect(face.body).toBe('b and a');
    expect(components).toMatchObject([{ parameters: [{ text: 'a' }, { text: 'b' }] }]);
  });

  it.each([
    ['a missing value', { body: { 1: 'Maren' } }, ['template.body.2']],
    ['blanks for a value', { body: { ...filling.body, 2: '  ' } }, ['template.body.2']],
    ['a variable that is none', { body: { ...filling.body, 3: 'x' } }, ['template.body.3']],
    ['a line break', { body: { ...filling.body, 2: 'a\nb' } }, ['template.body.2']],
    ['one character too many', { body: { 1: 'x', 2: 'y'.repeat(1_012) } }, ['template.body']],
    ['a header of 61', { header: { text: 'x'.repeat(55) } }, ['template.header.text']],
    ['a file where none is', { header: { text: '1', fileId: crypto.randomUUID() } }, ['template.header.fileId']],
    ['no address', { buttons: filling.buttons.filter(({ index }) => index !== 1) }, ['template.buttons.1']],
    [
      'a code of 16',
      { buttons: [...filling.buttons.slice(0, 2), { index: 2, value: 'x'.repeat(16) }] },
      ['template.buttons.2'],
    ],
    ['a button that is none', { buttons: [...filling.buttons, { index: 7, value: 'x' }] }, ['template.buttons.7']],
  ] as const)('is refused with %s', (_name, over, paths) => {
    expect(faultsOf(whole, { ...filling, ...(over as Partial<FilledTemplate>) })).toEqual(paths);
  });

  it('may be as long as the limit', () => {
    expect(faultsOf(whole, { ...filling, body: { 1: 'x', 2: 'y'.repeat(1_011) } })).toEqual([]);
  });

  it('needs the file that its header shows', () => {
    const picture = row([
      { type: 'HEADER', format: 'IMAGE' },
      { type: 'BODY', text: 'Look' },
    ]);
    expect(faultsOf(picture, {})).toEqual(['template.header.fileId']);
    const fileId = crypto.randomUUID();
    expect(prepared(picture, { header: { fileId } }).file).toEqual({
      fileId,
      kinds: ['image'],
    });
  });

  it.each([
    ['paused', row([body], { status: 'paused' }), /paused/],
    ['rejected', row([body], { status: 'rejected' }), /rejected/],
    ['disabled', row([body], { status: 'disabled' }), /for good/],
    ['not read yet', row(null), /not been read/],
    ['a carousel', row([body, { type: 'CAROUSEL', cards: [] }]), /cannot be sent from here/],
    ['hostile', row([null, 7, { type: {}, buttons: 'x' }] as unknown[]), /not been read/],
  ])('is not sent when it is %s', (_name, template, sentence) => {
    expect(() => prepared(template, filling)).toThrow(TemplateUnavailableError);
    expect(() => prepared(template, filling)).toThrow(sentence);
  });
});
