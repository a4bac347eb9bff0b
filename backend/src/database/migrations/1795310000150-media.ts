import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Files of messages: those that customers sent, fetched from Meta under a lease, and those that agents uploaded. */
export class Media1795310000150 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table media_files (
        id uuid primary key,
        -- Of a customer's file: whose token asks Meta for it, and by which id.
        channel_id uuid references channels,
        graph_id text,
        announced_mime_type text,
        announced_sha256 text,
        uploaded_by_id uuid references agents on delete set null,
        kind text not null,
        state text not null check (state in ('waiting', 'ready', 'failed', 'deleting')),
        attempts integer not null default 0,
        next_attempt_at timestamptz,
        lease_id uuid,
        lease_until timestamptz,
        failure text,
        failure_detail text,
        file_name text,
        mime_type text,
        size_bytes bigint,
        sha256 text,
        width integer,
        height integer,
        duration_ms integer,
        waveform jsonb,
        -- Since when no message names it: an upload that was not sent, or a message that was erased.
        unlinked_at timestamptz,
        created_at timestamptz not null,
        stored_at timestamptz
      ) with (fillfactor = 80);
      create index media_files_due on media_files (next_attempt_at) where state = 'waiting';
      create index media_files_unlinked on media_files (unlinked_at) where unlinked_at is not null;

      -- Under which id Meta knows a file that was uploaded to a number; Meta keeps it for 30 days.
      create table media_graph_ids (
        file_id uuid not null references media_files on delete cascade,
        channel_id uuid not null references channels,
        graph_id text not null,
        expires_at timestamptz not null,
        primary key (file_id, channel_id)
      );

      alter table messages add column media_id uuid;
      -- Of an agent's reaction: the message that carries it to Meta.
      alter table message_reactions add column carrier_id uuid;

      -- Whoever erases messages, the bytes go too: the sweep takes what nothing names.
      create function note_unlinked_media() returns trigger language plpgsql as $$
      begin
        update media_files set unlinked_at = now()
        where id = old.media_id
          and not exists (select from messages where media_id = old.media_id);
        return null;
      end $$;
      create trigger messages_media_unlinked after delete on messages
        for each row when (old.media_id is not null) execute function note_unlinked_media();
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      drop trigger messages_media_unlinked on messages;
      drop function note_unlinked_media;
      alter table message_reactions drop column carrier_id;
      alter table messages drop column media_id;
      drop table media_graph_ids, media_files;
    `);
  }
}
