import { describe, expect, it } from 'vitest';
import { FAILURE_ADVICE } from './failure-advice.js';
import { META_ERROR_RANGES, META_ERRORS } from './meta-error-table.js';
import { meaningOf, metaError, metaMessageError, retryAfterSeconds } from './meta-errors.js';

describe("Meta's error codes", () => {
  it.each([
    [190, 'stop_number'],
    [0, 'stop_number'],
    [10, 'stop_number'],
    [368, 'stop_number'],
    [131031, 'stop_number'],
    [130429, 'slow_down'],
    [80007, 'slow_down'],
    [131056, 'pair_limit'],
    [131047, 'window'],
    [131016, 'retry'],
    [131057, 'retry'],
    [1, 'retry_after_status'],
    [2, 'retry_after_status'],
    [131000, 'retry_after_status'],
    [131026, 'permanent'],
    [100, 'permanent'],
    [230, 'permanent'],
    [132001, 'permanent'],
  ] as const)('%i is of the class %s', (code, expected) => {
    expect(metaError(code).class).toBe(expected);
  });

  it('takes a code nobody knows as final, unless Meta calls it transient', () => {
    expect(metaError(987_654).class).toBe('permanent');
    expect(metaError(987_654, true).class).toBe('retry_after_status');
    expect(metaError(131_026, true).class).toBe('permanent');
  });

  it('tells agents in plain words, with what Meta added', () => {
    expect(metaMessageError(131_026, 'Message undeliverable.')).toEqual({
      code: 131_026,
      title: 'The customer cannot be reached on WhatsApp',
      detail: 'Message undeliverable.',
      retryable: false,
    });
  });
});

/** Every code of the reference's list. */
const LISTED = [
  0, 1, 2, 3, 4, 10, 17, 613, 33, 100, 104, 190, 200, 299, 368, 803, 80_007, 130_403, 130_429, 130_472, 130_497,
  131_000, 131_005, 131_008, 131_009, 131_016, 131_020, 131_041, 131_201, 131_021, 131_026, 131_030, 131_031, 131_037,
  131_042, 131_044, 131_045, 131_047, 131_048, 131_049, 131_050, 131_051, 131_052, 131_053, 131_055, 131_056, 131_057,
  131_059, 131_060, 131_062, 131_063, 131_064, 132_000, 132_001, 132_005, 132_007, 132_008, 132_012, 132_015, 132_016,
  132_018, 132_068, 132_069, 133_000, 133_004, 133_005, 133_006, 133_008, 133_009, 133_010, 133_015, 133_016, 134_011,
  134_100, 134_101, 134_102, 135_000, 136_024, 137_000, 138_000, 138_018, 139_000, 139_004, 139_100, 139_101, 139_102,
  139_103, 147_001, 147_005, 2_593_107, 2_593_108, 2_593_109, 2_494_100,
];

describe('what a failure is about', () => {
  it('is known for every code that Meta documents', () => {
    expect(LISTED.filter((code) => metaError(code).reason === 'other')).toEqual([]);
  });

  it('reads codes as they are stored, and ours', () => {
    expect(meaningOf('131026')).toEqual(meaningOf(131_026));
    expect(meaningOf('no_address')).toMatchObject({ scope: 'customer', reason: 'noAddress' });
    expect(meaningOf('a word of the future').reason).toBe('other');
    expect(meaningOf('99999999999999999999').reason).toBe('other');
  });

  it('stops or slows the whole number only for what concerns more than one message', () => {
    for (const code of LISTED) {
      const { class: errorClass, scope } = metaError(code);
      if (errorClass === 'stop_number' || errorClass === 'slow_down') expect(['number', 'account']).toContain(scope);
    }
  });

  it('is told in the documentation as in the table', async () => {
    await expect(codesAsMarkdown()).toMatchFileSnapshot('../../../docs/META-CODES.md');
  });
});

function wait(code: string): string {
  const minutes = retryAfterSeconds(code) / 60;
  if (minutes === 0) return '';
  return minutes < 60 ? `, after ${String(minutes)} min` : `, after ${String(minutes / 60)} h`;
}

function codesAsMarkdown(): string {
  const rows = [
    ...[...META_ERRORS].map(([code, error]) => [String(code), error] as const),
    ...META_ERROR_RANGES.map(([from, to, error]) => [`${String(from)}–${String(to)}`, error] as const),
  ].sort(([left], [right]) => Number.parseInt(left, 10) - Number.parseInt(right, 10));
  const lines = rows.map(
    ([code, { title, scope, class: errorClass, retryable, reason }]) =>
      `| ${code} | ${title} | ${scope} | \`${errorClass}\` | ${retryable ? `yes${wait(code)}` : 'no'} | ${FAILURE_ADVICE[reason]} |`,
  );
  return `# Meta’s error codes, as Parley takes them

Made from \`backend/src/channels/meta-error-table.ts\`, which sending and the failure desk read as well; a test compares
the two (\`npx vitest run backend/src/channels/meta-errors.spec.ts --update\` writes this file anew).

What Parley does: \`retry\` and \`retry_after_status\` try again by themselves · \`slow_down\` halves the number’s pace ·
\`pair_limit\` waits 1, 4, 16 … seconds for this customer · \`stop_number\` keeps everything of the number until a person
acts · \`window\` closes the customer service window · \`permanent\` fails the message. Inbound goes on regardless. Told by
a \`failed\` status instead of the answer to a send, a code fails its message and concerns the number and the pair alike.

<!-- prettier-ignore-start -->
| code | what happened | concerns | what Parley does | sending again can help | what to do |
| --- | --- | --- | --- | --- | --- |
${lines.join('\n')}
<!-- prettier-ignore-end -->
`;
}
