import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What points at a message or a note by its conversation, and goes with it when two threads become one. */
const FOLLOWERS = [
  { table: 'message_reactions', columns: 'conversation_id, message_id', target: 'messages' },
  { table: 'send_attempts', columns: 'conversation_id, message_id', target: 'messages' },
  { table: 'note_mentions', columns: 'conversation_id, note_id', target: 'notes' },
];

/**
 * What carrying out a noted merge keeps in its row, and keys that move with a message. Each statement stands alone and
 * may be repeated, so that no lock is held while a table is checked.
 */
export class ContactMerges1795310000170 implements MigrationInterface {
  readonly transaction = false;

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      alter table contact_merges
        add column if not exists attempts integer not null default 0,
        add column if not exists next_at timestamptz not null default now(),
        -- Why the newest try came to nothing.
        add column if not exists error text,
        -- The admin who accepted or refused it; null = it was never offered, or waits for an answer.
        add column if not exists decided_by_id uuid references agents,
        add column if not exists settled_at timestamptz
    `);
    await queryRunner.query('drop index if exists contact_merges_due');
    await queryRunner.query(
      `create index concurrently contact_merges_due on contact_merges (next_at, id) where state = 'noted'`,
    );
    for (const { table, columns, target } of FOLLOWERS) {
      const old = `${table}_${columns.replace(', ', '_')}_fkey`;
      await queryRunner.query(`
        alter table ${table}
          drop constraint if exists ${old},
          drop constraint if exists ${table}_follow,
          add constraint ${table}_follow foreign key (${columns}) references ${target}
            on update cascade on delete cascade not valid
      `);
      await queryRunner.query(`alter table ${table} validate constraint ${table}_follow`);
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const { table, columns, target } of FOLLOWERS) {
      await queryRunner.query(`
        alter table ${table}
          drop constraint ${table}_follow,
          add constraint ${table}_${columns.replace(', ', '_')}_fkey foreign key (${columns}) references ${target}
            on delete cascade
      `);
    }
    await queryRunner.query(`
      drop index contact_merges_due;
      alter table contact_merges drop column settled_at, drop column decided_by_id, drop column error,
        drop column next_at, drop column attempts;
    `);
  }
}
