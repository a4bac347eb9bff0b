import { describe, expect, it } from 'vitest';
import { formsOf, otherForm } from './phone-forms.js';

describe('the two forms of a number', () => {
  it.each([
    ['Brazil', '5511987654321', '551187654321'],
    ['Argentina', '5491143215678', '541143215678'],
    ['Mexico', '5215512345678', '525512345678'],
  ])('of a mobile in %s', (_country, one, other) => {
    expect(otherForm(one)).toBe(other);
    expect(otherForm(other)).toBe(one);
    expect(formsOf(one)).toEqual([one, other]);
  });

  it.each([
    ['a landline in Brazil', '551132165478'],
    ['a Brazilian mobile whose eight digits would be a landline', '5511954321098'],
    ['a number of another country', '12065550142'],
    ['one that is too short', '55119876'],
    ['one that is too long', '52155123456789'],
  ])('are not there for %s', (_what, digits) => {
    expect(otherForm(digits)).toBeNull();
    expect(formsOf(digits)).toEqual([digits]);
  });
});
