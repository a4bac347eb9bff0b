import type { ChannelReport, TroubleKind } from '@parley/contract';
import { describe, expect, it } from 'vitest';
import { reportWithoutToken } from '../channel-report.js';
import type { FactRow } from './standing.repository.js';
import { dismissedPart, troublesOf, type TroubleSubject } from './troubles.js';

const now = new Date('2026-11-26T12:00:00.000Z');
const hours = (count: number) => new Date(now.getTime() + count * 3_600_000);
const healthy: TroubleSubject = { isConnected: true, stop: null, report: null };

const fact = (part: FactRow['part'], value: string, over: Partial<FactRow> & { detail?: string } = {}): FactRow => {
  const { detail = null, ...rest } = over;
  return {
    businessAccountId: '1',
    phoneNumberId: '42',
    part,
    value: { value, detail, severity: null },
    source: 'webhook',
    toldAt: hours(-1),
    since: hours(-1),
    until: null,
    dismissedAt: null,
    ...rest,
  };
};
const kinds = (facts: FactRow[], subject: Partial<TroubleSubject> = {}) =>
  troublesOf(facts, { ...healthy, ...subject }, now).map(({ kind }) => kind);
const checked = (over: Partial<ChannelReport['facts']>, faults: ChannelReport['checks'] = []): ChannelReport => {
  const report = reportWithoutToken(hours(-1));
  return { ...report, checks: faults, facts: { ...report.facts, ...over } };
};

describe('what is wrong with a number', () => {
  it('is nothing where Meta says that all is well', () => {
    const well = [
      fact('status', 'CONNECTED'),
      fact('quality', 'GREEN'),
      fact('health', 'AVAILABLE'),
      fact('review', 'APPROVED'),
      fact('ban', 'REINSTATE'),
      fact('link', 'LINKED'),
      fact('alert:PROFILE_PICTURE_LOST', 'NONE'),
      fact('pin', 'PIN_REQUEST_SUCCESS'),
      fact('name', 'PENDING'),
      fact('status', 'A_WORD_OF_THE_FUTURE'),
    ];
    expect(kinds(well)).toEqual([]);
  });

  it.each<[FactRow, TroubleKind, string[]]>([
    [fact('ban', 'DISABLE'), 'banned', ['openings', 'replies']],
    [fact('ban', 'SCHEDULE_FOR_DISABLE', { detail: 'December 4, 2026' }), 'banScheduled', []],
    [fact('link', 'DELETED'), 'accountDeleted', ['openings', 'replies']],
    [fact('link', 'REMOVED'), 'accountRemoved', ['openings', 'replies']],
    [fact('status', 'BANNED'), 'numberOffline', ['openings', 'replies']],
    [fact('status', 'RESTRICTED'), 'numberRestricted', ['openings']],
    [fact('status', 'RATE_LIMITED'), 'rateLimited', ['openings']],
    [fact('status', 'FLAGGED'), 'numberFlagged', []],
    [fact('health', 'BLOCKED'), 'healthBlocked', ['openings', 'replies']],
    [fact('health', 'LIMITED'), 'healthLimited', ['openings']],
    [fact('review', 'REJECTED'), 'reviewRejected', ['openings', 'replies']],
    [fact('quality', 'RED'), 'qualityLow', []],
    [fact('name', 'REJECTED'), 'nameRejected', []],
    [fact('name', 'APPROVED', { detail: 'Lantern' }), 'nameApproved', []],
    [fact('violation', 'SPAM'), 'violation', []],
    [fact('pin', 'PIN_RESET_REQUEST'), 'pinReset', []],
    [fact('pin', 'PIN_CHANGED'), 'pinChanged', []],
    [fact('alert:OBA_REJECTED', 'ACTIVE'), 'alert', []],
    [fact('restriction:X', 'RESTRICTED_BIZ_INITIATED_MESSAGING'), 'restrictedOpenings', ['openings']],
    [fact('restriction:X', 'RESTRICTED_CUSTOMER_INITIATED_MESSAGING'), 'restrictedReplies', ['replies']],
    [fact('restriction:X', 'RESTRICTED_ADD_PHONE_NUMBER_ACTION'), 'restrictedNumbers', []],
    [fact('restriction:X', 'RESTRICTED_SOMETHING_NEW'), 'restricted', []],
  ])('%j is %s', (told, kind, limits) => {
    expect(troublesOf([told], healthy, now)).toMatchObject([{ kind, limits }]);
  });

  it('ends when Meta said it would, and when somebody has seen it', () => {
    const type = 'RESTRICTED_BIZ_INITIATED_MESSAGING';
    expect(kinds([fact('restriction:X', type, { until: hours(1) })])).toEqual(['restrictedOpenings']);
    expect(kinds([fact('restriction:X', type, { until: now })])).toEqual([]);
    expect(kinds([fact('violation', 'SPAM', { dismissedAt: now })])).toEqual([]);
  });

  it('a new name is worth a word for the fortnight in which it has to be registered, and only where a webhook told it', () => {
    expect(kinds([fact('name', 'APPROVED', { detail: 'Lantern', source: 'check', since: hours(-24 * 13) })])).toEqual([
      'nameApproved',
    ]);
    expect(kinds([fact('name', 'APPROVED', { detail: 'Lantern', since: hours(-24 * 15) })])).toEqual([]);
    expect(kinds([fact('name', 'APPROVED', { source: 'check' })])).toEqual([]);
  });

  it('the worst comes first', () => {
    const facts = [fact('name', 'APPROVED', { detail: 'Lantern' }), fact('quality', 'RED'), fact('ban', 'DISABLE')];
    expect(kinds(facts, { stop: { reason: 'locked', since: now } })).toEqual([
      'stopped',
      'banned',
      'qualityLow',
      'nameApproved',
    ]);
  });

  it('is the connection alone where there is none', () => {
    expect(kinds([fact('quality', 'RED')], { isConnected: false })).toEqual(['disconnected']);
  });

  it('is a token that ends within a week, and graver one that has ended', () => {
    expect(kinds([], { report: checked({ tokenExpiresAt: hours(24 * 8).toISOString() }) })).toEqual([]);
    expect(kinds([], { report: checked({ tokenExpiresAt: hours(24 * 6).toISOString() }) })).toEqual(['tokenExpires']);
    expect(kinds([], { report: checked({ tokenExpiresAt: hours(-1).toISOString() }) })).toEqual(['tokenExpired']);
    const unsubscribed = { name: 'subscription', state: 'failed', fault: 'not_subscribed', detail: null } as const;
    expect(kinds([], { report: checked({}, [unsubscribed]) })).toEqual(['notSubscribed']);
  });

  it('a key names whose it is and which part', () => {
    expect(dismissedPart('account:alert:OBA:X')).toEqual({ ofNumber: false, part: 'alert:OBA:X' });
    expect(dismissedPart('number:name')).toEqual({ ofNumber: true, part: 'name' });
    expect(dismissedPart('own:stopped')).toBeNull();
  });
});
