import { LinkifyIt } from 'linkify-it';

/** A link found in a text; `shown` differs from the text only where the text could deceive. */
export interface FoundLink {
  start: number;
  end: number;
  href: string;
  shown: string;
}

const linkify = new LinkifyIt({ fuzzyLink: true, fuzzyEmail: true });
const allowedProtocols = new Set(['http:', 'https:', 'mailto:']);
const FORMAT_MARKS = '*_~';

/** The web and e-mail addresses in a text, in order. Anything but http, https and mailto stays text. */
export function findLinks(text: string): FoundLink[] {
  return (linkify.match(text) ?? []).flatMap((match) => {
    const { start, end } = withoutClosingMark(text, match.index, match.lastIndex);
    const raw = text.slice(start, end);
    const cut = match.lastIndex - end;
    const href = safeHref(cut === 0 ? match.url : match.url.slice(0, -cut));
    return href ? [{ start, end, href: href.href, shown: honestText(raw, href) }] : [];
  });
}

/** `*https://a.example*` is a bold link, not a link that ends in a star. */
function withoutClosingMark(text: string, start: number, end: number): { start: number; end: number } {
  const before = text.charAt(start - 1);
  const isMarked = before !== '' && FORMAT_MARKS.includes(before) && text.charAt(end - 1) === before;
  return { start, end: isMarked ? end - 1 : end };
}

function safeHref(url: string): URL | null {
  const parsed = URL.parse(url);
  return parsed && allowedProtocols.has(parsed.protocol) ? parsed : null;
}

/** A host that mixes scripts (`аpple.com` with a Cyrillic a) is shown as the punycode it really is. */
function honestText(raw: string, href: URL): string {
  const host = /^(?:https?:\/\/)?([^/?#]*)/iu.exec(raw)?.[1] ?? '';
  const scripts = [/\p{Script=Latin}/u, /\p{Script=Cyrillic}/u, /\p{Script=Greek}/u, /\p{Script=Armenian}/u];
  const labels = href.protocol === 'mailto:' ? [] : host.split('.').slice(0, -1);
  const mixes = labels.some((label) => scripts.filter((script) => script.test(label)).length > 1);
  return mixes ? href.href : raw;
}
