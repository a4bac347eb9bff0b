import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Agents, teams, sessions, business numbers. */
export class PeopleAndChannels1795300000002 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table agents (
        id uuid primary key,
        name text not null,
        email text not null,
        role text not null check (role in ('agent', 'supervisor', 'admin')),
        active boolean not null default true,
        password_hash text not null,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now()
      );
      create unique index agents_email_key on agents (lower(email));

      create table teams (
        id uuid primary key,
        name text not null,
        created_at timestamptz not null default now()
      );
      create unique index teams_name_key on teams (lower(name));
      create table team_members (
        team_id uuid not null references teams on delete cascade,
        agent_id uuid not null references agents on delete cascade,
        primary key (team_id, agent_id)
      );
      create index team_members_agent on team_members (agent_id);

      -- A session is a family of refresh tokens; revoking it ends the family, the access tokens and the sockets.
      create table sessions (
        id uuid primary key,
        agent_id uuid not null references agents on delete cascade,
        created_at timestamptz not null default now(),
        last_used_at timestamptz not null default now(),
        expires_at timestamptz not null,
        revoked_at timestamptz,
        revoked_reason text,
        user_agent text
      );
      create index sessions_agent on sessions (agent_id) where revoked_at is null;
      create table refresh_tokens (
        hash bytea primary key,
        session_id uuid not null references sessions on delete cascade,
        issued_at timestamptz not null,
        replaced_at timestamptz
      );
      create index refresh_tokens_session on refresh_tokens (session_id);
      create table login_throttles (
        key text primary key,
        failures integer not null,
        blocked_until timestamptz,
        updated_at timestamptz not null
      );

      create table channels (
        id uuid primary key,
        name text not null,
        phone_number_id text not null unique,
        display_phone_number text not null default '',
        business_account_id text not null,
        -- Scope of BSUIDs. Until an admin names the portfolio, a business account is its own.
        portfolio_id text not null,
        access_token_sealed text,
        app_secret_sealed text,
        receipts_policy text not null default 'on_open' check (receipts_policy in ('on_open', 'on_reply', 'never')),
        bot_enabled boolean not null default false,
        bot_fallback_text text not null default 'Thank you for your message. Our team will respond shortly.',
        sending_state text not null default 'ok' check (sending_state in ('ok', 'stopped')),
        sending_code integer,
        sending_reason text,
        sending_since timestamptz,
        -- Messages a second that Meta allows this number (80, 1,000 or 20), and the pace kept below it right now.
        rate_limit real not null default 80,
        pace_rate real not null default 72,
        pace_tokens real not null default 72,
        pace_at timestamptz not null default now(),
        slowed_at timestamptz,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now()
      ) with (fillfactor = 50);

      -- What Meta says about a number or an account as a whole: errors-only bodies, alerts, restrictions.
      create table channel_notices (
        id uuid primary key,
        channel_id uuid references channels on delete cascade,
        business_account_id text,
        kind text not null,
        code integer,
        title text,
        details jsonb,
        created_at timestamptz not null default now()
      );
      create index channel_notices_newest on channel_notices (channel_id, created_at desc);
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      drop table channel_notices, channels, login_throttles, refresh_tokens, sessions, team_members, teams, agents;
    `);
  }
}
