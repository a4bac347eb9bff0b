import type { TemplateStatus } from '@parley/contract';
import { isDeepStrictEqual } from 'node:util';
import type { TellsComponent, TemplateChange } from './template-change.js';
import type { ReadTemplate, TemplateRow } from './template.row.js';

/** Of two reports of the same second the one further down stands: so every order of them ends alike. */
const LADDER: readonly TemplateStatus[] = [
  'unknown',
  'pending',
  'in_appeal',
  'approved',
  'limit_exceeded',
  'locked',
  'paused',
  'rejected',
  'archived',
  'disabled',
  'pending_deletion',
  'deleted',
];

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
  updatedAt: at,
});

/** What the template is after a webhook's news; null when it says nothing new, or is older than what is known. */
export function withChange(before: TemplateRow | null, change: TemplateChange & { id: string }): TemplateRow | null {
  const known = before ?? blank(change);
  const after = changed(known, change);
  return before !== null && isDeepStrictEqual(before, after) ? null : after;
}

function changed(known: TemplateRow, { at, news }: TemplateChange): TemplateRow {
  switch (news.part) {
    case 'status': {
      const isSameSecond = known.statusAt !== null && at.getTime() === known.statusAt.getTime();
      const isOvertaken = isSameSecond && LADDER.indexOf(news.status) < LADDER.indexOf(known.status);
      if (!isNotEarlier(at, known.statusAt) || isOvertaken) return known;
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
