import { z } from '@parley/contract';
import { describe, expect, it } from 'vitest';
import { wordsOf } from './validation-words.js';

const said = (schema: z.ZodType, input: unknown): string | undefined =>
  schema.safeParse(input, { error: (issue) => wordsOf(issue) }).error?.issues[0]?.message;

describe('the words of a refused field', () => {
  it.each<[z.ZodType, unknown, string]>([
    [z.string().max(20), 'x'.repeat(21), 'must have at most 20 characters'],
    [z.string().max(1), 'xx', 'must have at most 1 character'],
    [z.string().min(1), '', 'must not be empty'],
    [z.string().min(8), 'x', 'must have at least 8 characters'],
    [z.array(z.string()).max(3), ['a', 'b', 'c', 'd'], 'must have at most 3 entries'],
    [z.array(z.string()).min(1), [], 'must have at least 1 entry'],
    [z.number().max(90), 91, 'must be at most 90'],
    [z.number().positive(), 0, 'must be more than 0'],
    [z.string(), undefined, 'is missing'],
    [z.string(), 4, 'must be a text'],
    [z.int(), 1.5, 'must be a whole number'],
    [z.uuid(), 'x', 'must be an id (UUID)'],
    [z.string().regex(/^a$/), 'b', 'is not written as it should be'],
    [z.enum(['open', 'resolved']), 'lost', 'must be one of open, resolved'],
    [z.literal('text'), 'x', 'must be text'],
    [z.strictObject({}), { admin: true }, 'has what is not known here: admin'],
    [z.string().refine(() => false, 'must not be blank'), ' ', 'must not be blank'],
  ])('are a sentence that says the limit (%#)', (schema, input, expected) => {
    expect(said(schema, input)).toBe(expected);
  });
});
