import type { ChannelColour, ReceiptsPolicy } from '@parley/contract';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A business number of ours at Meta. Secrets are sealed by `SecretBox`. */
@Entity('channels')
export class ChannelEntity {
  @PrimaryColumn('uuid') id!: string;
  @Column('text') name!: string;
  @Column('text', { name: 'phone_number_id' }) phoneNumberId!: string;
  @Column('text', { name: 'display_phone_number' }) displayPhoneNumber!: string;
  @Column('text', { name: 'business_account_id' }) businessAccountId!: string;
  /** Scope of BSUIDs (Meta: business-scoped user ids are per portfolio). */
  @Column('text', { name: 'portfolio_id' }) portfolioId!: string;
  @Column('text', { name: 'access_token_sealed', nullable: true }) accessTokenSealed!: string | null;
  @Column('text', { name: 'app_secret_sealed', nullable: true }) appSecretSealed!: string | null;
  @Column('text', { nullable: true }) colour!: ChannelColour | null;
  @Column('uuid', { name: 'team_id', nullable: true }) teamId!: string | null;
  @Column('text', { name: 'receipts_policy' }) receiptsPolicy!: ReceiptsPolicy;
  @Column('boolean', { name: 'typing_indicator' }) typingIndicator!: boolean;
  @Column('boolean', { name: 'bot_enabled' }) botEnabled!: boolean;
  @Column('text', { name: 'bot_fallback_text' }) botFallbackText!: string;
  @Column('text', { name: 'sending_state' }) sendingState!: 'ok' | 'stopped';
  @Column('integer', { name: 'sending_code', nullable: true }) sendingCode!: number | null;
  @Column('text', { name: 'sending_reason', nullable: true }) sendingReason!: string | null;
  @Column('timestamptz', { name: 'sending_since', nullable: true }) sendingSince!: Date | null;
  @Column('boolean', { name: 'from_environment' }) fromEnvironment!: boolean;
  /** Set while it is not connected: its threads stay, nothing goes in or out. */
  @Column('timestamptz', { name: 'disconnected_at', nullable: true }) disconnectedAt!: Date | null;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
}
