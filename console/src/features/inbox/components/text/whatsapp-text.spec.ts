import { describe, expect, it } from 'vitest';
import { isEmojiOnly, parseWhatsAppText, plainText, type Block, type Inline } from './whatsapp-text.js';

/** A parse written small: <b>, <i>, <s>, <c>, <m>, <a>, one line per block line. */
function sketch(body: string): string {
  return parseWhatsAppText(body)
    .map((block: Block) => {
      if (block.type === 'list') {
        const tag = block.ordered ? `ol${block.start}` : 'ul';
        return `${tag}[${block.items.map(inline).join('|')}]`;
      }
      const lines = block.lines.map(inline).join('|');
      return block.type === 'quote' ? `q[${lines}]` : lines;
    })
    .join(' ');
}
const tags = { bold: 'b', italic: 'i', strike: 's', code: 'c', mono: 'm' };
function inline(nodes: Inline[]): string {
  return nodes
    .map((node) => {
      if (node.type === 'text') return node.text;
      if (node.type === 'link') return `<a ${node.href}>${node.text}</a>`;
      const inner = 'children' in node ? inline(node.children) : node.text;
      return `<${tags[node.type]}>${inner}</${tags[node.type]}>`;
    })
    .join('');
}

describe('WhatsApp formatting', () => {
  it.each([
    ['plain', 'plain'],
    ['', ''],
    ['*bold*', '<b>bold</b>'],
    ['_italic_', '<i>italic</i>'],
    ['~struck~', '<s>struck</s>'],
    ['`code`', '<c>code</c>'],
    ['```mono```', '<m>mono</m>'],
    ['a *b* c _d_ e', 'a <b>b</b> c <i>d</i> e'],
    ['*two words*', '<b>two words</b>'],
    ['*_both_*', '<b><i>both</i></b>'],
    ['*a _b ~c~ b_ a*', '<b>a <i>b <s>c</s> b</i> a</b>'],
    ['*unclosed', '*unclosed'],
    ['unopened*', 'unopened*'],
    ['* not bold*', 'ul[not bold*]'],
    ['*not bold *', '*not bold *'],
    ['2*3*4', '2*3*4'],
    ['snake_case_name', 'snake_case_name'],
    ['(*bold*)', '(<b>bold</b>)'],
    ['*bold*, then', '<b>bold</b>, then'],
    ['*bold*er', '*bold*er'],
    ['**', '**'],
    ['***', '***'],
    ['*a**b*', '<b>a**b</b>'],
    ['*one\ntwo*', '*one|two*'],
    ['*a* *b*', '<b>a</b> <b>b</b>'],
    ['*a*b c*', '<b>a*b c</b>'],
    ['`*raw*`', '<c>*raw*</c>'],
    ['```*raw*\n_lines_```', '<m>*raw*\n_lines_</m>'],
    ['before ```a\nb``` after', 'before <m>a\nb</m> after'],
    ['```unclosed', '```unclosed'],
    ['> quoted *word*', 'q[quoted <b>word</b>]'],
    ['> one\n> two\nthree', 'q[one|two] three'],
    ['2 > 1', '2 > 1'],
    ['- one\n- two', 'ul[one|two]'],
    ['1. one\n2. two', 'ol1[one|two]'],
    ['7. seven', 'ol7[seven]'],
    ['-not a list', '-not a list'],
    ['*مرحبا* بك', '<b>مرحبا</b> بك'],
    ['*👍*', '<b>👍</b>'],
    ['<b>html</b> & <script>', '<b>html</b> & <script>'],
    ['https://a.example/x_y_z', '<a https://a.example/x_y_z>https://a.example/x_y_z</a>'],
    ['see example.com/a_b_.', 'see <a http://example.com/a_b_>example.com/a_b_</a>.'],
    ['*https://a.example*', '<b><a https://a.example/>https://a.example</a></b>'],
    ['mail me@b.example', 'mail <a mailto:me@b.example>me@b.example</a>'],
    ['javascript:alert(1)', 'javascript:alert(1)'],
    ['ftp://a.example', 'ftp://a.example'],
    ['*b https://a.example/*x* c*', '<b>b <a https://a.example/*x*>https://a.example/*x*</a> c</b>'],
  ])('%j', (body, expected) => {
    expect(sketch(body)).toBe(expected);
  });

  it('shows a host that mixes scripts as what it is', () => {
    const [block] = parseWhatsAppText('https://\u0430pple.com/login');
    expect(JSON.stringify(block)).toContain('"text":"https://xn--pple-43d.com/login"');
  });

  it('stays fast on a text made to be slow', () => {
    for (const piece of ['*a ', '_*~a ', '`', '```', '> ', '((((']) {
      const body = piece.repeat(Math.floor(4_096 / piece.length));
      expect(plainText(body).length).toBeLessThanOrEqual(body.length);
    }
  });
});

describe('plain text of a message', () => {
  it('drops marks and line breaks', () => {
    expect(plainText('*Hello*\n> _there_\n- you')).toBe('Hello there you');
  });
});

describe('emoji alone', () => {
  it.each([
    ['👍', true],
    ['👍🏽👍🏽👍🏽', true],
    ['🇵🇹', true],
    ['👨‍👩‍👧', true],
    ['👍👍👍👍', false],
    ['ok 👍', false],
    ['1', false],
    ['', false],
    ['?!', false],
  ])('%j: %s', (body, expected) => {
    expect(isEmojiOnly(body)).toBe(expected);
  });
});
