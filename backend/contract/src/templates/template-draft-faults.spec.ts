import { describe, expect, it } from 'vitest';
import type { TemplateDraft } from './template-draft.js';
import { templateDraftFaults } from './template-draft-faults.js';
import { makeCodeDraft as code, makeDraft as draft } from './testing/drafts.js';

const body = (text: string, samples: Record<string, string> = { 1: 'a', 2: 'b', name: 'c' }) => ({
  body: { text, samples },
});
const reply = (text = 'Yes') => ({ type: 'quick_reply', text }) as const;
const link = (url = 'https://l.example/{{1}}', sample = '8841') =>
  ({ type: 'url', text: 'Track', url, sample }) as const;
const call = (phoneNumber = '+12025550134') => ({ type: 'phone_number', text: 'Call', phoneNumber }) as const;
const form = (flowId = '884100912345') => ({ type: 'flow', text: 'Book', flowId }) as const;
const copy = (sample = 'SAVE10') => ({ type: 'copy_code', sample }) as const;
describe('a template that is being written', () => {
  it.each<[string, Partial<TemplateDraft>]>([
    ['words with a variable', {}],
    ['words as long as the limit', body('x'.repeat(1_024))],
    ['names for variables', { parameterFormat: 'named', ...body('Hi {{name}}!') }],
    ['a variable twice', body('Hi {{1}}, yes {{1}}!')],
    ['numbers in another order', body('From {{2}} to {{1}}.')],
    ['a header with a variable at its end', { header: { format: 'text', text: 'Order {{1}}', samples: { 1: '17' } } }],
    ['a place in the header', { header: { format: 'location' } }],
    ['a picture with its sample', { header: { format: 'image', fileId: crypto.randomUUID() } }],
    ['a footer as long as the limit', { footer: 'x'.repeat(60) }],
    [
      'ten buttons, replies together',
      { buttons: [...Array.from({ length: 6 }, () => reply()), link(), link(), call(), copy()] },
    ],
    ['buttons with the replies at the end', { buttons: [link(), reply(), reply()] }],
    [
      'a form, a call, a request for contact details and the catalogue',
      {
        buttons: [
          { type: 'flow', text: 'Book', flowId: '884100912345', flowScreen: 'START' },
          { type: 'call', text: 'Call now' },
          { type: 'contact_info' },
          { type: 'catalog', text: 'View catalog' },
        ],
      },
    ],
    ['a one-time code', code()],
    ['a one-time code that does not say how long it holds', code({ expiresInMinutes: null })],
  ])('may be submitted with %s', (_name, over) => {
    expect(templateDraftFaults(draft(over))).toEqual([]);
  });

  it.each<[string, Partial<TemplateDraft>, string, string]>([
    ['no name', { name: '' }, 'name', 'missing'],
    ['capitals in its name', { name: 'Pickup' }, 'name', 'name'],
    ['blanks in its name', { name: 'pick up' }, 'name', 'name'],
    ['a name of 513', { name: 'x'.repeat(513) }, 'name', 'too_long'],
    ['a language that is none', { language: 'English' }, 'language', 'language'],
    ['no words', body(' '), 'body.text', 'missing'],
    ['words of 1,025', body('x'.repeat(1_025)), 'body.text', 'too_long'],
    ['a variable at the start', body('{{1}}, hello'), 'body.text', 'edge'],
    ['a variable at the end', body('Hello {{1}} '), 'body.text', 'edge'],
    ['variables side by side', body('Hi {{1}} {{2}}.'), 'body.text', 'adjacent'],
    ['a gap in the numbers', body('Hi {{1}} and {{3}}.', { 1: 'a', 3: 'b' }), 'body.text', 'numbering'],
    ['a name among numbers', body('Hi {{name}}.'), 'body.text', 'numbering'],
    ['a number among names', { parameterFormat: 'named', ...body('Hi {{1}}.') }, 'body.text', 'variable_name'],
    [
      'capitals in a variable',
      { parameterFormat: 'named', ...body('Hi {{Name}}.', { Name: 'a' }) },
      'body.text',
      'variable_name',
    ],
    ['a variable with a blank in it', body('Hi {{first name}}.'), 'body.text', 'variable'],
    ['a brace too few', body('Hi {{1}.'), 'body.text', 'variable'],
    ['no sample', body('Hi {{1}}.', { 1: ' ' }), 'body.samples.1', 'missing'],
    [
      'a variable called like a method',
      { parameterFormat: 'named', ...body('Hi {{constructor}}.', {}) },
      'body.samples.constructor',
      'missing',
    ],
    ['a header of 61', { header: { format: 'text', text: 'x'.repeat(61) } }, 'header.text', 'too_long'],
    [
      'two variables in the header',
      { header: { format: 'text', text: '{{1}} a {{2}}', samples: { 1: 'a', 2: 'b' } } },
      'header.text',
      'too_many',
    ],
    ['a header of two lines', { header: { format: 'text', text: 'a\nb' } }, 'header.text', 'line_break'],
    ['a header without its sample', { header: { format: 'text', text: 'Order {{1}}' } }, 'header.samples.1', 'missing'],
    ['a picture without a sample', { header: { format: 'image' } }, 'header.fileId', 'missing'],
    ['a footer of 61', { footer: 'x'.repeat(61) }, 'footer', 'too_long'],
    ['a variable in the footer', { footer: 'Hi {{1}}' }, 'footer', 'variable'],
    ['eleven buttons', { buttons: Array.from({ length: 11 }, () => reply()) }, 'buttons', 'too_many'],
    ['three links', { buttons: [link(), link(), link()] }, 'buttons', 'too_many'],
    ['two numbers to call', { buttons: [call(), call()] }, 'buttons', 'too_many'],
    ['two codes to copy', { buttons: [copy(), copy()] }, 'buttons', 'too_many'],
    ['replies apart from each other', { buttons: [reply(), link(), reply()] }, 'buttons', 'order'],
    ['links apart from each other', { buttons: [link(), reply(), call()] }, 'buttons', 'order'],
    ['a button without words', { buttons: [reply('')] }, 'buttons.0.text', 'missing'],
    ['words of 26 on a button', { buttons: [reply('x'.repeat(26))] }, 'buttons.0.text', 'too_long'],
    ['a variable on a button', { buttons: [reply('Hi {{1}}')] }, 'buttons.0.text', 'variable'],
    ['an address that is none', { buttons: [link('lantern')] }, 'buttons.0.url', 'url'],
    ['a variable amid an address', { buttons: [link('https://l.example/{{1}}/x')] }, 'buttons.0.url', 'url'],
    ['a named variable in an address', { buttons: [link('https://l.example/{{id}}')] }, 'buttons.0.url', 'url'],
    ['an address of 2,001', { buttons: [link(`https://l.example/${'x'.repeat(1_983)}`)] }, 'buttons.0.url', 'too_long'],
    [
      'an address without its sample',
      { buttons: [link('https://l.example/{{1}}', '')] },
      'buttons.0.sample',
      'missing',
    ],
    ['a number of letters', { buttons: [call('call me')] }, 'buttons.0.phoneNumber', 'phone'],
    ['a code of 16', { buttons: [copy('x'.repeat(16))] }, 'buttons.0.sample', 'too_long'],
    ['two forms', { buttons: [form(), form()] }, 'buttons', 'too_many'],
    ['a form without its id', { buttons: [form('')] }, 'buttons.0.flowId', 'missing'],
    ['a call without words', { buttons: [{ type: 'call', text: '' }] }, 'buttons.0.text', 'missing'],
    ['a code without choices', { ...code(), code: null }, 'code', 'missing'],
    ['words of its own beside a code', { ...code(), ...body('Hello') }, 'body.text', 'not_here'],
    ['a code for 91 minutes', code({ expiresInMinutes: 91 }), 'code.expiresInMinutes', 'minutes'],
    ['a code for no time', code({ expiresInMinutes: 0 }), 'code.expiresInMinutes', 'minutes'],
    ['a button of 26 below a code', code({ buttonText: 'x'.repeat(26) }), 'code.buttonText', 'too_long'],
    ['a code where none belongs', { code: code().code }, 'code', 'not_here'],
  ])('is not taken with %s', (_name, over, path, problem) => {
    expect(templateDraftFaults(draft(over))).toContainEqual(expect.objectContaining({ path, problem }));
  });

  it('says by how much something is over', () => {
    expect(templateDraftFaults(draft(body('x'.repeat(1_030))))).toEqual([
      { path: 'body.text', problem: 'too_long', over: 6 },
    ]);
    expect(templateDraftFaults(draft({ buttons: [link(), link(), link()] }))).toEqual([
      { path: 'buttons', problem: 'too_many', over: 1 },
    ]);
  });
});
