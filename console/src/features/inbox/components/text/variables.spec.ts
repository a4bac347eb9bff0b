import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillVariables, missingVariables } from './variables.js';

describe('variables of a ready-made reply', () => {
  it.each([
    ['Hi {{contact.name}}', 'Hi Maria'],
    ['Hi {{ contact.name | there }}', 'Hi Maria'],
    ['Hi {{contact.phone|there}}', 'Hi there'],
    ['Hi {{contact.phone|}}!', 'Hi !'],
    ['Hi {{contact.phone}}', 'Hi {{contact.phone}}'],
    ['{{Contact.Name}} {{contact.name}}', 'Maria Maria'],
    ['{{}} {{ }} { {contact.name}} {{contact name}}', '{{}} {{ }} { {contact.name}} {{contact name}}'],
  ])('%s → %s', (text, filled) => {
    expect(fillVariables(text, { 'contact.name': ' Maria ', 'contact.phone': null })).toBe(filled);
  });

  it('names what is still open, each once', () => {
    expect(missingVariables('{{order.id}} of {{ order.id }}, {{eta|soon}}')).toEqual(['order.id', 'eta']);
    expect(missingVariables('a {single} brace')).toEqual([]);
  });

  it('leaves nothing open where every value is known, and never fails', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (text, value) => {
        const names = missingVariables(text);
        const filled = fillVariables(text, Object.fromEntries(names.map((name) => [name.toLowerCase(), `x${value}`])));
        const isValueInnocent = !value.includes('{') && !value.includes('}');
        if (isValueInnocent && names.length === 0) expect(filled).toBe(text);
      }),
    );
  });

  it('fills every one of any list', () => {
    const name = fc.stringMatching(/^[a-z][a-z_.]{0,12}$/);
    fc.assert(
      fc.property(fc.array(name, { minLength: 1 }), (names) => {
        const text = names.map((one) => `{{${one}}}`).join(' and ');
        const values = Object.fromEntries(names.map((one) => [one, 'v']));
        expect(fillVariables(text, values)).toBe(names.map(() => 'v').join(' and '));
        expect(missingVariables(text).sort()).toEqual([...new Set(names)].sort());
      }),
    );
  });
});
