import { Injectable } from '@nestjs/common';
import type { FailureState, MessageError, MessageStatus, MessageType, SenderType } from '@parley/contract';
import { seesEverything } from '../common/access/authenticated-agent.js';
import type { Viewer } from '../conversations/conversation-access.js';
import { query, type Tx } from '../database/database.js';
import type { FailurePlace } from './failure-cursor.js';
import { AT, CAN_GET_THROUGH, CODE, ITEM_COLUMNS, ITEM_JOINS, UNSETTLED, WAITING } from './failures.sql.js';

/** The messages of one cause on one number. */
export interface GroupRow {
  state: FailureState;
  code: string;
  channelId: string;
  channelName: string;
  count: number;
  oldestAt: Date;
  newestAt: Date;
  retryable: boolean;
}

/** One message on the desk with what is shown of it, and what decides whether it may be sent again. */
export interface ItemRow {
  id: string;
  conversationId: string;
  seq: number;
  type: MessageType;
  status: MessageStatus;
  body: string;
  error: MessageError | null;
  eventAt: Date;
  failedAt: Date | null;
  unknownAt: Date | null;
  isRevoked: boolean;
  /** When it came onto the desk, in microseconds since 1970: a Date would lose three digits. */
  atMicros: number;
  senderType: SenderType;
  senderId: string | null;
  senderName: string | null;
  contactId: string | null;
  contactName: string | null;
  contactUsername: string | null;
  contactPhone: string | null;
  contactBsuid: string | null;
  channelId: string;
  channelName: string;
  isStopped: boolean;
  /** Whether we have blocked the customer. */
  isBlocked: boolean;
  /** Whether it is marketing, as its template was when it was sent or as Meta said then, and the customer wants none. */
  isUnwanted: boolean;
  assigneeId: string | null;
  assigneeName: string | null;
  lastSeq: number;
  windowExpiresAt: Date | null;
}

export interface MessageRef {
  conversationId: string;
  messageId: string;
}

/** One to settle; `at` = when it came onto the desk, as whoever settles it saw it. */
export interface SeenRef extends MessageRef {
  at?: string | undefined;
}

/** A message that was settled or put back, and where its thread stands, for the log. */
export interface SettledRow extends MessageRef {
  teamId: string | null;
  assigneeId: string | null;
}

export interface PageFilter {
  state: FailureState;
  code: string;
  channelId: string | null;
  after: FailurePlace | null;
  limit: number;
}

/** `isVisible` of conversation-access.ts as a condition on `c`; its two parameters are the ones from `$n` on. */
const visible = (agent: Viewer, n: number): string =>
  seesEverything(agent)
    ? ''
    : `and (c.team_id is null or c.team_id = any($${String(n)}::uuid[]) or c.assignee_id = $${String(n + 1)}::uuid)`;
const viewerParameters = (agent: Viewer): unknown[] => (seesEverything(agent) ? [] : [agent.teamIds, agent.id]);

/** The failure desk in SQL: what failed or is unknown by a partial index of that alone, what waits by the outbox. */
@Injectable()
export class FailuresRepository {
  /** Everything on the desk that this agent may see, by state, code and number. */
  async groups(tx: Tx, agent: Viewer): Promise<GroupRow[]> {
    const place = seesEverything(agent) ? '' : 'join conversations c on c.id = m.conversation_id';
    return query<GroupRow>(
      tx,
      `select g.state, g.code, g.channel_id as "channelId", ch.name as "channelName", g.count, g.oldest as "oldestAt",
              g.newest as "newestAt", g.retryable
       from (
         select m.status as state, ${CODE} as code, m.channel_id, count(*)::int as count, min(${AT}) as oldest,
                max(${AT}) as newest, bool_or(${CAN_GET_THROUGH}) as retryable
         from messages m ${place}
         where ${UNSETTLED} ${visible(agent, 1)}
         group by 1, 2, 3
         union all
         select m.state, m.code, m.channel_id, count(*)::int, min(m.event_at), max(m.event_at), false
         from (${WAITING}) m ${place}
         where true ${visible(agent, 1)}
         group by 1, 2, 3
       ) g
       join channels ch on ch.id = g.channel_id`,
      viewerParameters(agent),
    );
  }

  /** One page of a group, those that came last first. */
  async page(tx: Tx, agent: Viewer, { state, code, channelId, after, limit }: PageFilter): Promise<ItemRow[]> {
    const isWaiting = state === 'paused' || state === 'limited';
    const at = isWaiting ? 'm.event_at' : AT;
    const source = isWaiting
      ? `(${WAITING}) m join conversations c on c.id = m.conversation_id where m.state = $1 and m.code = $2`
      : `messages m join conversations c on c.id = m.conversation_id
         where ${UNSETTLED} and m.status = $1 and ${CODE} = $2`;
    return query<ItemRow>(
      tx,
      `select ${ITEM_COLUMNS}
       from (
         select m.conversation_id, m.id, ${at} as at
         from ${source}
           and ($3::uuid is null or m.channel_id = $3)
           and ($4::bigint is null
             or (${at}, m.id) < (timestamptz 'epoch' + $4::bigint * interval '1 microsecond', $5::uuid))
           ${visible(agent, 7)}
         order by ${at} desc, m.id desc limit $6
       ) found
       ${ITEM_JOINS}
       order by found.at desc, found.id desc`,
      [state, code, channelId, after?.atMicros ?? null, after?.id ?? null, limit, ...viewerParameters(agent)],
    );
  }

  /** Takes messages off the desk, or (`isBack`) puts back what was taken off; returns those that this changed. */
  async settle(tx: Tx, agent: Viewer, refs: readonly SeenRef[], isBack: boolean, now: Date): Promise<SettledRow[]> {
    return query<SettledRow>(
      tx,
      `with target as materialized (
         select m.conversation_id, m.id, c.team_id, c.assignee_id
         from unnest($1::uuid[], $2::uuid[], $5::timestamptz[]) as ref (conversation_id, id, at)
         join conversations named on named.id = ref.conversation_id
         join conversations c on c.id = coalesce(named.merged_into_id, named.id)
         join messages m on m.conversation_id = c.id and m.id = ref.id
         where m.direction = 'outbound' and m.status in ('failed', 'unknown')
           and (ref.at is null or ref.at = date_trunc('milliseconds', ${AT}))
           and case when $4 then m.settled_as is not distinct from 'dismissed' else m.settled_at is null end
           ${visible(agent, 6)}
         order by m.conversation_id, m.id
         for update of m
       )
       update messages m
       set settled_at = case when not $4 then $3::timestamptz end, settled_as = case when not $4 then 'dismissed' end,
           rev = m.rev + 1
       from target t
       where m.conversation_id = t.conversation_id and m.id = t.id
       returning m.conversation_id as "conversationId", m.id as "messageId", t.team_id as "teamId",
         t.assignee_id as "assigneeId"`,
      [
        refs.map(({ conversationId }) => conversationId),
        refs.map(({ messageId }) => messageId),
        now,
        isBack,
        refs.map(({ at }) => at ?? null),
        ...viewerParameters(agent),
      ],
    );
  }
}
