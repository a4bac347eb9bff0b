import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { TellsComponent, TemplateChange, TemplateNews } from './template-change.js';
import type { ReadTemplate, TemplateRow } from './template.row.js';

const isLater = (at: Date, known: Date | null): boolean => known === null || at > known;
const isNotEarlier = (at: Date, known: Date | null): boolean => known === null || at >= known;

const blank = ({ businessAccountId, id, name, language, at }: TemplateChange & { id: string }): TemplateRow => ({
  businessAccountId,
  id,
  name,
  language,
  category: 'unknown',
  upcomingCategory: null,
  upcomingCategoryAt: null,
  status: 'unknown',
  statusReason: null,
  statusDetail: null,
  quality: 'unknown',
  parameterFormat: 'positional',
  components: null,
  statusAt: null,
  qualityAt: null,
  categoryAt: null,
  componentsAt: null,
  toldAtOnce: {},
  updatedAt: at,
});

/**
 * What the template is after a webhook's news; null when it says nothing new, or is older than what is known. Of one
 * second the later arrival counts, unless it repeats what was told within it before.
 */
export function withChange(before: TemplateRow | null, change: TemplateChange & { id: string }): TemplateRow | null {
  const known = before ?? blank(change);
  const toldAtOnce = noted(known, change);
  const after = changed(known, change);
  return toldAtOnce === null || after === before ? null : { ...after, toldAtOnce };
}

/** Everything that was told in the second of this news; null when it was before, or something newer is known. */
function noted({ toldAtOnce }: TemplateRow, { at, news }: TemplateChange): TemplateRow['toldAtOnce'] | null {
  const last = toldAtOnce[news.part];
  const second = at.toISOString();
  if (last && second < last.at) return null;
  const told = last?.at === second ? last.told : [];
  const words = wordsOf(news);
  return told.includes(words) ? null : { ...toldAtOnce, [news.part]: { at: second, told: [...told, words] } };
}

/** Of components no more than whether they are the same matters, and they are long. */
const wordsOf = (news: TemplateNews): string =>
  news.part === 'components'
    ? createHash('sha256').update(JSON.stringify(news)).digest('base64url')
    : JSON.stringify(news);

function changed(known: TemplateRow, { at, news }: TemplateChange): TemplateRow {
  switch (news.part) {
    case 'status': {
      if (!isNotEarlier(at, known.statusAt)) return known;
      const { status, reason: statusReason, detail: statusDetail } = news;
      const after = { ...known, status, statusReason, statusDetail, statusAt: at };
      return news.category !== null && isLater(at, known.categoryAt)
        ? { ...after, category: news.category, categoryAt: at }
        : after;
    }
    case 'quality':
      return isNotEarlier(at, known.qualityAt) ? { ...known, quality: news.quality, qualityAt: at } : known;
    case 'category':
      if (!isNotEarlier(at, known.categoryAt)) return known;
      return { ...known, category: news.category, upcomingCategory: null, upcomingCategoryAt: null, categoryAt: at };
    case 'upcoming':
      // Of the same time as a change that is done: the change is what counts.
      if (!isLater(at, known.categoryAt) || news.category === known.category) return known;
      return { ...known, upcomingCategory: news.category, upcomingCategoryAt: news.from };
    case 'components':
      if (!isNotEarlier(at, known.componentsAt)) return known;
      return { ...known, components: withTold(known.components ?? [], news.components), componentsAt: at };
  }
}

/** What the webhook tells in the place of what was read; a picture in the header and what it does not name stay. */
function withTold(known: readonly unknown[], told: readonly TellsComponent[]): unknown[] {
  const typeOf = (component: unknown) => String((component as { type?: unknown } | null)?.type).toUpperCase();
  const isKept = (component: unknown): boolean => {
    const replaced = told.find(({ type }) => type === typeOf(component));
    if (!replaced) return true;
    const { format } = component as { format?: unknown };
    return replaced.type === 'HEADER' && typeof format === 'string' && format.toUpperCase() !== 'TEXT';
  };
  const kept = known.filter(isKept);
  const hasHeader = kept.some((component) => typeOf(component) === 'HEADER');
  return [...kept, ...told.filter(({ type }) => !(type === 'HEADER' && hasHeader))];
}

/** What the template is after it was read; `asOf` is the time for which the reading holds. Null when nothing is new. */
export function withReading(
  before: TemplateRow | null,
  businessAccountId: string,
  read: ReadTemplate,
  asOf: Date,
): TemplateRow | null {
  const known =
    before ??
    blank({ kind: 'template', businessAccountId, ...read, at: asOf, news: { part: 'quality', quality: 'unknown' } });
  const { name, language, parameterFormat, components } = read;
  const after: TemplateRow = { ...known, name, language, parameterFormat };
  if (isNotEarlier(asOf, known.statusAt)) {
    after.status = read.status;
    after.statusReason = read.statusReason;
    if (read.status !== known.status) after.statusDetail = null;
  }
  if (isNotEarlier(asOf, known.qualityAt)) after.quality = read.quality;
  if (isNotEarlier(asOf, known.categoryAt)) {
    after.category = read.category;
    // A webhook that named a time knows more than the list does.
    if (known.upcomingCategoryAt === null || known.upcomingCategoryAt <= asOf) {
      after.upcomingCategory = read.upcomingCategory;
      after.upcomingCategoryAt = null;
    }
  }
  if (isNotEarlier(asOf, known.componentsAt)) after.components = components;
  return before !== null && isDeepStrictEqual(before, after) ? null : after;
}
