import { Injectable } from '@nestjs/common';
import type { ChannelColour, ReceiptsPolicy } from '@parley/contract';
import { Database, query } from '../database/database.js';
import { ChannelEntity } from './channel.entity.js';

/** What a new number starts with; everything else has a default in its column. */
export interface NewChannel {
  id: string;
  name: string;
  phoneNumberId: string;
  displayPhoneNumber: string;
  businessAccountId: string;
  portfolioId: string;
  accessTokenSealed: string | null;
  appSecretSealed: string | null;
}

export type ChannelChanges = Partial<{
  name: string;
  displayPhoneNumber: string;
  businessAccountId: string;
  portfolioId: string;
  accessTokenSealed: string;
  appSecretSealed: string;
  colour: ChannelColour | null;
  teamId: string | null;
  receiptsPolicy: ReceiptsPolicy;
  typingIndicator: boolean;
  botEnabled: boolean;
  botFallbackText: string;
}>;

@Injectable()
export class ChannelsRepository {
  constructor(private readonly database: Database) {}

  async all(): Promise<ChannelEntity[]> {
    return this.database.pool.find(ChannelEntity, { order: { createdAt: 'ASC', id: 'ASC' } });
  }

  async find(id: string): Promise<ChannelEntity | null> {
    return this.database.pool.findOneBy(ChannelEntity, { id });
  }

  /** False when the phone number id is taken. */
  async insert(channel: NewChannel): Promise<boolean> {
    const inserted = await query<{ id: string }>(
      this.database.pool,
      `insert into channels (id, name, phone_number_id, display_phone_number, business_account_id, portfolio_id,
         access_token_sealed, app_secret_sealed)
       values ($1, $2, $3, $4, $5, $6, $7, $8)
       on conflict (phone_number_id) do nothing returning id`,
      [
        channel.id,
        channel.name,
        channel.phoneNumberId,
        channel.displayPhoneNumber,
        channel.businessAccountId,
        channel.portfolioId,
        channel.accessTokenSealed,
        channel.appSecretSealed,
      ],
    );
    return inserted.length === 1;
  }

  async update(id: string, changes: ChannelChanges): Promise<void> {
    if (Object.keys(changes).length > 0) await this.database.pool.update(ChannelEntity, { id }, changes);
  }

  async isTeam(id: string): Promise<boolean> {
    return (await query(this.database.pool, 'select 1 from teams where id = $1', [id])).length > 0;
  }

  /** Lifts a stop, and with a new token also connects a number that was disconnected. */
  async resumeSending(id: string): Promise<void> {
    await query(
      this.database.pool,
      `update channels set sending_state = 'ok', sending_code = null, sending_reason = null, sending_since = null,
         sending_resumed_at = app_now(), disconnected_at = null
       where id = $1`,
      [id],
    );
  }

  /** Forgets token and secret; what is queued waits until somebody connects it again. */
  async disconnect(id: string, reason: string): Promise<void> {
    await query(
      this.database.pool,
      `update channels set access_token_sealed = null, app_secret_sealed = null, disconnected_at = app_now(),
         sending_state = 'stopped', sending_code = null, sending_reason = $2, sending_since = app_now()
       where id = $1`,
      [id, reason],
    );
  }

  /** Marks the number whose token the environment holds; the others are an admin's to change. */
  async markFromEnvironment(phoneNumberId: string | null): Promise<void> {
    await query(
      this.database.pool,
      `update channels set from_environment = phone_number_id is not distinct from $1
       where from_environment <> (phone_number_id is not distinct from $1)`,
      [phoneNumberId],
    );
  }

  /** True when it had none before. */
  async fillDisplayNumber(id: string, displayPhoneNumber: string): Promise<boolean> {
    const filled = await query(
      this.database.pool,
      `update channels set display_phone_number = $2 where id = $1 and display_phone_number = '' returning id`,
      [id, displayPhoneNumber],
    );
    return filled.length === 1;
  }

  async findByNumber(phoneNumberId: string): Promise<ChannelEntity | null> {
    return this.database.pool.findOneBy(ChannelEntity, { phoneNumberId });
  }
}
