import type { ChannelStanding, LimitedChannels, TroubleKind } from '@parley/contract';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { query } from '../src/database/database.js';
import { StandingSweeper } from '../src/channels/standing/standing.sweeper.js';
import { CloudApi } from './support/faults/cloud-api.js';
import { LiveClient } from './support/live-client.js';
import { startTestApp, type TestAgent, type TestApp } from './support/test-app.js';
import { waitFor } from './support/wait-for.js';
import { drained, payload, post, rows } from './support/webhook-rig.js';

const TOKEN = 'EAAG-standing';
const SECRET = 'standing-secret';
const NUMBER = '274119865530142';
const WABA = '318840027715906';

describe('how a number stands at Meta', () => {
  let meta: CloudApi;
  let test: TestApp;
  let admin: TestAgent;
  let agent: TestAgent;
  let channelId: string;

  beforeAll(async () => {
    meta = await CloudApi.start({
      SIMULATOR_PORT: '0',
      SIMULATOR_ACCESS_TOKEN: TOKEN,
      SIMULATOR_APP_SECRET: SECRET,
      SIMULATOR_PHONE_NUMBER_ID: NUMBER,
      SIMULATOR_BUSINESS_ACCOUNT_ID: WABA,
    });
    test = await startTestApp({ env: { WHATSAPP_GRAPH_URL: meta.url } });
    admin = await test.given.agent({ role: 'admin' });
    agent = await test.given.agent({ role: 'agent' });
    channelId = (await test.given.channel({ phoneNumberId: NUMBER, businessAccountId: WABA })).id;
    await test.call(admin, 'PATCH', `/channels/${channelId}`, { accessToken: TOKEN });
  });
  afterAll(async () => {
    await test.close();
    await meta.stop();
  });
  beforeEach(async () => {
    await query(test.database.pool, 'truncate channel_standing, webhook_deliveries, webhook_items');
    await meta.control('POST', 'numbers', { id: NUMBER, businessAccountId: WABA, displayPhoneNumber: '12025550134' });
  });

  const standing = async () => (await test.call<ChannelStanding>(admin, 'GET', `/channels/${channelId}/standing`)).body;
  const troubles = async (): Promise<TroubleKind[]> => (await standing()).troubles.map(({ kind }) => kind);
  const value = async (part: string) => (await standing()).facts.find((fact) => fact.part === part)?.value;
  const limited = async () => (await test.call<LimitedChannels>(agent, 'GET', '/channels/limited')).body.items;
  const check = () => test.call(admin, 'POST', `/channels/${channelId}/check`, {});
  const seconds = async (): Promise<number> =>
    Math.floor((await rows<{ now: Date }>(test, 'select app_now() as now'))[0]!.now.getTime() / 1_000);
  const change = (field: string, told: object, time: number) => ({ id: WABA, time, changes: [{ field, value: told }] });
  async function told(...entry: object[]): Promise<string[]> {
    await query(test.database.pool, 'truncate webhook_deliveries, webhook_items');
    expect(await post(test, JSON.stringify({ object: 'whatsapp_business_account', entry }))).toBe(200);
    await drained(test);
    const items = await rows<{ outcome: string }>(test, 'select outcome from webhook_items order by ordinal');
    return items.map(({ outcome }) => outcome);
  }

  it('is what its payloads say, each taken once', async () => {
    for (const file of [
      '095-phone-quality-throughput',
      '097-phone-name-rejected',
      '100-account-disabled',
      '104-account-alerts',
      '108-security-pin',
      '114-business-username',
    ]) {
      for (const outcome of ['applied', 'duplicate']) {
        await query(test.database.pool, 'truncate webhook_deliveries, webhook_items');
        await post(test, payload(`${file}.json`));
        await drained(test);
        expect(await rows(test, 'select outcome from webhook_items'), file).toEqual([{ outcome }]);
      }
    }
    const { facts } = await standing();
    expect(facts).toMatchObject([
      { part: 'messagingLimit', value: 'TIER_UNLIMITED', source: 'webhook' },
      { part: 'throughput', value: 'HIGH' },
      { part: 'name', value: 'REJECTED', detail: 'BEST BOOKS!!! · NAME_FORMAT_UNACCEPTABLE' },
      { part: 'username', value: 'APPROVED', detail: 'lanterngrove' },
    ]);
    expect(await troubles()).toEqual(['banScheduled', 'nameRejected', 'pinReset', 'alert']);
  });

  it('follows Meta’s time, not the order of arrival', async () => {
    const now = await seconds();
    const limit = (tier: string, time: number) =>
      change('business_capability_update', { max_daily_conversations_per_business: tier }, time);
    expect(await told(limit('TIER_10K', now - 10), limit('TIER_2K', now - 20))).toEqual(['applied', 'duplicate']);
    expect(await value('messagingLimit')).toBe('TIER_10K');
  });

  it('of one second the later arrival counts, and a repetition is none', async () => {
    const at = (await seconds()) - 5;
    const [low, high] = ['TIER_250', 'TIER_100K'].map((tier) =>
      change('business_capability_update', { max_daily_conversations_per_business: tier }, at),
    ) as [object, object];
    expect(await told(low, high)).toEqual(['applied', 'applied']);
    expect(await value('messagingLimit')).toBe('TIER_100K');
    expect(await told(low, high, low)).toEqual(['duplicate', 'duplicate', 'duplicate']);
    expect(await value('messagingLimit')).toBe('TIER_100K');
    await query(test.database.pool, 'truncate channel_standing');
    await told(high, low);
    expect(await value('messagingLimit')).toBe('TIER_250');
  });

  it('takes one webhook that names a restriction twice', async () => {
    const now = await seconds();
    const restriction_info = [now + 60, now + 3_600].map((expiration) => ({
      restriction_type: 'RESTRICTED_BIZ_INITIATED_MESSAGING',
      expiration,
    }));
    await told(change('account_update', { event: 'ACCOUNT_RESTRICTION', restriction_info }, now));
    expect((await standing()).troubles).toMatchObject([
      { kind: 'restrictedOpenings', until: new Date((now + 3_600) * 1_000).toISOString() },
    ]);
  });

  it('is checked by the one clock, whatever the instance’s own says', async () => {
    await query(test.database.pool, `update app_clock set shift = shift - interval '3 hours'`);
    try {
      const before = await seconds();
      await check();
      const checkedAt = Date.parse((await standing()).report?.checkedAt ?? '') / 1_000;
      expect(checkedAt).toBeGreaterThanOrEqual(before);
      expect(checkedAt).toBeLessThan((await seconds()) + 1);
    } finally {
      await query(test.database.pool, `update app_clock set shift = shift + interval '3 hours'`);
    }
  });

  it('a check counts from when it was made, and a webhook of before changes nothing', async () => {
    await meta.control('POST', 'numbers', { id: NUMBER, qualityRating: 'YELLOW', nameStatus: 'DECLINED' });
    const before = await seconds();
    const rejected = { display_phone_number: '12025550134', decision: 'REJECTED', rejection_reason: 'NAME_X' };
    await told(change('phone_number_name_update', { ...rejected, requested_verified_name: 'Best' }, before - 60));
    expect((await check()).status).toBe(200);
    const { facts, report } = await standing();
    expect(report?.checks.length).toBeGreaterThan(0);
    expect(facts.find(({ part }) => part === 'quality')).toMatchObject({ value: 'YELLOW', source: 'check' });
    // The API says only that it was declined: why, the webhook told.
    expect(facts.find(({ part }) => part === 'name')).toMatchObject({ value: 'REJECTED', detail: 'Best · NAME_X' });
    const late = change(
      'phone_number_quality_update',
      { display_phone_number: '12025550134', event: 'FLAGGED' },
      before - 5,
    );
    expect(await told(late)).toEqual(['duplicate']);
    expect(await value('quality')).toBe('YELLOW');
  });

  it('sets the pace: a level that a webhook or a check tells is what may be sent a second', async () => {
    const pace = async () =>
      (await rows<{ limit: number }>(test, `select rate_limit as limit from channels`))[0]?.limit;
    await check();
    expect([await value('throughput'), await pace()]).toEqual(['STANDARD', 80]);
    const upgrade = { display_phone_number: '12025550134', event: 'THROUGHPUT_UPGRADE' };
    await told(change('phone_number_quality_update', upgrade, (await seconds()) + 1));
    expect([await value('throughput'), await pace()]).toEqual(['HIGH', 1_000]);

    await query(test.database.pool, 'truncate channel_standing');
    await meta.control('POST', 'numbers', { id: NUMBER, businessAccountId: WABA, onBusinessApp: true });
    await check();
    expect([await value('throughput'), await pace()]).toEqual(['COEXISTENCE', 20]);
    await meta.control('POST', 'numbers', { id: NUMBER, businessAccountId: WABA, throughput: 'NOT_APPLICABLE' });
    await check();
    // Of a level that names no number nothing is known: the pace stays.
    expect([await value('throughput'), await pace()]).toEqual(['NOT_APPLICABLE', 20]);
  });

  it('says how much of the messaging limit is used, all numbers of the portfolio together', async () => {
    expect((await standing()).openingsUsed).toBe(0);
    const contact = randomUUID();
    await query(test.database.pool, `insert into contacts (id, name) values ($1, 'Mia')`, [contact]);
    await query(
      test.database.pool,
      `insert into portfolio_openings select portfolio_id, $1, $2, $3, app_now() - interval '23 hours' from channels`,
      [contact, randomUUID(), randomUUID()],
    );
    expect((await standing()).openingsUsed).toBe(1);
    await query(test.database.pool, `update portfolio_openings set opened_at = app_now() - interval '25 hours'`);
    expect((await standing()).openingsUsed).toBe(0);
  });

  it('of two checks within one second the later counts, whatever they say', async () => {
    for (const quality of ['RED', 'GREEN', 'YELLOW']) {
      await meta.control('POST', 'numbers', { id: NUMBER, qualityRating: quality });
      await check();
      expect(await value('quality')).toBe(quality);
    }
  });

  it('tells everybody when sending is limited, and when it no longer is', async () => {
    const live = await new LiveClient(test.url, agent.token).ready();
    try {
      const now = await seconds();
      const restriction = {
        event: 'ACCOUNT_RESTRICTION',
        restriction_info: [
          { restriction_type: 'RESTRICTED_BIZ_INITIATED_MESSAGING', expiration: now + 3_600 },
          { restriction_type: 'RESTRICTED_ADD_PHONE_NUMBER_ACTION', expiration: now + 3_600 },
        ],
      };
      await told(change('account_update', restriction, now));
      await waitFor(() => live.events.some(({ type }) => type === 'channels:changed'));
      expect(await limited()).toMatchObject([
        { id: channelId, name: 'Shop', troubles: [{ kind: 'restrictedOpenings', limits: ['openings'] }] },
      ]);
      expect(await troubles()).toEqual(['restrictedOpenings', 'restrictedNumbers']);
      await told(
        change(
          'account_update',
          {
            ...restriction,
            restriction_info: restriction.restriction_info.map((one) => ({ ...one, expiration: now - 1 })),
          },
          now + 1,
        ),
      );
      expect(await limited()).toEqual([]);
    } finally {
      live.close();
    }
  });

  it('a ban ends with its reinstatement, an alert with its end', async () => {
    const now = await seconds();
    const ban = (state: string, time: number) =>
      change('account_update', { event: 'DISABLED_UPDATE', ban_info: { waba_ban_state: state } }, time);
    const alert = (status: string, time: number) =>
      change(
        'account_alerts',
        {
          entity_type: 'PHONE_NUMBER',
          entity_id: NUMBER,
          alert_info: { alert_severity: 'CRITICAL', alert_status: status, alert_type: 'PROFILE_PICTURE_LOST' },
        },
        time,
      );
    await told(ban('DISABLE', now - 9), alert('ACTIVE', now - 9));
    expect(await troubles()).toEqual(['banned', 'alert']);
    await told(alert('NONE', now - 8), ban('REINSTATE', now - 8), ban('DISABLE', now - 9));
    expect(await troubles()).toEqual([]);
  });

  it('what nothing else ends an admin puts away, until Meta says it again', async () => {
    const now = await seconds();
    const violation = (time: number) =>
      change('account_update', { event: 'ACCOUNT_VIOLATION', violation_info: { violation_type: 'SPAM' } }, time);
    await told(violation(now - 9));
    const dismiss = (who: TestAgent, key: string) =>
      test.call<ChannelStanding>(who, 'POST', `/channels/${channelId}/standing/dismiss`, { key });
    expect((await dismiss(agent, 'account:violation')).status).toBe(403);
    expect((await dismiss(admin, 'account:violation')).body.troubles).toEqual([]);
    expect(await told(violation(now - 9))).toEqual(['duplicate']);
    expect(await troubles()).toEqual([]);
    await told(violation(now - 1));
    expect(await troubles()).toEqual(['violation']);
    // What holds at Meta cannot be put away here.
    await told(change('account_update', { event: 'DISABLED_UPDATE', ban_info: { waba_ban_state: 'DISABLE' } }, now));
    expect((await dismiss(admin, 'account:ban')).body.troubles.map(({ kind }) => kind)).toEqual([
      'banned',
      'violation',
    ]);
  });

  it('what was told after somebody looked is not put away with what they saw', async () => {
    const at = (await seconds()) - 9;
    const violation = (violation_type: string, time: number) =>
      change('account_update', { event: 'ACCOUNT_VIOLATION', violation_info: { violation_type } }, time);
    const seen = async () => (await standing()).troubles.find(({ key }) => key === 'account:violation')?.seen;
    const dismiss = async (what: string | undefined) =>
      (
        await test.call<ChannelStanding>(admin, 'POST', `/channels/${channelId}/standing/dismiss`, {
          key: 'account:violation',
          seen: what,
        })
      ).body.troubles.map(({ detail }) => detail);
    await told(violation('SPAM', at));
    const first = await seen();
    // Of the same second, and then said once more of another.
    await told(violation('SCAM', at));
    expect(await dismiss(first)).toEqual(['SCAM']);
    const second = await seen();
    await told(violation('SCAM', at + 1));
    expect(await dismiss(second)).toEqual(['SCAM']);
    expect(await dismiss(await seen())).toEqual([]);
    expect(await told(violation('SCAM', at + 1))).toEqual(['duplicate']);
    expect(await troubles()).toEqual([]);
  });

  it('news of a number or an account that nobody connected are kept in the ledger', async () => {
    const now = await seconds();
    const other = {
      id: '999',
      time: now,
      changes: [{ field: 'account_review_update', value: { decision: 'REJECTED' } }],
    };
    const stranger = change('security', { display_phone_number: '4930111', event: 'PIN_CHANGED' }, now);
    expect(await told(other, stranger)).toEqual(['kept', 'kept']);
    expect(await troubles()).toEqual([]);
  });

  it('is looked after from time to time, each number by one instance', async () => {
    const sweeper = test.app.get(StandingSweeper);
    expect((await Promise.all([sweeper.checkDue(), sweeper.checkDue()])).sort()).toEqual([0, 1]);
    expect(await sweeper.checkDue()).toBe(0);
    expect(await value('status')).toBe('CONNECTED');
  });
});
