import { Injectable } from '@nestjs/common';
import type { ReceiptsPolicy } from '@parley/contract';
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
  businessAccountId: string;
  accessTokenSealed: string;
  appSecretSealed: string;
  receiptsPolicy: ReceiptsPolicy;
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

  /**
   * Stops sends of this number; the first reason stays until sending is resumed. True when this call stopped it: a
   * refusal of a token that was replaced meanwhile says nothing about the new one.
   */
  async stopSending(id: string, code: number, reason: string, tokenSealed: string | null): Promise<boolean> {
    const stopped = await query(
      this.database.pool,
      `update channels set sending_state = 'stopped', sending_code = $2, sending_reason = $3, sending_since = app_now()
       where id = $1 and sending_state = 'ok' and access_token_sealed is not distinct from $4 returning id`,
      [id, code, reason, tokenSealed],
    );
    return stopped.length === 1;
  }

  async resumeSending(id: string): Promise<void> {
    await query(
      this.database.pool,
      `update channels set sending_state = 'ok', sending_code = null, sending_reason = null, sending_since = null
       where id = $1`,
      [id],
    );
  }
}
