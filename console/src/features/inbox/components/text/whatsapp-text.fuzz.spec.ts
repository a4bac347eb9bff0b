import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseWhatsAppText, plainText, type Block, type Inline } from './whatsapp-text.js';

/** Much that means something, so that marks meet marks. */
const piece = fc.oneof(
  fc.constantFrom(
    '*',
    '_',
    '~',
    '`',
    '```',
    '> ',
    '- ',
    '1. ',
    '\n',
    ' ',
    'https://a.example/x_y',
    'a@b.example',
    '👍🏽',
  ),
  fc.constantFrom('word', 'كلمة', '日本', 'é', '<b>', '&amp;', '\0', '\u202e', '\ud800'),
  fc.string({ unit: 'binary', maxLength: 6 }),
);
const body = fc.array(piece, { maxLength: 60 }).map((parts) => parts.join(''));

const wordsOf = (nodes: readonly Inline[]): string =>
  nodes.map((node) => ('children' in node ? wordsOf(node.children) : node.text)).join('');
const linesOf = (block: Block): Inline[][] => (block.type === 'list' ? block.items : block.lines);
/** What is neither a mark nor a space: none of it may get lost, and none may be invented. */
const essence = (text: string): string => text.replace(/[*_~`>\-\s\d.]/gu, '');

describe('WhatsApp formatting of anything at all', () => {
  it('never fails and keeps every character that is no mark, in order', () => {
    fc.assert(
      fc.property(body, (text) => {
        const shown = parseWhatsAppText(text).flatMap(linesOf).map(wordsOf).join('');
        expect(essence(shown)).toBe(essence(text));
      }),
      { numRuns: 400 },
    );
  });

  it('makes no line of a preview', () => {
    fc.assert(
      fc.property(body, (text) => {
        expect(plainText(text)).not.toMatch(/[\n\r]/u);
      }),
    );
  });

  it('reads a text full of unclosed marks in reasonable steps', () => {
    const text = '*a _b ~c '.repeat(400);
    expect(parseWhatsAppText(text).flatMap(linesOf).map(wordsOf).join('')).toBe(text);
  });
});
