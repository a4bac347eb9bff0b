import { Injectable } from '@nestjs/common';
import type { ConversationCounts, ConversationListQuery } from '@parley/contract';
import { seesEverything } from '../common/access/authenticated-agent.js';
import { query, type Tx } from '../database/database.js';
import type { Viewer } from './conversation-access.js';
import type { ConversationView, ReadState } from './conversations.mapper.js';
import {
  CONVERSATION_VIEW_COLUMNS,
  CONVERSATION_VIEW_JOINS,
  READ_STATE_COLUMNS,
  readStateJoin,
} from './hydration.repository.js';
import type { ListPlace, ListSort } from './list-cursor.js';
import type { SearchTerms } from './search-terms.js';

/** A row of a list, with the position that the next page starts after. */
export type InboxRow = ConversationView & ReadState & { keyMicros: number };

export interface InboxFilter {
  status: ConversationListQuery['status'];
  assignee: ConversationListQuery['assignee'];
  teamId: string | undefined;
  channelId: string | undefined;
  search: SearchTerms | null;
  sort: ListSort;
  after: ListPlace | null;
  limit: number;
}

const SORTS: Record<ListSort, { column: string; direction: 'asc' | 'desc'; only: string | null }> = {
  activity: { column: 'c.last_activity_at', direction: 'desc', only: null },
  waiting: { column: 'c.waiting_since', direction: 'asc', only: 'c.waiting_since is not null' },
  window: { column: 'c.window_expires_at', direction: 'asc', only: 'c.window_expires_at > app_now()' },
};

/** Up to here the hits are gathered by index and put in order; beyond, the order is walked and each row tried. */
const RARE_MAX_HITS = 2_000;

/** The expression that the trigram index `contacts_search` is on, letter by letter. */
const CONTACT_TEXT = `fold(p.name || ' ' || coalesce(p.phone, '') || ' ' || coalesce(p.username, ''))`;

/** Lists of conversations: one statement each, by the index of the order that is asked for. */
@Injectable()
export class InboxRepository {
  /** One page, and one row more when there is another. */
  async list(tx: Tx, agent: Viewer, filter: InboxFilter): Promise<InboxRow[]> {
    const { search } = filter;
    const isRare = search !== null && !(await this.isCommon(tx, search));
    const parameters: unknown[] = [];
    const bind = (value: unknown): string => `$${parameters.push(value)}`;
    const { column, direction, only } = SORTS[filter.sort];
    const conditions = ['c.merged_into_id is null', visible(agent, bind), ...filterConditions(agent, filter, bind)];
    if (search !== null && !isRare) conditions.push(matches(search, bind));
    if (only !== null) conditions.push(only);
    if (filter.after) {
      const place = `(timestamptz 'epoch' + ${bind(filter.after.keyMicros)}::bigint * interval '1 microsecond', ${bind(filter.after.id)}::uuid)`;
      conditions.push(`(${column}, c.id) ${direction === 'desc' ? '<' : '>'} ${place}`);
    }
    const order = `order by ${column} ${direction}, c.id ${direction}`;
    return query<InboxRow>(
      tx,
      `${isRare ? searchHits(search, bind) : ''}
       select ${CONVERSATION_VIEW_COLUMNS}, ${READ_STATE_COLUMNS},
         (extract(epoch from ${column}) * 1000000)::bigint as "keyMicros"
       from (
         select c.* from ${isRare ? HITS : 'conversations c'}
         where ${conditions.join(' and ')}
         ${order} limit ${bind(filter.limit + 1)}
       ) c
       ${CONVERSATION_VIEW_JOINS} ${readStateJoin(bind(agent.id))}
       ${order}`,
      parameters,
    );
  }

  /** Whether so many messages have these words that looking at the newest conversations finds a page sooner. */
  private async isCommon(tx: Tx, search: SearchTerms): Promise<boolean> {
    const [probe] = await query<{ hits: number }>(
      tx,
      `select count(*) as hits from (select from messages m where ${bodyMatches('$1')} limit ${RARE_MAX_HITS + 1}) found`,
      [search.tsquery],
    );
    return (probe?.hits ?? 0) > RARE_MAX_HITS;
  }

