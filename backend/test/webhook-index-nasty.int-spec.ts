import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PayloadSet } from './support/payload-set.js';
import { manifest, payload, waitFor } from './support/webhook-rig.js';

// What INDEX.md beside the payloads demands of section N, and that no file of the set is forgotten.

let set: PayloadSet;

beforeAll(async () => {
  set = await PayloadSet.start();
});
afterAll(() => set.close());
beforeEach(() => set.empty());

/** The words of a file's only message, as any JSON parser reads them. */
function wordsOf(file: string): { name: string; body: string } {
  const { entry } = JSON.parse(payload(`${file}.json`).toString()) as {
    entry: {
      changes: { value: { contacts: { profile: { name: string } }[]; messages: { text: { body: string } }[] } }[];
    }[];
  };
  const value = entry[0]?.changes[0]?.value;
  return { name: value?.contacts[0]?.profile.name ?? '', body: value?.messages[0]?.text.body ?? '' };
}

describe('text', () => {
  it.each(['137-unicode-torture', '138-text-4096', '139-escaped-wire', '144-html-script', '164-sql-ish'])(
    '%s: name and body are stored as they are',
    async (file) => {
      const { name, body } = wordsOf(file);
      await set.play(file);
      expect((await set.message()).text?.body).toBe(body);
      expect((await set.contacts())[0]?.name).toBe(name);
    },
  );

  it('138-text-4096: nothing of 4,096 characters is lost', async () => {
    await set.play('138-text-4096');
    expect((await set.message()).text?.body).toHaveLength(4_096);
  });

  it('140-same-as-139-unescaped: is a duplicate of the same message in other bytes', async () => {
    await set.play('139-escaped-wire', '140-same-as-139-unescaped');
    expect((await set.outcomes()).map(({ outcome }) => outcome)).toEqual(['applied', 'duplicate']);
    expect(await set.messages()).toHaveLength(1);
  });

  it('145-null-char-escape: the NUL is left out of text, and stays in the bytes', async () => {
    await set.play('145-null-char-escape');
    expect((await set.message()).text?.body).toBe('beforeafter');
    expect((await set.contacts())[0]?.name).toBe('Maren');
    const [delivery] = await set.sql<{ body: Buffer }>('select body from webhook_deliveries');
    expect(delivery?.body.toString()).toContain('before\\u0000after');
  });

  it('146-lone-surrogates: what is half a character becomes a replacement', async () => {
    await set.play('146-lone-surrogates');
    expect((await set.message()).text?.body).toBe('broken \uFFFD pair \uFFFD end');
  });

  it('169-invalid-utf8: so do bytes that are no UTF-8', async () => {
    await set.play('169-invalid-utf8');
    const { text } = await set.message();
    expect(text?.body).toMatch(/^bad\uFFFD.*utf8$/u);
  });

  it('165-empty-text: four empty messages are four bubbles, and the bot says nothing', async () => {
    await set.setBot(true);
    try {
      await set.play('165-empty-text');
      expect((await set.messages()).map(({ type, text }) => [type, (text?.body ?? '').trim()])).toEqual([
        ['text', ''],
        ['text', ''],
        ['text', ''],
        ['text', ''],
      ]);
      await waitFor(async () => (await set.sql(`select 1 from bot_turns where state = 'due'`)).length === 0);
      expect(await set.sql(`select 1 from messages where direction = 'outbound'`)).toEqual([]);
    } finally {
      await set.setBot(false);
    }
  });

  it('159-duplicate-json-keys: the last of two keys counts', async () => {
    await set.play('159-duplicate-json-keys');
    expect(await set.message()).toMatchObject({ type: 'text', text: { body: 'FIRST' } });
  });
});

describe('shape', () => {
  it.each([
    ['150-deep-nesting-600', 1],
    ['151-deep-nesting-6000', 1],
    ['158-prototype-pollution', 1],
    ['160-pretty-crlf', 1],
    ['161-bom-prefixed', 1],
    ['176-null-everywhere', 1],
    ['178-wide-object-2000-keys', 1],
  ])('%s: is read, and its message is stored', async (file, count) => {
    await set.play(file);
    expect(await set.messages()).toHaveLength(count);
    expect(await set.sql('select state from webhook_deliveries')).toEqual([{ state: 'done' }]);
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect({}).not.toHaveProperty('polluted');
  });

  it('176-null-everywhere: null is the same as absent', async () => {
    await set.play('176-null-everywhere');
    const message = await set.message();
    expect(message).toMatchObject({ text: { body: 'nulls' }, replyTo: null });
    for (const key of ['referral', 'withheld', 'forwarded']) expect(message).not.toHaveProperty(key);
  });

  it.each([
    '153-empty-entry',
    '154-empty-changes',
    '155-empty-messages',
    '156-other-object',
    '170-top-level-array',
    '171-top-level-null',
    '172-wrong-types',
  ])('%s: is taken and causes nothing', async (file) => {
    await set.play(file);
    for (const table of ['contacts', 'conversations', 'messages', 'webhook_items', 'channel_notices']) {
      expect(await set.sql(`select 1 from ${table}`), table).toEqual([]);
    }
    expect(await set.sql('select state from webhook_deliveries')).toEqual([{ state: 'done' }]);
  });

  it.each(['167-truncated', '168-raw-nul-byte'])('%s: the bytes are kept apart, with what is wrong', async (file) => {
    await set.play(file);
    const [delivery] = await set.sql<{ state: string; error: string; body: Buffer }>(
      'select state, error, body from webhook_deliveries',
    );
    expect(delivery).toMatchObject({ state: 'dead', error: 'the body is not JSON' });
    expect(delivery?.body.equals(payload(`${file}.json`))).toBe(true);
    expect(await set.threads()).toEqual([]);
  });

  it('166-flow-bad-response-json: the string is shown as it came', async () => {
    await set.play('166-flow-bad-response-json');
    expect(await set.message()).toMatchObject({
      form: { name: 'flow', answers: [], raw: '{"flow_token":"unterminated' },
      replyTo: null,
    });
  });
});

