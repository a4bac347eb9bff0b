import { describe, expect, it } from 'vitest';
import { typingUnder, type TypingFacts } from './typing-rule.js';

const facts: TypingFacts = {
  receiptsPolicy: 'on_open',
  typingIndicator: true,
  isSending: true,
  isGroup: false,
  isBlocked: false,
  isWindowOpen: true,
  isOwner: true,
  wamid: 'wamid.IN',
};

describe('whether the customer sees “typing…”', () => {
  it.each([
    ['on_open', true, true],
    ['on_open', false, false],
    ['on_reply', true, true],
    ['on_reply', false, true],
    ['never', true, false],
    ['never', false, false],
  ] as const)('with the policy %s, the writer being the owner: %s → %s', (receiptsPolicy, isOwner, isShown) => {
    expect(typingUnder({ ...facts, receiptsPolicy, isOwner })).toBe(isShown ? 'wamid.IN' : null);
  });

  it.each([
    { typingIndicator: false },
    { isSending: false },
    { isGroup: true },
    { isBlocked: true },
    { isWindowOpen: false },
    { wamid: null },
  ])('never where %o', (over) => {
    for (const receiptsPolicy of ['on_open', 'on_reply'] as const) {
      expect(typingUnder({ ...facts, receiptsPolicy, ...over })).toBeNull();
    }
  });
});
