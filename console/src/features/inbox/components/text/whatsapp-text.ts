import { findLinks } from './links.js';

/** A piece of a line. `mono` may hold line breaks, all else stands within one line. */
export type Inline =
  | { type: 'text'; text: string }
  | { type: 'bold' | 'italic' | 'strike'; children: Inline[] }
  | { type: 'mono' | 'code'; text: string }
  | { type: 'link'; href: string; text: string };

/** A run of lines of one kind. */
export type Block =
  | { type: 'lines'; lines: Inline[][] }
  | { type: 'quote'; lines: Inline[][] }
  | { type: 'list'; ordered: boolean; start: number; items: Inline[][] };

/** What no mark may cut through: links, code and monospace. */
interface Atom {
  start: number;
  end: number;
  node: Inline;
}

const MARKS: Record<string, 'bold' | 'italic' | 'strike'> = { '*': 'bold', _: 'italic', '~': 'strike' };
const wordCharacter = /[\p{L}\p{N}]/u;

/** What a mark, a list, a quote, code, another line or a link cannot do without: most of what is written has none of it. */
const SPECIAL = /[*_~`\n@/]|[.:]\S|^[->\d]/u;

/**
 * WhatsApp's own formatting as data: `*b*`, `_i_`, `~s~`, `` `code` ``, ```` ```mono``` ````, `> quote`, `- ` and `1. `
 * lists, and links. A mark counts only at the edge of a word, within its line, and with its partner; every other one
 * is the character it is. Nothing here is HTML, so nothing a customer writes can become it.
 */
export function parseWhatsAppText(body: string): Block[] {
  if (body !== '' && !SPECIAL.test(body)) return [{ type: 'lines', lines: [[{ type: 'text', text: body }]] }];
  const atoms = findAtoms(body);
  const blocks: Block[] = [];
  for (const [start, end] of lineRanges(body, atoms)) appendLine(blocks, body, start, end, atoms);
  return blocks;
}

/** The words without their marks, on one line: for previews. */
export function plainText(body: string): string {
  const flat = (nodes: Inline[]): string =>
    nodes.map((node) => ('children' in node ? flat(node.children) : node.text)).join('');
  return parseWhatsAppText(body)
    .flatMap((block) => (block.type === 'list' ? block.items : block.lines))
    .map(flat)
    .join(' ')
    .replace(/\s+/gu, ' ')
    .trim();
}

/** One to three emoji and nothing else: shown large. */
export function isEmojiOnly(body: string): boolean {
  const text = body.trim();
  if (text === '' || text.length > 40 || /[\p{L}\p{N}]/u.test(text)) return false;
  const graphemes = [...new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text)].map(
    ({ segment }) => segment,
  );
  return graphemes.length <= 3 && graphemes.every((grapheme) => /\p{Extended_Pictographic}|\p{RI}{2}/u.test(grapheme));
}

function findAtoms(body: string): Atom[] {
  const atoms: Atom[] = [];
  const claim = (atom: Atom): void => {
    if (!atoms.some((other) => atom.start < other.end && other.start < atom.end)) atoms.push(atom);
  };
  for (const match of body.matchAll(/```(?!`)([\s\S]+?)```/gu)) {
    const text = (match[1] ?? '').replace(/^\n|\n$/gu, '');
    if (text.trim() !== '') claim({ ...rangeOf(match), node: { type: 'mono', text } });
  }
  for (const match of body.matchAll(/`([^`\n]+)`/gu)) {
    if (match[1]?.trim()) claim({ ...rangeOf(match), node: { type: 'code', text: match[1] } });
  }
  for (const { start, end, href, shown } of findLinks(body)) {
    claim({ start, end, node: { type: 'link', href, text: shown } });
  }
  return atoms.sort((a, b) => a.start - b.start);
}

function rangeOf(match: RegExpMatchArray): { start: number; end: number } {
  const start = match.index ?? 0;
  return { start, end: start + match[0].length };
}

function* lineRanges(body: string, atoms: readonly Atom[]): Generator<[number, number]> {
  let start = 0;
  for (let at = 0; at <= body.length; at += 1) {
    const atom = atoms.find((candidate) => candidate.start === at);
    if (atom) at = atom.end;
    if (at >= body.length || body[at] === '\n') {
      yield [start, Math.min(at, body.length)];
      start = at + 1;
    }
  }
}

function appendLine(blocks: Block[], body: string, start: number, end: number, atoms: readonly Atom[]): void {
  const line = body.slice(start, end);
  const last = blocks.at(-1);
  const quote = /^> ?(?=\S)/u.exec(line);
  const bullet = /^[-*] +(?=\S)/u.exec(line);
  const numbered = /^(\d{1,3})\. +(?=\S)/u.exec(line);
  const inline = (prefix: string): Inline[] => parseInline(body, start + prefix.length, end, atoms);

  if (quote) {
    if (last?.type === 'quote') last.lines.push(inline(quote[0]));
    else blocks.push({ type: 'quote', lines: [inline(quote[0])] });
    return;
  }
  const marker = bullet ?? numbered;
  if (marker) {
    const ordered = numbered !== null;
    if (last?.type === 'list' && last.ordered === ordered) last.items.push(inline(marker[0]));
    else blocks.push({ type: 'list', ordered, start: Number(numbered?.[1] ?? 1), items: [inline(marker[0])] });
    return;
  }
  if (last?.type === 'lines') last.lines.push(inline(''));
  else blocks.push({ type: 'lines', lines: [inline('')] });
}

function parseInline(body: string, start: number, end: number, atoms: readonly Atom[]): Inline[] {
  const nodes: Inline[] = [];
  const hopeless = new Set<string>(); // marks that have no partner in the rest of this range: not looked for again
  let plainFrom = start;
  const flush = (until: number): void => {
    if (until > plainFrom) nodes.push({ type: 'text', text: body.slice(plainFrom, until) });
  };

  for (let at = start; at < end;) {
    const atom = atoms.find((candidate) => candidate.start === at);
    if (atom && atom.end <= end) {
      flush(at);
      nodes.push(atom.node);
      at = plainFrom = atom.end;
      continue;
    }
    const mark = body.charAt(at);
    const type = MARKS[mark];
    if (type && !hopeless.has(mark) && opensAt(body, at, start, end)) {
      const close = findClose(body, mark, at, end, atoms);
      if (close === -1) hopeless.add(mark);
      else {
        flush(at);
        nodes.push({ type, children: parseInline(body, at + 1, close, atoms) });
        at = plainFrom = close + 1;
        continue;
      }
    }
    at += 1;
  }
  flush(end);
  return nodes;
}

function opensAt(body: string, at: number, start: number, end: number): boolean {
  const before = at > start ? body.charAt(at - 1) : '';
  const after = at + 1 < end ? body.charAt(at + 1) : '';
  return !wordCharacter.test(before) && before !== body[at] && after !== '' && after !== body[at] && !/\s/u.test(after);
}

function findClose(body: string, mark: string, open: number, end: number, atoms: readonly Atom[]): number {
  for (let at = open + 1; at < end; at += 1) {
    const atom = atoms.find((candidate) => candidate.start === at);
    if (atom) at = atom.end;
    if (at >= end) return -1;
    if (body[at] !== mark || at < open + 2) continue;
    const after = at + 1 < end ? body.charAt(at + 1) : '';
    if (!/\s/u.test(body.charAt(at - 1)) && !wordCharacter.test(after) && after !== mark) return at;
  }
  return -1;
}
