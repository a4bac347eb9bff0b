import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The clock that decides, the log that everything durable goes through, and the consumers that follow it. */
export class Foundation1795300000001 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create extension if not exists pg_trgm;
      create extension if not exists unaccent;

      -- Whatever decides (window, lease, snooze, deadline) asks app_now(); only tests write the shift.
      create table app_clock (
        only_row boolean primary key default true check (only_row),
        shift interval not null default interval '0'
      );
      insert into app_clock default values;
      -- STABLE on purpose: a volatile function in a condition turns an index scan into a scan of the table.
      create function app_now() returns timestamptz language sql stable parallel safe
        as $$ select clock_timestamp() + shift from app_clock $$;

      -- Folds case and accents for search; unaccent() itself is only STABLE because its dictionary could change.
      create function fold(value text) returns text language sql immutable parallel safe strict
        as $$ select lower(public.unaccent('public.unaccent', value)) $$;
      create text search configuration parley (copy = simple);
      alter text search configuration parley alter mapping for asciiword, asciihword, hword_asciipart, word, hword, hword_part, numword, numhword
        with unaccent, simple;

      create table log_meta (
        only_row boolean primary key default true check (only_row),
        -- Rotated by a restore; part of the epoch that every cursor carries.
        marker uuid not null default gen_random_uuid(),
        -- Identity of the server that the rows' xids belong to; another one means that the log must be re-stamped.
        stamped_epoch text,
        -- Everything up to and including this position was deleted.
        floor_xid xid8 not null default '0',
        floor_id bigint not null default 0
      );
      insert into log_meta default values;

      -- Ids, never contents: a reader hydrates a page with one query, so nothing stale or erased is ever sent.
      create table events (
        xid xid8 not null default pg_current_xact_id(),
        id bigint generated always as identity,
        type text not null,
        conversation_id uuid,
        message_id uuid,
        -- The agent the event belongs to alone (read cursors, changes of access).
        agent_id uuid,
        team_before uuid,
        team_after uuid,
        assignee_before uuid,
        assignee_after uuid,
        data jsonb,
        created_at timestamptz not null default now(),
        primary key (xid, id)
      ) with (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);

      create table log_consumers (
        name text primary key,
        xid xid8 not null,
        id bigint not null,
        enabled boolean not null default true,
        disabled_reason text,
        updated_at timestamptz not null default now()
      );
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      drop table log_consumers, events, log_meta;
      drop text search configuration parley;
      drop function fold(text);
      drop function app_now();
      drop table app_clock;
    `);
  }
}
