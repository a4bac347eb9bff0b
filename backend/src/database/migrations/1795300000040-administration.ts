import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What admins set up without a file: the workspace, agents' own choices, and what came to Meta's door in vain. */
export class Administration1795300000040 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table workspace (
        only_row boolean primary key default true check (only_row),
        name text not null default 'Parley',
        default_locale text,
        -- For Meta's handshake, made when the environment names none.
        verify_token_sealed text,
        -- Demo: whether its day was written, and taken away again by somebody.
        demo_removed_at timestamptz,
        demo_lively boolean not null default true,
        updated_at timestamptz,
        updated_by_id uuid references agents on delete set null
      );
      insert into workspace default values;

      create table agent_preferences (
        agent_id uuid primary key references agents on delete cascade,
        preferences jsonb not null,
        updated_at timestamptz not null default now()
      );

      -- Handshakes and bad signatures: anybody may cause them, so the newest few alone are kept.
      create table door_attempts (
        id uuid primary key,
        kind text not null,
        address text not null,
        phone_number_id text,
        count integer not null default 1,
        at timestamptz not null
      );
      create index door_attempts_newest on door_attempts (at desc, id desc);
      -- The last of each kind outlives the list.
      create table door_marks (
        kind text primary key,
        at timestamptz not null
      );

      alter table channels
        add column from_environment boolean not null default false,
        add column disconnected_at timestamptz;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      alter table channels drop column from_environment, drop column disconnected_at;
      drop table door_marks, door_attempts, agent_preferences, workspace;
    `);
  }
}
