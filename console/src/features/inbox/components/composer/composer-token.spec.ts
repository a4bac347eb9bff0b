import { describe, expect, it } from 'vitest';
import { tokenAt } from './composer-token.js';

const at = (text: string, mode: 'reply' | 'note' = 'reply') => {
  const found = tokenAt(text, text.length, mode);
  return found && `${found.kind}:${found.query}@${String(found.start)}`;
};

describe('the word at the caret', () => {
  it.each([
    ['/', 'canned:@0'],
    ['/hel', 'canned:hel@0'],
    ['Dear Ana\n/hel', 'canned:hel@9'],
    ['see a/b', null],
    ['on 1/2', null],
    ['text /hel', null],
    ['/hello there', null],
    ['@Ben', null],
    [':smi', 'emoji:smi@0'],
    ['Thanks :thumb', 'emoji:thumb@7'],
    ['Thanks\n(:+1', 'emoji:+1@8'],
    [':flag_br', 'emoji:flag_br@0'],
    [':', null],
    [':s', null],
    ['at 10:30', null],
    ['at :30', null],
    ['at 10: 30', null],
    ['Note:smile', null],
    ['https://example.org', null],
    [':-) so', null],
    [':smile me', null],
    ['{{', 'variable:@0'],
    ['Hello {{cont', 'variable:cont@6'],
    ['Hello{{ contact.na', 'variable:contact.na@5'],
    ['Hello {{contact.name}}', null],
    ['Hello {', null],
    ['{{contact.name|there', null],
  ])('in a reply: %j → %s', (text, found) => {
    expect(at(text)).toBe(found);
  });

  it.each([
    ['@', 'mention:@0'],
    ['ask @Ben O', 'mention:Ben O@4'],
    ['(@ch', 'mention:ch@1'],
    ['mail@home', null],
    ['{{cont', null],
    ['/hel', 'canned:hel@0'],
  ])('in a note: %j → %s', (text, found) => {
    expect(at(text, 'note')).toBe(found);
  });

  it('does not take a long text’s slash for the beginning of the line', () => {
    expect(at(`${'x'.repeat(100)}/hel`)).toBeNull();
    expect(at(`${'x'.repeat(60)} ${'y'.repeat(36)}/he`)).toBeNull();
  });
});
