import { describe, expect, it } from 'vitest';
import type { TemplateChange, TemplateNews } from './template-change.js';
import { withChange, withReading } from './template-merging.js';
import type { ReadTemplate, TemplateRow } from './template.row.js';

const at = (seconds: number) => new Date(1_795_000_000_000 + seconds * 1_000);
const change = (seconds: number, news: TemplateNews): TemplateChange & { id: string } => ({
  kind: 'template',
  businessAccountId: 'w',
  id: '1',
  name: 'pickup_ready',
  language: 'en_US',
  at: at(seconds),
  news,
});
const status = (seconds: number, word: TemplateRow['status']) =>
  change(seconds, { part: 'status', status: word, category: null, reason: null, detail: null });
const read: ReadTemplate = {
  id: '1',
  name: 'pickup_ready',
  language: 'en_US',
  category: 'utility',
  upcomingCategory: null,
  status: 'approved',
  statusReason: null,
  quality: 'green',
  parameterFormat: 'positional',
  components: [{ type: 'BODY', text: 'Hi {{1}}' }],
};
const after = (...changes: (TemplateChange & { id: string })[]): TemplateRow | null => {
  let row: TemplateRow | null = null;
  for (const one of changes) row = withChange(row, one) ?? row;
  return row;
};

describe('a template', () => {
  it('stands as the newest report says, in whatever order they come', () => {
    const reports = [status(1, 'pending'), status(2, 'approved'), status(3, 'paused')];
    for (const order of [reports, [...reports].reverse(), [...reports, ...reports]]) {
      expect(after(...order)?.status).toBe('paused');
    }
  });

  it('stands as the later of two reports of one second says, and is not set back by a repetition of the first', () => {
    const [paused, approved] = [status(1, 'paused'), status(1, 'approved')];
    expect(after(paused, approved)?.status).toBe('approved');
    expect(after(approved, paused)?.status).toBe('paused');
    expect(after(paused, approved, paused, approved, paused)?.status).toBe('approved');
    expect(withChange(after(paused, approved), paused)).toBeNull();
  });

  it.each([
    ['quality', [change(1, { part: 'quality', quality: 'red' }), change(1, { part: 'quality', quality: 'green' })]],
    [
      'category',
      [change(1, { part: 'category', category: 'utility' }), change(1, { part: 'category', category: 'marketing' })],
    ],
    [
      'components',
      ['Hi', 'Hello'].map((text) => change(1, { part: 'components', components: [{ type: 'BODY', text }] })),
    ],
  ] as const)('is the same of its %s', (part, [first, second]) => {
    expect(after(first, second, first)?.[part]).toEqual(after(second)?.[part]);
    expect(after(second, first, second)?.[part]).toEqual(after(first)?.[part]);
  });

  it('is announced as the newest announcement says, in whatever order they come', () => {
    const known = withReading(null, 'w', read, at(0));
    const told = (seconds: number, category: TemplateRow['category']) =>
      change(seconds, { part: 'upcoming', category, from: null });
    const [older, newer] = [told(1, 'authentication'), told(2, 'marketing')];
    const announced = withChange(known, newer);
    expect(announced?.upcomingCategory).toBe('marketing');
    expect(withChange(announced, older)).toBeNull();
  });

  it('is not written again for what is known', () => {
    const row = after(status(1, 'paused'));
    expect(withChange(row, status(1, 'paused'))).toBeNull();
  });

  it('keeps its category while a change is only announced, and forgets the announcement once it is done', () => {
    const announced = change(1, { part: 'upcoming', category: 'marketing', from: at(86_400) });
    const known = withReading(null, 'w', read, at(0));
    const impending = withChange(known, announced);
    expect(impending).toMatchObject({ category: 'utility', upcomingCategory: 'marketing' });
    const done = withChange(impending, change(2, { part: 'category', category: 'marketing' }));
    expect(done).toMatchObject({ category: 'marketing', upcomingCategory: null, upcomingCategoryAt: null });
    expect(withChange(done, announced)).toBeNull();
  });

  it('is not set back by a reading that is older than a webhook', () => {
    const known = withReading(null, 'w', read, at(0));
    const paused = withChange(known, status(10, 'paused'));
    expect(withReading(paused, 'w', { ...read, quality: 'red' }, at(5))).toMatchObject({
      status: 'paused',
      quality: 'red',
    });
    expect(withReading(paused, 'w', read, at(11))).toMatchObject({ status: 'approved' });
  });

  it('takes the words that a webhook tells, and keeps the picture of its header', () => {
    const header = { type: 'HEADER', format: 'IMAGE' };
    const known = withReading(null, 'w', { ...read, components: [header, ...read.components] }, at(0));
    const told = change(1, {
      part: 'components',
      components: [
        { type: 'HEADER', format: 'TEXT', text: 'Ready!' },
        { type: 'BODY', text: 'Hello {{1}}' },
      ],
    });
    expect(withChange(known, told)?.components).toEqual([header, { type: 'BODY', text: 'Hello {{1}}' }]);
  });
});
