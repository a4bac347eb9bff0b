import { z } from '@parley/contract';
import { toStorable } from '../common/storable.js';
import type { ReadTemplate } from './template.row.js';
import { categoryOf, languageOf, qualityOf, statusOf } from './template-words.js';

/** What is asked of each template (Meta: message templates, fields). */
export const TEMPLATE_FIELDS = [
  'id',
  'name',
  'language',
  'status',
  'category',
  'correct_category',
  'components',
  'parameter_format',
  'quality_score',
  'rejected_reason',
].join(',');

const MAX_DEPTH = 12;

const word = z.string().nullish().catch(null);
const templateSchema = z.object({
  id: z.union([z.string().min(1).max(200), z.number().int().transform(String)]),
  name: z.string().min(1).max(512),
  language: z.string().min(1).max(32),
  status: word,
  category: word,
  correct_category: word,
  components: z.array(z.unknown()).catch([]),
  parameter_format: word,
  quality_score: z.union([z.object({ score: word }), word]).catch(null),
  rejected_reason: word,
});
const pageSchema = z.object({
  data: z.array(z.unknown()),
  paging: z
    .object({
      next: z.string().optional().catch(undefined),
      cursors: z
        .object({ after: z.string().max(4_096) })
        .optional()
        .catch(undefined),
    })
    .optional()
    .catch(undefined),
});

export interface TemplatePage {
  templates: ReadTemplate[];
  /** Where the next page begins; null = this is the last. */
  after: string | null;
}

/** A page as Graph answers it; null when it is none. Entries that are no templates are passed over. */
export function readPage(body: unknown): TemplatePage | null {
  const page = pageSchema.safeParse(body).data;
  if (!page) return null;
  const templates = page.data.flatMap((entry) => {
    const read = templateSchema.safeParse(storable(entry)).data;
    return read ? [toRead(read)] : [];
  });
  // The address in `next` is never followed: it could name another host, and the token goes along.
  const after = page.paging?.next === undefined ? null : (page.paging.cursors?.after ?? null);
  return { templates, after };
}

/** One template as Graph answers it by its id; null when it is none. */
export function readTemplate(body: unknown): ReadTemplate | null {
  const read = templateSchema.safeParse(storable(body)).data;
  return read ? toRead(read) : null;
}

function toRead(read: z.infer<typeof templateSchema>): ReadTemplate {
  const quality = typeof read.quality_score === 'string' ? read.quality_score : (read.quality_score?.score ?? null);
  const category = categoryOf(read.category ?? null) ?? 'unknown';
  const correct = categoryOf(read.correct_category ?? null);
  return {
    id: read.id,
    name: read.name,
    language: languageOf(read.language),
    category,
    upcomingCategory: correct === category ? null : correct,
    status: statusOf(read.status ?? null),
    statusReason: read.rejected_reason && read.rejected_reason !== 'NONE' ? read.rejected_reason : null,
    quality: qualityOf(quality),
    parameterFormat: read.parameter_format?.toUpperCase() === 'NAMED' ? 'named' : 'positional',
    components: read.components,
  };
}

/** As PostgreSQL can hold it: no U+0000 and no half of a surrogate pair, and not deeper than any template is. */
function storable(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return toStorable(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) return null;
  if (Array.isArray(value)) return value.map((entry) => storable(entry, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [storable(key) as string, storable(entry, depth + 1)]),
  );
}
