import { messageStatuses } from '@parley/contract';
import { describe, expect, it } from 'vitest';
import { failureReason } from './failure-reason.js';
import { tickOf, tickOfStatus } from './ticks.js';

describe('ticks', () => {
  it.each([
    ['queued', 'clock'],
    ['sending', 'clock'],
    ['accepted', 'one'],
    ['sent', 'one'],
    ['delivered', 'two'],
    ['read', 'two-read'],
    ['played', 'two-read'],
    ['failed', 'failed'],
    ['unknown', 'unknown'],
  ] as const)('%s is drawn as %s', (status, shape) => {
    expect(tickOf({ status, direction: 'outbound' })?.shape).toBe(shape);
  });
  it('has one for every status we send', () => {
    for (const status of messageStatuses) expect(tickOfStatus(status) === null).toBe(status === 'received');
  });
  it('trusts this browser before the server while a send is under way', () => {
    expect(tickOf({ status: 'queued', direction: 'outbound', local: { state: 'unsent' } })?.shape).toBe('failed');
    expect(tickOf({ status: 'queued', direction: 'outbound', local: { state: 'offline' } })?.label).toBe('offline');
  });
  it('puts none on what the customer wrote', () => {
    expect(tickOf({ status: 'received', direction: 'inbound' })).toBeNull();
  });
});

describe('reasons of a failure', () => {
  it.each([
    [131047, 'windowClosed'],
    ['131047', 'windowClosed'],
    ['superseded', 'superseded'],
    ['131050', 'optedOut'],
    ['marketing_stopped', 'optedOut'],
    [190, 'numberStopped'],
    [230, 'numberStopped'],
    [999999, 'other'],
    ['never_heard_of', 'other'],
  ])('%s is told as %s', (code, reason) => {
    expect(failureReason({ code })).toBe(reason);
  });
});
