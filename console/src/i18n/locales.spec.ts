import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { arabicPluralForm, initialLocale, locales, portuguesePluralForm, spanishPluralForm } from './index.js';

type Tree = { [key: string]: string | Tree };

const here = import.meta.dirname;
const flatten = (tree: Tree, prefix = ''): [string, string][] =>
  Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [[prefix + key, value] as [string, string]] : flatten(value, `${prefix}${key}.`),
  );
/** All files of a language together, as the console lays them over each other. */
const read = (locale: string): [string, string][] =>
  readdirSync(join(here, 'locales', locale)).flatMap((file) =>
    flatten(JSON.parse(readFileSync(join(here, 'locales', locale, file), 'utf8')) as Tree),
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
  const english = new Map(read('en'));
  const others = locales.filter(({ code }) => code !== 'en').map(({ code }) => code);

  it.each(others)('says everything in %s', (code) => {
    expect([...new Map(read(code)).keys()].sort()).toEqual([...english.keys()].sort());
  });

  it.each(others)('fills in the same values in %s', (code) => {
    const texts = new Map(read(code));
    for (const [key, text] of english) {
      const named = placeholders(text).filter((name) => name !== '{n}');
      expect(
        placeholders(texts.get(key) ?? '').filter((name) => name !== '{n}'),
        key,
      ).toEqual(named);
    }
  });

  it.each(others)('writes as many forms of a number in %s as its rule can choose from', (code) => {
    const known = code === 'ar' ? [2, 6] : [2, 3, 4];
    const texts = new Map(read(code));
    const counted = [...english].filter(([, text]) => text.includes(' | ')).map(([key]) => key);
    expect(counted.length).toBeGreaterThan(10);
    const wrong = [...texts].filter(
      ([key, text]) => text.includes(' | ') && !(counted.includes(key) && known.includes(text.split(' | ').length)),
    );
    expect(wrong).toEqual([]);
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
    expect(initialLocale(null, ['es-MX', 'en'])).toBe('es');
    expect(initialLocale(null, ['pt-PT', 'en'])).toBe('pt-BR');
  });

  it('picks the Arabic form for a number', () => {
    expect([0, 1, 2, 3, 11, 100].map((n) => arabicPluralForm(n, 6))).toEqual([0, 1, 2, 3, 4, 5]);
    expect(arabicPluralForm(11, 2)).toBe(1);
  });
  it('picks the Spanish form for a number', () => {
    expect([0, 1, 2, 1_000_000, 1_500_000].map((n) => spanishPluralForm(n, 3))).toEqual([2, 0, 2, 1, 2]);
    expect([0, 1, 2, 1_000_000].map((n) => spanishPluralForm(n, 2))).toEqual([1, 0, 1, 1]);
    expect([0, 1, 2, 1_000_000].map((n) => spanishPluralForm(n, 4))).toEqual([0, 1, 3, 2]);
  });

  it('picks the Brazilian form for a number, nothing being one', () => {
    expect([0, 1, 2, 1_000_000].map((n) => portuguesePluralForm(n, 3))).toEqual([0, 0, 2, 1]);
    expect([0, 1, 2, 1_000_000].map((n) => portuguesePluralForm(n, 4))).toEqual([0, 1, 3, 2]);
  });
});