  /** The standard views' counts, over what is not resolved: that stays small however long the history is. */
  async counts(tx: Tx, agent: Viewer): Promise<Omit<ConversationCounts, 'syncCursor'>> {
    const parameters: unknown[] = [];
    const bind = (value: unknown): string => `$${parameters.push(value)}`;
    const me = `${bind(agent.id)}::uuid`;
    const mine = `c.status = 'open' and c.assignee_id = ${me}`;
    const [counts] = await query<Omit<ConversationCounts, 'syncCursor'>>(
      tx,
      `select count(*) filter (where ${mine}) as "mine",
         count(*) filter (
           where ${mine} and c.inbound_count > coalesce(seen.inbound_number, c.case_inbound_base)
         ) as "mineUnread",
         count(*) filter (where c.status = 'open' and c.assignee_id is null) as "unassigned",
         count(*) filter (where c.status = 'open') as "open",
         count(*) filter (where c.status = 'pending') as "pending",
         count(*) filter (where c.status = 'snoozed') as "snoozed"
       from conversations c
       left join read_cursors seen
         on seen.conversation_id = c.id and seen.agent_id = ${me} and c.assignee_id = ${me}
       where c.merged_into_id is null and c.status <> 'resolved' and ${visible(agent, bind)}`,
      parameters,
    );
    if (!counts) throw new Error('count(*) returned no row');
    return counts;
  }
}

type Bind = (value: unknown) => string;

/** `isVisible` of conversation-access.ts as a condition on `c`. */
function visible(agent: Viewer, bind: Bind): string {
  if (seesEverything(agent)) return 'true';
  return `(c.team_id is null or c.team_id = any(${bind(agent.teamIds)}::uuid[]) or c.assignee_id = ${bind(agent.id)}::uuid)`;
}

function filterConditions(agent: Viewer, filter: InboxFilter, bind: Bind): string[] {
  const conditions: string[] = [];
  // Named one by one, so that the index by status serves it however long the history of what is resolved is.
  if (filter.status === 'active') conditions.push(`c.status in ('open', 'pending', 'snoozed')`);
  else if (filter.status !== 'all') conditions.push(`c.status = ${bind(filter.status)}`);
  if (filter.assignee === 'none') conditions.push('c.assignee_id is null');
  else if (filter.assignee !== 'any') {
    conditions.push(`c.assignee_id = ${bind(filter.assignee === 'me' ? agent.id : filter.assignee)}`);
  }
  if (filter.teamId !== undefined) conditions.push(`c.team_id = ${bind(filter.teamId)}`);
  if (filter.channelId !== undefined) conditions.push(`c.channel_id = ${bind(filter.channelId)}`);
  return conditions;
}

/** The hits' rows by primary key: without the fence the planner may walk the whole inbox looking for them. */
const HITS = `hits cross join lateral (select * from conversations whole where whole.id = hits.id offset 0) c`;

const bodyMatches = (tsquery: string) =>
  `m.body <> '' and to_tsvector('parley', m.body) @@ to_tsquery('parley', ${tsquery})`;

/** Conversations whose contact has all the words (or the number), or that have a message with all of them. */
const searchHits = (search: SearchTerms, bind: Bind): string =>
  `with hits as materialized (
      select k.id from contacts p join conversations k on k.contact_id = p.id where ${contactMatches(search, bind)}
      union
      select m.conversation_id from messages m where ${bodyMatches(bind(search.tsquery))}
    )`;

/** The same as a condition on `c`, tried row by row: `offset 0` keeps the planner from gathering every hit first. */
const matches = (search: SearchTerms, bind: Bind): string =>
  `(c.contact_id in (select p.id from contacts p where ${contactMatches(search, bind)})
    or exists (
      select from messages m where m.conversation_id = c.id and ${bodyMatches(bind(search.tsquery))} offset 0
    ))`;

function contactMatches(search: SearchTerms, bind: Bind): string {
  const words = search.words.map(({ text, isInfix }) => {
    const pattern = likeSafe(`fold(${bind(text)})`);
    if (isInfix) return `${CONTACT_TEXT} like '%' || ${pattern} || '%'`;
    return `(${CONTACT_TEXT} like ${pattern} || '%' or ${CONTACT_TEXT} like '% ' || ${pattern} || '%')`;
  });
  if (search.phoneDigits === null) return `(${words.join(' and ')})`;
  return `((${words.join(' and ')}) or ${CONTACT_TEXT} like '%' || ${bind(search.phoneDigits)} || '%')`;
}

/** Wildcards in what was typed stand for themselves. */
const likeSafe = (expression: string): string =>
  `replace(replace(replace(${expression}, '\\', '\\\\'), '%', '\\%'), '_', '\\_')`;
