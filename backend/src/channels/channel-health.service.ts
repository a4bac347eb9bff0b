import { Inject, Injectable } from '@nestjs/common';
import type { ChannelReport, CheckChannel, RecheckChannel } from '@parley/contract';
import { DomainError } from '../common/domain.error.js';
import { callbackUrlOf, ENVIRONMENT, type Environment } from '../config/environment.js';
import { Database } from '../database/database.js';
import { type ChannelCredentials, ChannelsService } from './channels.service.js';
import { reportOf, reportWithoutToken } from './channel-report.js';
import { GraphReader } from './graph-reader.js';
import { ChannelStandingService } from './standing/channel-standing.service.js';

const NUMBER_FIELDS = [
  'display_phone_number',
  'verified_name',
  'quality_rating',
  'status',
  'name_status',
  'platform_type',
  'code_verification_status',
  'whatsapp_business_manager_messaging_limit',
  'throughput',
  'health_status',
].join(',');
/** A number that is on the phone app and on the Cloud API (Meta: onboarding WhatsApp Business app users). */
const APP_FIELDS = 'is_on_biz_app,platform_type';
const NUMBERS_PER_PAGE = '100';

/** Asks Meta whether a number can work: with credentials before they are kept, and with the kept ones at any time. */
@Injectable()
export class ChannelHealthService {
  constructor(
    private readonly database: Database,
    private readonly channels: ChannelsService,
    private readonly graph: GraphReader,
    private readonly standing: ChannelStandingService,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  /** Nothing is kept. */
  async check({ appSecret, ...credentials }: CheckChannel): Promise<ChannelReport> {
    return this.ask({ ...credentials, appSecret: appSecret ?? null });
  }

  /**
   * With the kept credentials, or with new ones in their place. What the kept ones bring to light is kept.
   * @throws NotFoundError channel.not_found
   */
  async recheck(id: string, candidate: RecheckChannel = {}): Promise<ChannelReport> {
    const kept = await this.channels.credentials(id);
    const report = await this.ask({
      ...kept,
      accessToken: candidate.accessToken ?? kept.accessToken,
      appSecret: candidate.appSecret ?? kept.appSecret,
    });
    const isKept = candidate.accessToken === undefined && candidate.appSecret === undefined;
    if (isKept && isAnswered(report)) {
      await this.standing.learn(id, report);
      if (report.facts.displayPhoneNumber) await this.channels.learnDisplayNumber(id, report.facts.displayPhoneNumber);
    }
    return report;
  }

  /**
   * Subscribes the token's app to the account; without it Meta posts nothing.
   * @throws NotFoundError channel.not_found, DomainError channel.disconnected, channel.graph_refused
   */
  async subscribe(id: string): Promise<ChannelReport> {
    const { accessToken, businessAccountId } = await this.channels.credentials(id);
    if (accessToken === null) throw new DomainError('channel.disconnected', 409, 'This number has no token.');
    const answer = await this.graph.post(`${businessAccountId}/subscribed_apps`, { token: accessToken });
    if (answer.kind === 'answer') return this.recheck(id);
    const detail = answer.kind === 'refused' ? answer.message : answer.detail;
    throw new DomainError('channel.graph_refused', 502, 'WhatsApp did not subscribe the app.', { detail });
  }

  private async ask(credentials: ChannelCredentials): Promise<ChannelReport> {
    const { phoneNumberId, businessAccountId, accessToken: token, appSecret } = credentials;
    // Compared with checks of other instances and with what webhooks told: by the one clock.
    const now = await this.database.now();
    if (token === null) return reportWithoutToken(now);
    const number = { token, query: { fields: NUMBER_FIELDS } };
    const [tokenReading, numberReading, proof, account, subscription, app] = await Promise.all([
      this.graph.get('debug_token', { token, query: { input_token: token } }),
      this.graph.get(phoneNumberId, number),
      appSecret === null ? null : this.graph.get(phoneNumberId, { token, query: { fields: 'id' }, appSecret }),
      this.graph.get(`${businessAccountId}/phone_numbers`, { token, query: { fields: 'id', limit: NUMBERS_PER_PAGE } }),
      this.graph.get(`${businessAccountId}/subscribed_apps`, { token }),
      this.graph.get(phoneNumberId, { token, query: { fields: APP_FIELDS } }),
    ]);
    return reportOf(
      { token: tokenReading, number: numberReading, proof, account, subscription, app },
      {
        phoneNumberId,
        callbackUrl: callbackUrlOf(this.environment),
        hasSharedSecret: this.environment.whatsapp.appSecrets.length > 0,
        now,
      },
    );
  }
}

/** A line that was down says nothing about the number. */
const isAnswered = ({ checks }: ChannelReport): boolean => checks.every(({ fault }) => fault !== 'graph_unreachable');
