import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

/** The first schema: there was no version before it that could still be running. */
const FIRST_SCHEMA = /^179530000000[1-4]-/;

const REFUSED: [RegExp, string][] = [
  [/\bdrop\s+(table|column|type|view|function|sequence)\b/i, 'drops what the version before still uses'],
  [/\brename\s+(to|column|constraint|value)\b/i, 'renames what the version before still calls by its old name'],
  [/\balter\s+column\s+\S+\s+(set\s+data\s+)?type\b/i, 'changes a type under the version before'],
  [/\bset\s+not\s+null\b/i, 'demands what the version before does not write'],
  [/\btruncate\s+(?!on\b)/i, 'empties a table in a running installation'],
];

/** What in a migration's `up` the version before it could not live with, or would stand still for. */
function objections(source: string): string[] {
  const up = (source.split(/async down\(/)[0] ?? '').replace(/--.*$/gm, '');
  const found = REFUSED.filter(([pattern]) => pattern.test(up)).map(([, why]) => why);
  for (const [added = ''] of up.matchAll(/\badd\s+column\b[^;,]*/gi)) {
    if (/\bnot\s+null\b/i.test(added) && !/\b(default|generated)\b/i.test(added)) {
      found.push('adds a column that the version before does not fill');
    }
  }
  const made = new Set([...up.matchAll(/\bcreate\s+table\s+(?:if\s+not\s+exists\s+)?(\w+)/gi)].map(([, name]) => name));
  for (const [, how = '', table] of up.matchAll(
    /\bcreate\s+(?:unique\s+)?index\s+(concurrently\b)?[^;]*?\bon\s+(\w+)/gi,
  )) {
    if (how === '' && !made.has(table)) found.push(`stops all writing to ${table ?? ''} while it builds an index`);
  }
  return found;
}

describe('a migration', () => {
  const files = readdirSync(import.meta.dirname).filter((name) => /^\d+-.*\.ts$/.test(name));
  const later = files.filter((name) => !FIRST_SCHEMA.test(name));

  it('of the first schema is there', () => {
    expect(files.length - later.length).toBe(4);
  });

  it('leaves a schema on which the version before it can run', () => {
    const refused = later.map((name) => [name, objections(readFileSync(join(import.meta.dirname, name), 'utf8'))]);
    expect(refused.filter(([, why]) => why?.length)).toEqual([]);
  });

  it.each([
    'alter table contacts drop column name',
    'drop table teams',
    'alter table contacts rename column name to full_name',
    'alter table contacts alter column name type varchar(80)',
    'alter table contacts alter column name set not null',
    'alter table contacts add column nickname text not null',
    'create index contacts_by_name on contacts (name)',
  ])('is refused for: %s', (statement) => {
    expect(objections(`async up() { ${statement}; } async down() {}`)).toHaveLength(1);
  });

  it.each([
    'alter table contacts add column nickname text',
    "alter table contacts add column nickname text not null default ''",
    'create index concurrently contacts_by_name on contacts (name)',
    'create table tags (id uuid primary key); create index tags_by_id on tags (id)',
    'drop index contacts_by_name',
  ])('is not refused for: %s', (statement) => {
    expect(objections(`async up() { ${statement}; } async down() { drop table contacts }`)).toEqual([]);
  });
});
