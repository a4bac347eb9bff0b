import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Channel, CreateChannel, ReceiptsPolicy, UpdateChannel } from '@parley/contract';
import { DomainError, NotFoundError } from '../common/domain.error.js';
import { newId } from '../common/ids.js';
import { SecretBox } from '../common/secret-box.js';
import { ENVIRONMENT, type Environment } from '../config/environment.js';
import { Database } from '../database/database.js';
import { HintsService } from '../hints/hints.service.js';
import { LogRepository } from '../log/log.repository.js';
import type { ChannelEntity } from './channel.entity.js';
import { ChannelsRepository } from './channels.repository.js';

/** What routing, pacing and policies need to know of a number on every message. */
export interface ChannelRoute {
  id: string;
  name: string;
  phoneNumberId: string;
  displayPhoneNumber: string;
  businessAccountId: string;
  portfolioId: string;
  receiptsPolicy: ReceiptsPolicy;
  botEnabled: boolean;
  botFallbackText: string;
  sendingState: 'ok' | 'stopped';
}

/** In the clear: for the calls that ask Meta about the number, and never for an answer. */
export interface ChannelCredentials {
  phoneNumberId: string;
  businessAccountId: string;
  accessToken: string | null;
  appSecret: string | null;
}

interface Snapshot {
  readAtMs: number;
  routes: Map<string, ChannelRoute>;
  appSecrets: readonly string[];
}

/** Other instances' changes are seen after at most this long. */
const SNAPSHOT_MAX_AGE_MS = 5_000;

/** The business numbers, their secrets and whether they may send. */
@Injectable()
export class ChannelsService {
  private readonly logger = new Logger(ChannelsService.name);
  private readonly secrets: SecretBox;
  private snapshot: Promise<Snapshot> | null = null;

