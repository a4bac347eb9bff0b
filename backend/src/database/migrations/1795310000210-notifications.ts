import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What each agent was told of, until they have seen it. */
export class Notifications1795310000210 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table notifications (
        agent_id uuid not null references agents on delete cascade,
        id uuid not null,
        kind text not null,
        conversation_id uuid not null references conversations on delete cascade,
        count integer not null,
        -- Newest message it is about; the note of a mention.
        message_id uuid,
        -- Who gave the thread or wrote the note.
        actor_id uuid references agents on delete cascade,
        -- Of a window that closes: when. Told once for each.
        until timestamptz,
        at timestamptz not null,
        read_at timestamptz,
        primary key (agent_id, id)
      ) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
      -- While it is unread there is one for each thread and kind.
      create unique index notifications_unread on notifications (agent_id, kind, conversation_id) where read_at is null;
      create index notifications_listed on notifications (agent_id, at desc, id desc);
      create index notifications_conversation on notifications (conversation_id, agent_id);
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`drop table notifications;`);
  }
}
