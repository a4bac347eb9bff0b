import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Live counts of what is not resolved, kept by the database in the transaction of every change (docs/adr/0008). */
export class ConversationCounts1795310000011 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      -- One row for each kind of place that a conversation can stand in: a few dozen, however many conversations.
      create table conversation_counts (
        status text not null,
        team_id uuid,
        is_owned boolean not null,
        count bigint not null,
        unique nulls not distinct (status, team_id, is_owned)
      ) with (fillfactor = 50);

      -- What has changed since: only ever added to by writers, so that no two of them wait for the same row.
      create table conversation_count_steps (
        conversation_id uuid not null,
        status text not null,
        team_id uuid,
        is_owned boolean not null,
        step smallint not null
      ) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000,
        autovacuum_vacuum_insert_threshold = -1, autovacuum_analyze_threshold = 100000);

      create function note_conversation_counts() returns trigger language plpgsql as $$
      begin
        if tg_op <> 'INSERT' then
          if old.merged_into_id is null and old.status <> 'resolved' then
            insert into conversation_count_steps
            values (old.id, old.status, old.team_id, old.assignee_id is not null, -1);
          end if;
        end if;
        if tg_op <> 'DELETE' then
          if new.merged_into_id is null and new.status <> 'resolved' then
            insert into conversation_count_steps
            values (new.id, new.status, new.team_id, new.assignee_id is not null, 1);
          end if;
        end if;
        return null;
      end $$;
      create function forget_conversation_counts() returns trigger language plpgsql as $$
      begin
        delete from conversation_count_steps;
        delete from conversation_counts;
        return null;
      end $$;

      create trigger conversations_counted_insert after insert on conversations for each row
        when (new.merged_into_id is null and new.status <> 'resolved')
        execute function note_conversation_counts();
      -- A new message alone changes none of these: then this costs the comparison.
      create trigger conversations_counted_update after update on conversations for each row
        when (old.status is distinct from new.status or old.team_id is distinct from new.team_id
          or (old.assignee_id is null) is distinct from (new.assignee_id is null)
          or old.merged_into_id is distinct from new.merged_into_id)
        execute function note_conversation_counts();
      create trigger conversations_counted_delete after delete on conversations for each row
        when (old.merged_into_id is null and old.status <> 'resolved')
        execute function note_conversation_counts();
      create trigger conversations_counted_truncate after truncate on conversations
        execute function forget_conversation_counts();
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      drop trigger conversations_counted_truncate on conversations;
      drop trigger conversations_counted_delete on conversations;
      drop trigger conversations_counted_update on conversations;
      drop trigger conversations_counted_insert on conversations;
      drop function forget_conversation_counts();
      drop function note_conversation_counts();
      drop table conversation_count_steps, conversation_counts;
    `);
  }
}
