import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { arabicPluralForm, initialLocale } from './index.js';

type Tree = { [key: string]: string | Tree };

const here = import.meta.dirname;
const read = (locale: string): Tree => ({
  ...(JSON.parse(readFileSync(join(here, `locales/${locale}/app.json`), 'utf8')) as Tree),
  ...(JSON.parse(readFileSync(join(here, `locales/${locale}/ui.json`), 'utf8')) as Tree),
});
const flatten = (tree: Tree, prefix = ''): [string, string][] =>
  Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [[prefix + key, value] as [string, string]] : flatten(value, `${prefix}${key}.`),
  );
const placeholders = (text: string): string[] => [...new Set(text.match(/\{\w+\}/g))].sort();

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return /(?<!\.spec)\.(?:ts|vue)$/u.test(entry.name) ? [readFileSync(path, 'utf8')] : [];
  });
}

describe('texts', () => {
  const english = new Map(flatten(read('en')));
  const arabic = new Map(flatten(read('ar')));

  it('says everything in every language', () => {
    expect([...arabic.keys()].sort()).toEqual([...english.keys()].sort());
  });

  it('fills in the same values in every language', () => {
    for (const [key, text] of english) {
      const named = placeholders(text).filter((name) => name !== '{n}');
      expect(
        placeholders(arabic.get(key) ?? '').filter((name) => name !== '{n}'),
        key,
      ).toEqual(named);
    }
  });

  it('has every text that the sources ask for by name', () => {
    const asked = sources(join(here, '..')).flatMap((text) =>
      [...text.matchAll(/\bt\(\s*'([\w.]+)'/gu)].map(([, key]) => key ?? ''),
    );
    expect(asked.length).toBeGreaterThan(50);
    expect(asked.filter((key) => !english.has(key))).toEqual([]);
  });
});

describe('languages', () => {
  it('starts with the remembered one, else the first that the browser knows, else English', () => {
    expect(initialLocale('ar', ['en-GB'])).toBe('ar');
    expect(initialLocale('xx', ['fr-FR', 'ar-EG'])).toBe('ar');
    expect(initialLocale(null, ['fr'])).toBe('en');
  });

  it('picks the Arabic form for a number', () => {
    expect([0, 1, 2, 3, 11, 100].map((n) => arabicPluralForm(n, 6))).toEqual([0, 1, 2, 3, 4, 5]);
    expect(arabicPluralForm(11, 2)).toBe(1);
  });
});