  constructor(
    private readonly repository: ChannelsRepository,
    private readonly hints: HintsService,
    private readonly database: Database,
    private readonly log: LogRepository,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {
    this.secrets = new SecretBox(environment.encryptionKeys);
  }

  /** Routes by Meta's phone number id; at most five seconds old. */
  async routes(): Promise<Map<string, ChannelRoute>> {
    return (await this.current()).routes;
  }

  /** Reads the numbers again: before a message counts as unrouted, and after a change. */
  async refresh(): Promise<void> {
    this.snapshot = null;
    await this.current();
  }

  /** @throws NotFoundError channel.not_found */
  async byId(id: string): Promise<ChannelRoute> {
    return toRoute(await this.get(id));
  }

  /** App secrets of the environment and of every number: each is tried on a signature. */
  async appSecrets(): Promise<readonly string[]> {
    return (await this.current()).appSecrets;
  }

  /** The number's sealed token in the clear. */
  openAccessToken(id: string, tokenSealed: string): string {
    return this.open(tokenSealed, 'access_token', id);
  }

  async list(): Promise<Channel[]> {
    return (await this.repository.all()).map(toContract);
  }

  /** @throws DomainError channel.number_taken */
  async create(request: CreateChannel): Promise<Channel> {
    const id = newId();
    const isNew = await this.repository.insert({
      id,
      name: request.name,
      phoneNumberId: request.phoneNumberId,
      displayPhoneNumber: request.displayPhoneNumber,
      businessAccountId: request.businessAccountId,
      portfolioId: request.businessAccountId,
      accessTokenSealed: this.seal(request.accessToken, 'access_token', id),
      appSecretSealed: request.appSecret ? this.seal(request.appSecret, 'app_secret', id) : null,
    });
    if (!isNew) return this.connectAgain(request);
    await this.changed(id);
    return toContract(await this.get(id));
  }

  /**
   * A new token or `resumeSending` lifts a stop; what waited goes on at the sender's next look. Who changes the policy to
   * `on_reply` wants ticks that wait for the reply: the typing indicator would turn them blue, so it ends unless it is
   * asked for in the same breath.
   * @throws NotFoundError channel.not_found, team.not_found
   */
  async update(id: string, request: UpdateChannel): Promise<Channel> {
    const current = await this.get(id);
    const { accessToken, appSecret, resumeSending, ...plain } = request;
    if (current.disconnectedAt && accessToken === undefined && (resumeSending || appSecret !== undefined)) {
      throw new DomainError('channel.disconnected', 409, 'Connect this number with a token first.');
    }
    if (plain.teamId && !(await this.repository.isTeam(plain.teamId))) throw new NotFoundError('team');
    const becomesOnReply = request.receiptsPolicy === 'on_reply' && current.receiptsPolicy !== 'on_reply';
    await this.repository.update(id, {
      ...(becomesOnReply && { typingIndicator: false }),
      ...plain,
      ...(accessToken === undefined ? {} : { accessTokenSealed: this.seal(accessToken, 'access_token', id) }),
      ...(appSecret === undefined ? {} : { appSecretSealed: this.seal(appSecret, 'app_secret', id) }),
    });
    if (accessToken !== undefined || resumeSending) await this.repository.resumeSending(id);
    await this.changed(id);
    return toContract(await this.get(id));
  }

  /**
   * Forgets the number's token and secret. Its threads stay; what Meta still posts for it is unrouted.
   * @throws NotFoundError channel.not_found, DomainError channel.from_environment
   */
  async disconnect(id: string): Promise<Channel> {
    if ((await this.get(id)).fromEnvironment) {
      throw new DomainError('channel.from_environment', 409, 'The environment connects this number at each start.');
    }
    await this.repository.disconnect(id, 'This number was disconnected.');
    await this.changed(id);
    return toContract(await this.get(id));
  }

  /**
   * What Meta has to be asked about: the number with its token and secret in the clear.
   * @throws NotFoundError channel.not_found
   */
  async credentials(id: string): Promise<ChannelCredentials> {
    const channel = await this.get(id);
    const { phoneNumberId, businessAccountId, appSecretSealed } = channel;
    const appSecret = appSecretSealed === null ? null : this.open(appSecretSealed, 'app_secret', id);
    return { phoneNumberId, businessAccountId, accessToken: this.tokenOf(channel), appSecret };
  }

  /** What webhooks call the number, once Meta was asked; one that somebody entered stays. */
  async learnDisplayNumber(id: string, displayPhoneNumber: string): Promise<void> {
    if (await this.repository.fillDisplayNumber(id, displayPhoneNumber)) await this.changed(id);
  }

  /** Upserts the number that the environment names; called at each start. */
  async upsertFromEnvironment(): Promise<void> {
    const { number } = this.environment.whatsapp;
    if (!number) return this.repository.markFromEnvironment(null);
    const existing = (await this.repository.all()).find((channel) => channel.phoneNumberId === number.phoneNumberId);
    if (!existing) {
      const id = newId();
      await this.repository.insert({
        id,
        name: 'WhatsApp',
        phoneNumberId: number.phoneNumberId,
        displayPhoneNumber: '',
        businessAccountId: number.businessAccountId,
        portfolioId: number.businessAccountId,
        accessTokenSealed: this.seal(number.accessToken, 'access_token', id),
        appSecretSealed: null,
      });
    } else if (this.tokenOf(existing) !== number.accessToken) {
      await this.repository.update(existing.id, {
        businessAccountId: number.businessAccountId,
        accessTokenSealed: this.seal(number.accessToken, 'access_token', existing.id),
      });
      await this.repository.resumeSending(existing.id);
    }
    await this.repository.markFromEnvironment(number.phoneNumberId);
    await this.refresh();
  }

  /** A number that was disconnected comes back with all its threads. */
  private async connectAgain(request: CreateChannel): Promise<Channel> {
    const existing = await this.repository.findByNumber(request.phoneNumberId);
    if (!existing?.disconnectedAt) {
      throw new DomainError('channel.number_taken', 409, 'This phone number id is connected already.');
    }
    await this.repository.update(existing.id, {
      displayPhoneNumber: request.displayPhoneNumber,
      businessAccountId: request.businessAccountId,
    });
    const { name, accessToken, appSecret } = request;
    return this.update(existing.id, { name, accessToken, ...(appSecret === undefined ? {} : { appSecret }) });
  }

  /** Tells every instance and every console that a number is otherwise than before. */
  async changed(id: string): Promise<void> {
    await this.refresh();
    this.hints.publish('setup', { reason: 'channels' });
    const { businessAccountId } = await this.get(id);
    await this.database.transaction((tx) =>
      this.log.append(tx, [{ type: 'channels.changed', data: { businessAccountId } }]),
    );
  }

  private tokenOf({ id, accessTokenSealed }: ChannelEntity): string | null {
    return accessTokenSealed === null ? null : this.openAccessToken(id, accessTokenSealed);
  }

  private async get(id: string): Promise<ChannelEntity> {
    const channel = await this.repository.find(id);
    if (!channel) throw new NotFoundError('channel');
    return channel;
  }

  private current(): Promise<Snapshot> {
    const previous = this.snapshot;
    this.snapshot = (async () => {
      const known = await previous?.catch(() => null);
      if (known && Date.now() - known.readAtMs < SNAPSHOT_MAX_AGE_MS) return known;
      const channels = await this.repository.all();
      const connected = channels.filter(({ disconnectedAt }) => disconnectedAt === null);
      const routes = new Map(connected.map((channel) => [channel.phoneNumberId, toRoute(channel)]));
      return { readAtMs: Date.now(), routes, appSecrets: this.secretsOf(channels) };
    })();
    return this.snapshot;
  }

  /** A secret that no key opens is left out: one number's trouble must not shut the door for all. */
  private secretsOf(channels: ChannelEntity[]): string[] {
    const own: string[] = [];
    for (const { id, appSecretSealed } of channels) {
      if (!appSecretSealed) continue;
      try {
        own.push(this.open(appSecretSealed, 'app_secret', id));
      } catch (error) {
        this.logger.error(`the app secret of channel ${id} cannot be opened: ${String(error)}`);
      }
    }
    return [...new Set([...this.environment.whatsapp.appSecrets, ...own])];
  }

  private seal(plain: string, column: string, id: string): string {
    return this.secrets.seal(plain, `channels.${column}.${id}`);
  }

  private open(sealed: string, column: string, id: string): string {
    return this.secrets.open(sealed, `channels.${column}.${id}`);
  }
}

function toRoute(channel: ChannelEntity): ChannelRoute {
  const { id, name, phoneNumberId, displayPhoneNumber, businessAccountId, portfolioId } = channel;
  const { receiptsPolicy, botEnabled, botFallbackText, sendingState } = channel;
  return {
    id,
    name,
    phoneNumberId,
    displayPhoneNumber,
    businessAccountId,
    portfolioId,
    receiptsPolicy,
    botEnabled,
    botFallbackText,
    sendingState,
  };
}

function toContract(channel: ChannelEntity): Channel {
  return {
    id: channel.id,
    name: channel.name,
    phoneNumberId: channel.phoneNumberId,
    displayPhoneNumber: channel.displayPhoneNumber,
    businessAccountId: channel.businessAccountId,
    colour: channel.colour,
    teamId: channel.teamId,
    receiptsPolicy: channel.receiptsPolicy,
    typingIndicator: channel.typingIndicator,
    botEnabled: channel.botEnabled,
    botFallbackText: channel.botFallbackText,
    connected: channel.disconnectedAt === null,
    fromEnvironment: channel.fromEnvironment,
    hasAppSecret: channel.appSecretSealed !== null,
    sending: {
      state: channel.sendingState,
      code: channel.sendingCode,
      reason: channel.sendingReason,
      since: channel.sendingSince?.toISOString() ?? null,
    },
  };
}