describe('ids and times', () => {
  it('148-timestamp-weird: an absurd time is that of its arrival, and holds no window open', async () => {
    await set.play('148-timestamp-weird');
    const [delivery] = await set.sql<{ at: Date }>('select received_at as at from webhook_deliveries');
    const received = delivery?.at.getTime() ?? NaN;
    const times = (await set.messages()).map(({ createdAt }) => Date.parse(createdAt));
    expect(times).toEqual([received, received, received, received, received]);
    expect(Date.parse((await set.thread()).windowExpiresAt ?? '')).toBe(received + 24 * 3_600_000);
    expect(await set.sql('select meta_timestamp as said from messages order by seq')).toEqual([
      { said: '1795000000000' },
      { said: '4102444800' },
      { said: '0' },
      { said: 'yesterday' },
      { said: null },
    ]);
  });

  it('157-unknown-phone-number-id: waits in the ledger, and makes no number', async () => {
    const before = await set.sql('select count(*) from channels');
    await set.play('157-unknown-phone-number-id');
    expect(await set.outcomes()).toEqual([
      { kind: 'message', outcome: 'unrouted', reason: 'unknown phone_number_id 999999999999999' },
    ]);
    expect(await set.sql('select count(*) from channels')).toEqual(before);
    expect([...(await set.threads()), ...(await set.contacts())]).toEqual([]);
  });

  it('163-long-ids: a wamid of 707 characters is whole, and still tells its repetition', async () => {
    await set.play('163-long-ids');
    await set.playAgain('163-long-ids');
    expect((await set.message()).wamid).toHaveLength(707);
    expect((await set.outcomes()).map(({ outcome }) => outcome)).toEqual(['applied', 'duplicate']);
  });

  it('177-media-ids-hostile: what is no id is never asked for, and a name is only a name', async () => {
    await set.play('177-media-ids-hostile');
    const [document, image] = await set.messages();
    expect(document).toMatchObject({ type: 'document', media: { id: null, fileName: '../../etc/passwd' } });
    expect(image).toMatchObject({ type: 'image' });
    expect(await set.sql('select graph_id as id from media_files')).toEqual([{ id: '7612004400000177' }]);
  });
});

/** Where what the index says of these is held against the product already. */
const ELSEWHERE: Record<string, string> = {
  '053-history-declined': 'coexistence',
  '071-status-service-billable': 'message-charges',
  '072-status-utility-in-window-billable': 'message-charges',
  '084-template-status-approved': 'templates',
  '086-template-status-paused': 'templates',
  '087-template-status-disabled': 'templates',
  '088-template-status-pending-deletion': 'templates',
  '089-template-quality': 'templates',
  '090-template-quality-mislabelled': 'templates',
  '091-template-components': 'templates',
  '093-template-category-done': 'templates',
  '095-phone-quality-throughput': 'channel-standing',
  '097-phone-name-rejected': 'channel-standing',
  '100-account-disabled': 'channel-standing',
  '104-account-alerts': 'channel-standing',
  '108-security-pin': 'channel-standing',
  '114-business-username': 'channel-standing',
};

describe('the index', () => {
  const specOf = (name: string) => readFileSync(path.join(import.meta.dirname, `${name}.int-spec.ts`), 'utf8');

  it('every file of the set is in one of its tables, or named with the test that has it', () => {
    const tables = readdirSync(import.meta.dirname)
      .filter((name) => /^webhook-index-.*\.int-spec\.ts$/.test(name))
      .map((name) => readFileSync(path.join(import.meta.dirname, name), 'utf8').split('const ELSEWHERE')[0] ?? '')
      .join('\n');
    const missing = manifest.files
      .map(({ file }) => file.replace(/\.json$/, ''))
      .filter((file) => !tables.includes(`'${file}`) && ELSEWHERE[file] === undefined);
    expect(missing).toEqual([]);
  });

  it.each(Object.entries(ELSEWHERE))('%s: is held by %s', (file, spec) => {
    expect(specOf(spec)).toContain(file);
  });
});
