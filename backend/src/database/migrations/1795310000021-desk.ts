import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What an agent's desk needs: notes, mentions, drafts, tags by name, acts and sends that can be taken back. */
export class Desk1795310000021 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      -- Beside the messages, not among them: nothing that sends looks here, so no note can ever reach a customer.
      create table notes (
        conversation_id uuid not null references conversations on delete cascade,
        id uuid not null,
        client_note_id uuid not null,
        rev bigint not null default 1,
        after_seq bigint not null,
        author_id uuid not null references agents,
        body text not null,
        mentions uuid[] not null default '{}',
        message_id uuid,
        pinned boolean not null default false,
        created_at timestamptz not null,
        edited_at timestamptz,
        deleted_at timestamptz,
        primary key (conversation_id, id),
        unique (conversation_id, client_note_id)
      );
      create index notes_shown on notes (conversation_id, after_seq, id);

      -- Who was named where; what a centre of notices lists.
      create table note_mentions (
        conversation_id uuid not null,
        note_id uuid not null,
        agent_id uuid not null references agents on delete cascade,
        created_at timestamptz not null,
        primary key (agent_id, note_id),
        foreign key (conversation_id, note_id) references notes on delete cascade
      );
      create index note_mentions_newest on note_mentions (agent_id, created_at desc);

      -- An emptied draft stays as an empty row: its rev keeps a late save from bringing it back.
      create table drafts (
        conversation_id uuid not null references conversations on delete cascade,
        agent_id uuid not null references agents on delete cascade,
        mode text not null check (mode in ('reply', 'note')),
        body text not null,
        rev integer not null default 1,
        updated_at timestamptz not null,
        primary key (conversation_id, agent_id, mode)
      ) with (fillfactor = 70);
      create index drafts_of_agent on drafts (agent_id) where body <> '';

      -- Each tag once, in the spelling in which it was first used.
      create table tags (
        name text not null,
        created_at timestamptz not null default now()
      );
      create unique index tags_name on tags (lower(name));
      insert into tags (name)
        select distinct on (lower(tag)) tag from conversations, unnest(tags) as tag order by lower(tag), tag;

      -- How a conversation stood before the newest act on it: whoever acted may take it back for a minute.
      create table conversation_undos (
        conversation_id uuid primary key references conversations on delete cascade,
        -- version after the act; anything newer voids it.
        version integer not null,
        agent_id uuid not null references agents on delete cascade,
        before jsonb not null,
        made_at timestamptz not null
      ) with (fillfactor = 70);

      -- Until then a queued message is held back and may be taken back.
      alter table messages add column held_until timestamptz;
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      alter table messages drop column held_until;
      drop table conversation_undos, tags, drafts, note_mentions, notes;
    `);
  }
}
