import type { ChannelCheckName, ChannelFault } from '@parley/contract';
import { describe, expect, it } from 'vitest';
import { type ChannelReadings, reportOf, type ReportSubject } from './channel-report.js';
import type { GraphReading } from './graph-reader.js';

const now = new Date('2026-11-26T12:00:00.000Z');
const seconds = (date: string) => Date.parse(date) / 1_000;
const answer = (body: unknown): GraphReading => ({ kind: 'answer', body });
const refused = (code: number, message = '', subcode: number | null = null): GraphReading => ({
  kind: 'refused',
  code,
  subcode,
  message,
});
const debug = (over: object = {}) =>
  answer({
    data: {
      is_valid: true,
      app_id: '1',
      expires_at: 0,
      scopes: ['whatsapp_business_messaging', 'whatsapp_business_management'],
      ...over,
    },
  });
const number = (over: object = {}) =>
  answer({ display_phone_number: '+1 202-555-0134', status: 'CONNECTED', platform_type: 'CLOUD_API', ...over });
const subscribed = (over: object = {}) => answer({ data: [{ whatsapp_business_api_data: { id: '1' }, ...over }] });

const healthy: ChannelReadings = {
  token: debug(),
  number: number(),
  proof: answer({ id: '42' }),
  account: answer({ data: [{ id: '42' }] }),
  subscription: subscribed(),
};
const subject: ReportSubject = {
  phoneNumberId: '42',
  callbackUrl: 'https://inbox.example.com/api/webhooks/whatsapp',
  hasSharedSecret: false,
  now,
};

const faultsOf = (over: Partial<ChannelReadings>, about: Partial<ReportSubject> = {}) =>
  Object.fromEntries(
    reportOf({ ...healthy, ...over }, { ...subject, ...about }).checks.flatMap(({ name, fault }) =>
      fault === null ? [] : [[name, fault]],
    ),
  );

describe('the report about a number', () => {
  it('has nothing to say of a healthy one', () => {
    const report = reportOf(healthy, subject);
    expect(report.checks.every(({ state }) => state === 'ok')).toBe(true);
    expect(report).toMatchObject({ healthy: true, facts: { displayPhoneNumber: '+1 202-555-0134' } });
  });

  it('names the level of a number that is on the phone app too, and is content where nobody tells', () => {
    const level = (app?: ChannelReadings['app']) =>
      reportOf({ ...healthy, number: number({ throughput: { level: 'STANDARD' } }), ...(app && { app }) }, subject)
        .facts.throughput;
    expect(level(answer({ is_on_biz_app: true, platform_type: 'CLOUD_API' }))).toBe('COEXISTENCE');
    expect(level(answer({ is_on_biz_app: false, platform_type: 'CLOUD_API' }))).toBe('STANDARD');
    expect(level(answer({ is_on_biz_app: true, platform_type: 'NOT_APPLICABLE' }))).toBe('STANDARD');
    expect(level(refused(100, 'Tried accessing nonexisting field (is_on_biz_app)'))).toBe('STANDARD');
    expect(level()).toBe('STANDARD');
  });

  it.each<[ChannelFault, ChannelCheckName, Partial<ChannelReadings>]>([
    ['token_invalid', 'token', { token: refused(190, 'Cannot parse access token') }],
    ['token_expired', 'token', { number: refused(190, 'Session has run out', 463) }],
    ['token_expired', 'token', { token: debug({ expires_at: seconds('2026-11-25T12:00:00Z') }) }],
    ['token_invalid', 'token', { token: debug({ is_valid: false, error: { code: 190, message: 'revoked' } }) }],
    ['token_expires', 'token', { token: debug({ expires_at: seconds('2026-11-27T12:00:00Z') }) }],
    ['graph_unreachable', 'token', { number: { kind: 'unreachable', detail: 'ECONNREFUSED' } }],
    ['scope_missing', 'scopes', { token: debug({ scopes: ['whatsapp_business_messaging'] }) }],
    ['scopes_unknown', 'scopes', { token: refused(100, 'You must provide an app access token') }],
    ['app_secret_wrong', 'app_secret', { proof: refused(100, 'Invalid appsecret_proof provided') }],
    ['app_secret_missing', 'app_secret', { proof: null }],
    ['number_unknown', 'number', { number: refused(100, 'Object with ID 42 does not exist', 33) }],
    ['scope_missing', 'number', { number: refused(200, 'Permissions error') }],
    ['number_not_registered', 'registration', { number: number({ status: 'PENDING' }) }],
    [
      'number_not_verified',
      'registration',
      { number: number({ status: 'PENDING', code_verification_status: 'NOT_VERIFIED' }) },
    ],
    ['number_blocked', 'registration', { number: number({ health_status: { can_send_message: 'BLOCKED' } }) }],
    ['number_in_other_account', 'account', { account: answer({ data: [{ id: '43' }] }) }],
    ['account_unknown', 'account', { account: refused(100, 'Unsupported get request', 33) }],
    ['not_subscribed', 'subscription', { subscription: answer({ data: [] }) }],
    ['callback_elsewhere', 'subscription', { subscription: subscribed({ override_callback_uri: 'https://x.test' }) }],
    ['quality_low', 'quality', { number: number({ quality_rating: 'RED' }) }],
  ])('names %s', (fault, check, over) => {
    expect(faultsOf(over)).toMatchObject({ [check]: fault });
  });

  it('skips what a bad token could not ask, instead of naming ten faults for one', () => {
    const bad = refused(190, 'Cannot parse access token');
    expect(faultsOf({ token: bad, number: bad, proof: bad, account: bad, subscription: bad })).toEqual({
      token: 'token_invalid',
    });
  });

  it('takes the secrets of the environment for those of every number', () => {
    expect(faultsOf({ proof: null }, { hasSharedSecret: true })).toEqual({});
  });
});
