import type { SendMessage } from '@parley/contract';
import { describe, expect, it } from 'vitest';
import { canonicalRequest, draftOf, draftOfAnswer, isSameRequest } from './outbound-draft.js';

const clientMessageId = '0198c0de-0000-7000-8000-000000000001';
type Text = Extract<SendMessage, { type: 'text' }>;
const text = (over: Partial<Text> = {}): Text => ({
  clientMessageId,
  type: 'text',
  text: { body: 'Hello' },
  ...over,
});

describe('the canonical request', () => {
  it('is the same for a repeat, whatever the sender has seen meanwhile', () => {
    expect(isSameRequest(canonicalRequest(text({ basedOn: 3 })), canonicalRequest(text({ basedOn: 9 })))).toBe(true);
    expect(isSameRequest(canonicalRequest(text({ replyTo: null })), canonicalRequest(text()))).toBe(true);
  });

  it('differs by every word, quote and choice', () => {
    const base = canonicalRequest(text());
    for (const other of [
      text({ text: { body: 'Hello!' } }),
      text({ replyTo: clientMessageId }),
      text({ campaign: 'Autumn sale' }),
      text({ text: { body: 'Hello', previewUrl: false } }),
    ]) {
      expect(isSameRequest(base, canonicalRequest(other))).toBe(false);
    }
    expect(isSameRequest(null, base)).toBe(false);
  });

  it('survives being stored as jsonb, which orders keys in its own way', () => {
    const stored = JSON.parse('{"text":{"previewUrl":true,"body":"Hello"},"type":"text"}') as Record<string, unknown>;
    expect(isSameRequest(stored, canonicalRequest(text({ text: { body: 'Hello', previewUrl: true } })))).toBe(true);
  });

  it('holds only what PostgreSQL can store', () => {
    expect(canonicalRequest(text({ text: { body: 'a\u0000\ud800' } }))).toEqual({
      type: 'text',
      text: { body: 'a\ufffd' },
    });
  });
});

describe('a draft', () => {
  it('of a text and of buttons carries what search finds and what screens show', () => {
    expect(draftOf(text())).toEqual({ type: 'text', body: 'Hello', content: { text: { body: 'Hello' } } });
    const buttons = [{ id: 'a', title: 'A' }];
    const expected = {
      type: 'interactive',
      body: 'Which?',
      content: {
        text: { body: 'Which?' },
        interactive: { kind: 'buttons', id: null, title: null, description: null, buttons },
      },
    };
    expect(draftOf({ clientMessageId, type: 'interactive', interactive: { body: 'Which?', buttons } })).toEqual(
      expected,
    );
    expect(draftOfAnswer({ text: 'Which?', buttons })).toEqual(expected);
  });
});
