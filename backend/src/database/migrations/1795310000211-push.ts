import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Browsers that take pushes, this installation's key pair, and what is to be pushed. */
export class Push1795310000211 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      -- The key pair that push services know this installation by (RFC 8292): one for good, or every browser would have to
      -- be asked anew.
      create table push_keys (
        id boolean primary key default true check (id),
        public_key text not null,
        private_key_sealed text not null,
        created_at timestamptz not null default now()
      );

      create table push_devices (
        id uuid primary key,
        agent_id uuid not null references agents on delete cascade,
        session_id uuid not null references sessions on delete cascade,
        endpoint text not null unique,
        p256dh text not null,
        auth text not null,
        user_agent text,
        created_at timestamptz not null,
        -- When its push service last took one, and why it last did not.
        pushed_at timestamptz,
        failure text
      );
      create index push_devices_agent on push_devices (agent_id);
      create index push_devices_session on push_devices (session_id);

      -- One for each notification and browser; due_at null = sent. A sent one stays, so that more of the same waits a while.
      create table pushes (
        device_id uuid not null references push_devices on delete cascade,
        notification_id uuid not null,
        agent_id uuid not null,
        due_at timestamptz,
        attempts smallint not null default 0,
        sent_at timestamptz,
        primary key (device_id, notification_id),
        foreign key (agent_id, notification_id) references notifications on delete cascade
      ) with (fillfactor = 80);
      create index pushes_due on pushes (due_at) where due_at is not null;
      create index pushes_notification on pushes (agent_id, notification_id);

      -- Whoever signed out, wherever that was said, is told nothing more on that browser.
      create function forget_push_devices() returns trigger language plpgsql as $$
      begin
        delete from push_devices where session_id = new.id;
        return null;
      end $$;
      create trigger sessions_forget_push_devices after update of revoked_at on sessions for each row
        when (old.revoked_at is null and new.revoked_at is not null)
        execute function forget_push_devices();
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      drop trigger sessions_forget_push_devices on sessions;
      drop function forget_push_devices();
      drop table pushes, push_devices, push_keys;
    `);
  }
}
