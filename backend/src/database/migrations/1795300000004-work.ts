import type { MigrationInterface, QueryRunner } from 'typeorm';

/** All state of all work: deliveries taken from Meta, sends, read receipts, the bot. */
export class Work1795300000004 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table webhook_deliveries (
        id uuid primary key,
        received_at timestamptz not null default now(),
        body_hash bytea not null unique,
        body bytea not null,
        state text not null default 'new' check (state in ('new', 'processing', 'done', 'retry', 'dead')),
        -- Leases so far; every write for a delivery is fenced by it.
        attempts integer not null default 0,
        -- Deaths in a row of the process that was at work on it.
        deaths integer not null default 0,
        next_at timestamptz not null default now(),
        lease_until timestamptz,
        error text
      ) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
      -- lz4 where the server was built with it: cheaper than the default by far at these sizes.
      do $$ begin
        alter table webhook_deliveries alter column body set compression lz4;
      exception when feature_not_supported then null;
      end $$;
      create index webhook_deliveries_due on webhook_deliveries (next_at, id) where state in ('new', 'processing', 'retry');
      create index webhook_deliveries_newest on webhook_deliveries (received_at desc, id desc);

      -- The instance that drains right now: one at a time, so that every customer's messages keep their order.
      create table webhook_drain (
        only_row boolean primary key default true check (only_row),
        worker_id uuid,
        lease_until timestamptz
      );
      insert into webhook_drain default values;

      create table webhook_items (
        delivery_id uuid not null references webhook_deliveries on delete cascade,
        ordinal integer not null,
        kind text not null,
        channel_id uuid,
        wamid text,
        outcome text not null check (outcome in
          ('pending', 'applied', 'duplicate', 'kept', 'waiting', 'unrouted', 'dead')),
        reason text,
        attempts integer not null default 0,
        -- The wamid that a waiting item waits for; of an unrouted one the phone_number_id.
        waiting_for text,
        conversation_id uuid,
        message_id uuid,
        updated_at timestamptz not null default now(),
        primary key (delivery_id, ordinal)
      );
      create index webhook_items_waiting on webhook_items (channel_id, waiting_for) where outcome = 'waiting';
      create index webhook_items_open on webhook_items (outcome, delivery_id) where outcome in ('pending', 'waiting', 'unrouted', 'dead');

      -- One row per conversation that ever sent: what is leased is this row, never a message. It also paces the pair.
      create table outbox (
        conversation_id uuid primary key references conversations on delete cascade,
        channel_id uuid not null references channels,
        -- When its head may be tried; null = nothing queued.
        due_at timestamptz,
        -- 0 = a person's message waits, 1 = only the bot's: people go first when the number's pace is short.
        rank smallint not null default 0,
        lease_id uuid,
        lease_until timestamptz,
        -- Theoretical arrival time of the pair limit (GCRA): one message in 6 s with a burst.
        pair_tat timestamptz
      ) with (fillfactor = 60);
      create index outbox_due on outbox (channel_id, rank, due_at) where due_at is not null and lease_id is null;
      create index outbox_leased on outbox (lease_until) where lease_id is not null;

      create table send_attempts (
        conversation_id uuid not null,
        message_id uuid not null,
        attempt integer not null,
        lease_id uuid not null,
        started_at timestamptz not null,
        finished_at timestamptz,
        outcome text,
        http_status integer,
        code integer,
        detail text,
        primary key (conversation_id, message_id, attempt),
        foreign key (conversation_id, message_id) references messages on delete cascade
      );

      -- Mark-as-read calls to Meta, the newest per conversation; also the typing indicator to the customer.
      create table read_receipts (
        conversation_id uuid primary key references conversations on delete cascade,
        channel_id uuid not null references channels,
        wamid text not null,
        seq bigint not null,
        sent_seq bigint not null default 0,
        due_at timestamptz,
        attempts integer not null default 0,
        lease_until timestamptz
      );
      create index read_receipts_due on read_receipts (due_at) where due_at is not null;

      create table bot_rules (
        id uuid primary key,
        channel_id uuid not null references channels on delete cascade,
        position integer not null,
        name text not null,
        enabled boolean not null default true,
        match text not null check (match in ('word', 'contains', 'exact')),
        keywords text[] not null,
        answer jsonb not null,
        hand_over boolean not null default false,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        unique (channel_id, position) deferrable initially deferred
      );
      -- Work of the bot: advanced with its position in the log in one transaction, so each turn exists once.
      create table bot_turns (
        conversation_id uuid not null references conversations on delete cascade,
        -- seq of the customer's message it answers.
        trigger_seq bigint not null,
        state text not null default 'due' check (state in ('due', 'answered', 'skipped')),
        reason text,
        rule_id uuid,
        message_id uuid,
        attempts integer not null default 0,
        due_at timestamptz not null,
        created_at timestamptz not null default now(),
        primary key (conversation_id, trigger_seq)
      );
      create index bot_turns_due on bot_turns (due_at) where state = 'due';
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      drop table bot_turns, bot_rules, read_receipts, send_attempts, outbox, webhook_items, webhook_drain, webhook_deliveries;
    `);
  }
}
