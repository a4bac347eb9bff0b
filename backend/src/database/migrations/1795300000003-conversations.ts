import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Contacts, the one continuous thread, its messages and what is known of each. */
export class Conversations1795300000003 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table contacts (
        id uuid primary key,
        name text not null default '',
        username text,
        phone text,
        merged_into_id uuid references contacts,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now()
      ) with (fillfactor = 80);
      create index contacts_search on contacts
        using gin (fold(name || ' ' || coalesce(phone, '') || ' ' || coalesce(username, '')) gin_trgm_ops);

      -- The strongest identity names the person: bsuid (scope: portfolio), parent_bsuid, wa_id (scope '').
      create table contact_identities (
        kind text not null check (kind in ('bsuid', 'parent_bsuid', 'wa_id')),
        scope text not null,
        value text not null,
        contact_id uuid not null references contacts on delete cascade,
        retired_at timestamptz,
        created_at timestamptz not null default now(),
        primary key (kind, scope, value)
      );
      create index contact_identities_contact on contact_identities (contact_id);

      -- A webhook transaction never merges; it notes what a worker then does alone, or an admin decides.
      create table contact_merges (
        id uuid primary key,
        from_contact_id uuid not null references contacts on delete cascade,
        into_contact_id uuid not null references contacts on delete cascade,
        reason text not null,
        state text not null default 'noted' check (state in ('noted', 'offered', 'done', 'refused')),
        created_at timestamptz not null default now(),
        unique (from_contact_id, into_contact_id)
      );

      create table conversations (
        id uuid primary key,
        channel_id uuid not null references channels,
        kind text not null default 'direct' check (kind in ('direct', 'group')),
        contact_id uuid references contacts,
        group_id text,
        status text not null check (status in ('open', 'pending', 'snoozed', 'resolved')),
        assignee_id uuid references agents,
        -- Who owned it before it was resolved, snoozed or released: the reopening policy gives it back.
        last_assignee_id uuid references agents,
        team_id uuid references teams on delete set null,
        snoozed_until timestamptz,
        priority text check (priority in ('low', 'normal', 'high', 'urgent')),
        tags text[] not null default '{}',
        attributes jsonb not null default '{}',
        -- version guards intent, rev orders payloads (see the contract).
        version integer not null default 1,
        rev bigint not null default 1,
        last_seq bigint not null default 0,
        inbound_count bigint not null default 0,
        -- seq of the customer's newest message: the bot answers only while nothing newer came.
        last_inbound_seq bigint not null default 0,
        last_message_id uuid,
        -- Arrival order of the inbox.
        last_activity_at timestamptz not null,
        -- The window is 24 h from the greatest event time of a customer's message or call.
        window_expires_at timestamptz,
        waiting_since timestamptz,
        case_id uuid,
        -- inbound_count when the current case opened: what an agent without a read cursor has not seen.
        case_inbound_base bigint not null default 0,
        merged_into_id uuid references conversations,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        constraint conversations_bot_has_no_assignee check (status <> 'pending' or assignee_id is null),
        constraint conversations_snoozed_until check ((status = 'snoozed') = (snoozed_until is not null)),
        constraint conversations_kind check ((kind = 'direct') = (contact_id is not null and group_id is null))
      ) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
      create unique index conversations_direct on conversations (channel_id, contact_id)
        where kind = 'direct' and merged_into_id is null;
      create unique index conversations_group on conversations (channel_id, group_id)
        where kind = 'group' and merged_into_id is null;
      create index conversations_contact on conversations (contact_id);
      create index conversations_activity on conversations (last_activity_at desc, id desc) where merged_into_id is null;
      create index conversations_status_activity on conversations (status, last_activity_at desc, id desc)
        where merged_into_id is null and status <> 'resolved';
      create index conversations_assignee_activity on conversations (assignee_id, status, last_activity_at desc, id desc)
        where merged_into_id is null and assignee_id is not null;
      create index conversations_queue on conversations (last_activity_at desc, id desc)
        where merged_into_id is null and status = 'open' and assignee_id is null;
      create index conversations_resolved on conversations (last_activity_at desc, id desc)
        where merged_into_id is null and status = 'resolved';
      create index conversations_team on conversations (team_id, status, last_activity_at desc, id desc)
        where merged_into_id is null and team_id is not null;
      create index conversations_waiting on conversations (waiting_since, id)
        where merged_into_id is null and waiting_since is not null;
      create index conversations_window on conversations (window_expires_at, id)
        where merged_into_id is null and window_expires_at is not null;
      create index conversations_snoozed on conversations (snoozed_until) where status = 'snoozed';

      -- One cycle from opening to resolving.
      create table cases (
        conversation_id uuid not null references conversations on delete cascade,
        id uuid not null,
        number integer not null,
        opened_at timestamptz not null,
        opened_by text not null check (opened_by in ('contact', 'agent', 'system')),
        first_replied_at timestamptz,
        resolved_at timestamptz,
        resolved_by_id uuid references agents,
        primary key (conversation_id, id),
        unique (conversation_id, number)
      );

      create table messages (
        conversation_id uuid not null references conversations on delete cascade,
        id uuid not null,
        channel_id uuid not null,
        case_id uuid,
        -- Gap-free arrival number, given under the conversation's row lock.
        seq bigint not null,
        rev bigint not null default 1,
        direction text not null check (direction in ('inbound', 'outbound')),
        sender_type text not null check (sender_type in ('contact', 'agent', 'bot', 'system')),
        sender_id uuid,
        type text not null,
        -- What search finds and a list row shows: text, caption, title of a tapped button.
        body text not null default '',
        -- The type's own part as the contract's mapper reads it; sanitised, never the untrusted tree whole.
        content jsonb not null default '{}',
        -- Meta's type word where ours is 'unsupported' or broader.
        raw_type text,
        forwarded boolean not null default false,
        reply_to_id uuid,
        reply_to_wamid text,
        wamid text,
        client_message_id uuid,
        client_request jsonb,
        -- Of the bot's messages: what must still hold when it leaves (checked at the send's lease).
        send_guard jsonb,
        status text not null check (status in
          ('received', 'queued', 'sending', 'accepted', 'sent', 'delivered', 'read', 'played', 'failed', 'unknown')),
        error jsonb,
        attempts integer not null default 0,
        next_attempt_at timestamptz,
        -- Meta's timestamp, clamped to the receiving time when absurd (then meta_timestamp keeps the original).
        event_at timestamptz not null,
        meta_timestamp text,
        -- Whole seconds of event_at: the thread is shown in the order (event_second, seq).
        event_second bigint not null,
        -- inbound_count of the conversation once this message was in: a read cursor copies it.
        inbound_number bigint not null,
        accepted_at timestamptz,
        sent_at timestamptz,
        delivered_at timestamptz,
        read_at timestamptz,
        played_at timestamptz,
        failed_at timestamptz,
        unknown_at timestamptz,
        created_at timestamptz not null default now(),
        primary key (conversation_id, id)
      ) with (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
      create unique index messages_seq on messages (conversation_id, seq);
      create unique index messages_client_id on messages (conversation_id, client_message_id)
        where client_message_id is not null;
      create index messages_shown on messages (conversation_id, event_second desc, seq desc);
      create index messages_unsent on messages (conversation_id, seq) where status in ('queued', 'sending');
      create index messages_search on messages using gin (to_tsvector('parley', body)) where body <> '';

      -- Dedup, written in the transaction of the effect; never partitioned by time.
      create table message_keys (
        channel_id uuid not null,
        wamid text not null,
        conversation_id uuid not null,
        message_id uuid not null,
        primary key (channel_id, wamid)
      );

      -- Earliest time of each step; the row with participant '' is the meeting point of answer, statuses and echoes.
      create table message_statuses (
        channel_id uuid not null,
        wamid text not null,
        participant text not null default '',
        conversation_id uuid,
        message_id uuid,
        attempt integer,
        accepted_at timestamptz,
        sent_at timestamptz,
        delivered_at timestamptz,
        read_at timestamptz,
        played_at timestamptz,
        failed_at timestamptz,
        errors jsonb,
        pricing jsonb,
        -- Values that move nothing today: kept with their times.
        others jsonb,
        primary key (channel_id, wamid, participant)
      ) with (fillfactor = 80);

      -- One per actor and message; a removed reaction stays as a null emoji so that a late one cannot bring it back.
      create table message_reactions (
        conversation_id uuid not null,
        message_id uuid not null,
        actor_type text not null check (actor_type in ('contact', 'agent')),
        actor_id uuid not null,
        emoji text,
        wamid text,
        event_at timestamptz not null,
        primary key (conversation_id, message_id, actor_type, actor_id),
        foreign key (conversation_id, message_id) references messages on delete cascade
      );

      create table timeline_entries (
        conversation_id uuid not null references conversations on delete cascade,
        id uuid not null,
        after_seq bigint not null,
        kind text not null,
        actor_type text not null check (actor_type in ('contact', 'agent', 'bot', 'system')),
        actor_id uuid,
        target_id uuid,
        until timestamptz,
        created_at timestamptz not null,
        primary key (conversation_id, id)
      );
      create index timeline_entries_shown on timeline_entries (conversation_id, after_seq, id);

      create table read_cursors (
        conversation_id uuid not null references conversations on delete cascade,
        agent_id uuid not null references agents on delete cascade,
        seq bigint not null,
        inbound_number bigint not null,
        updated_at timestamptz not null default now(),
        primary key (conversation_id, agent_id)
      ) with (fillfactor = 80);
      create index read_cursors_agent on read_cursors (agent_id);
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      drop table read_cursors, timeline_entries, message_reactions, message_statuses, message_keys, messages, cases,
        conversations, contact_merges, contact_identities, contacts;
    `);
  }
}
