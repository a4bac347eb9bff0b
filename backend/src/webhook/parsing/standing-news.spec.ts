import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { StandingChange } from '../../channels/standing/standing-change.js';
import { parseBody } from './envelope.js';

const PAYLOADS = path.join(import.meta.dirname, '../../../../e2e/fixtures/payloads');
const RECEIVED_AT = new Date('2026-11-26T12:00:00.000Z');
const WABA = '318840027715906';

const said = (body: Buffer | string) =>
  parseBody(typeof body === 'string' ? Buffer.from(body) : body, RECEIVED_AT).items.map(({ effect }) => effect);
const ofFile = (file: string) => said(readFileSync(path.join(PAYLOADS, file)))[0] as StandingChange;
const ofValue = (field: string, value: unknown, entry: object = { id: WABA, time: 1_795_000_000 }) =>
  said(JSON.stringify({ object: 'whatsapp_business_account', entry: [{ ...entry, changes: [{ field, value }] }] }))[0];

const NUMBER = { digits: '12025550134' };

describe('what a webhook says of a number and its account', () => {
  it.each<[string, StandingChange['about'], object[]]>([
    [
      '095-phone-quality-throughput.json',
      NUMBER,
      [
        { part: 'throughput', value: 'HIGH' },
        { part: 'messagingLimit', value: 'TIER_UNLIMITED', ofAccount: true },
      ],
    ],
    ['096-phone-name-approved.json', NUMBER, [{ part: 'name', value: 'APPROVED', detail: 'Lantern Grove Books' }]],
    [
      '097-phone-name-rejected.json',
      NUMBER,
      [{ part: 'name', value: 'REJECTED', detail: 'BEST BOOKS!!! · NAME_FORMAT_UNACCEPTABLE' }],
    ],
    [
      '098-account-restriction.json',
      null,
      [
        {
          part: 'restriction:RESTRICTED_BIZ_INITIATED_MESSAGING',
          value: 'RESTRICTED_BIZ_INITIATED_MESSAGING',
          detail: null,
          until: new Date(1_795_604_800_000),
        },
        {
          part: 'restriction:RESTRICTED_ADD_PHONE_NUMBER_ACTION',
          value: 'RESTRICTED_ADD_PHONE_NUMBER_ACTION',
          detail: 'Review policy',
          until: new Date(1_795_604_800_000),
        },
      ],
    ],
    ['099-account-violation.json', null, [{ part: 'violation', value: 'SPAM' }]],
    ['100-account-disabled.json', null, [{ part: 'ban', value: 'SCHEDULE_FOR_DISABLE', detail: 'December 4, 2026' }]],
    [
      '101-account-partner-removed.json',
      null,
      [{ part: 'link', value: 'REMOVED', detail: 'PRIMARY_INACTIVITY · SYSTEM' }],
    ],
    ['103-account-partner-added-no-object.json', null, [{ part: 'link', value: 'LINKED', detail: null }]],
    [
      '104-account-alerts.json',
      { phoneNumberId: '274119865530142' },
      [
        {
          part: 'alert:PROFILE_PICTURE_LOST',
          value: 'ACTIVE',
          detail: 'Please reupload your profile picture',
          severity: 'WARNING',
        },
      ],
    ],
    ['105-account-review.json', null, [{ part: 'review', value: 'DEFERRED' }]],
    ['106-capability-number.json', null, [{ part: 'messagingLimit', value: '2000', ofAccount: true }]],
    ['107-capability-tier-string.json', null, [{ part: 'messagingLimit', value: 'TIER_10K', ofAccount: true }]],
    ['108-security-pin.json', NUMBER, [{ part: 'pin', value: 'PIN_RESET_REQUEST', detail: '61577001822941' }]],
    ['114-business-username.json', NUMBER, [{ part: 'username', value: 'APPROVED', detail: 'lanterngrove' }]],
  ])('%s', (file, about, facts) => {
    expect(ofFile(file)).toMatchObject({ kind: 'standing', about, at: new Date(1_795_000_000_000), facts });
  });

  it('is about the account that the event names, where the entry is another’s', () => {
    expect(ofFile('103-account-partner-added-no-object.json').businessAccountId).toBe('402217763190558');
  });

  it('understands how Meta said it before', () => {
    expect(ofValue('phone_number_quality_update', { event: 'FLAGGED', current_limit: 'TIER_1K' })).toMatchObject({
      facts: [
        { part: 'status', value: 'FLAGGED' },
        { part: 'quality', value: 'RED' },
      ],
    });
    expect(ofValue('business_capability_update', { max_daily_conversation_per_phone: -1 })).toMatchObject({
      facts: [{ part: 'messagingLimit', value: 'TIER_UNLIMITED' }],
    });
    expect(ofValue('account_alerts', { alert_type: 'OBA_APPROVED', alert_severity: 'INFORMATIONAL' })).toMatchObject({
      about: null,
      facts: [{ part: 'alert:OBA_APPROVED', value: 'ACTIVE', severity: 'INFORMATIONAL' }],
    });
  });

  it.each([
    ['account_update', null],
    ['account_update', { event: 'MM_LITE_TERMS_SIGNED' }],
    ['account_update', { event: 'ACCOUNT_RESTRICTION', restriction_info: 'all of it' }],
    ['account_alerts', { alert_info: [] }],
    ['account_review_update', { decision: 7 }],
    ['business_capability_update', { max_phone_numbers_per_waba: 25 }],
    ['security', {}],
    ['phone_number_name_update', { display_phone_number: '1' }],
  ])('%s %j is kept and does nothing', (field, value) => {
    expect(ofValue(field, value)).toBe('nothing of it changes how a number stands');
  });

  it('without an account nobody knows whom it concerns, and without a time it counts from its arrival', () => {
    expect(ofValue('account_review_update', { decision: 'APPROVED' }, {})).toBe('it names no account');
    expect(ofValue('account_review_update', { decision: 'APPROVED' }, { id: WABA })).toMatchObject({ at: RECEIVED_AT });
  });
});
