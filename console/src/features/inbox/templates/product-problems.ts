import type { TemplateFault } from '@parley/contract/template-text';
import type { FieldProblem, Problems } from '../components/offers/offer-draft.js';

const KEYS: Readonly<Partial<Record<TemplateFault['problem'], FieldProblem['key']>>> = {
  missing: 'empty',
  too_long: 'over',
  too_many: 'products',
};

/**
 * What is wrong with the products of a template, by the paths that fields of products know. Too many products are those of
 * the last of `sections`.
 */
export function productProblems(faults: readonly TemplateFault[], sections: number): Problems {
  const found = new Map<string, FieldProblem>();
  for (const { path, problem, over } of faults) {
    const key = KEYS[problem];
    const place = fieldOf(path, sections);
    if (key && place && !found.has(place)) found.set(place, { key, ...(over !== undefined && { n: over }) });
  }
  return found;
}

function fieldOf(path: string, sections: number): string | null {
  if (path === 'products') return `productSections.${sections - 1}.products`;
  const [, index, part] = /^products\.sections\.(\d+)\.(\w+)$/.exec(path) ?? [];
  if (index !== undefined) return `productSections.${index}.${part === 'title' ? part : 'products'}`;
  return path.endsWith('.coverId') || path.includes('.product.') ? path : null;
}
