import { describe, expect, it } from 'vitest';
import { metaError, metaMessageError } from './meta-errors.js';

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
