import { Injectable } from '@nestjs/common';
import { priorities, type ConversationListQuery } from '@parley/contract';
import { seesEverything } from '../../common/access/authenticated-agent.js';
import { query, type Tx } from '../../database/database.js';
import type { Viewer } from '../conversation-access.js';
import type { ConversationView, ReadState } from '../conversation-views.js';
import {
  CONVERSATION_VIEW_COLUMNS,
  CONVERSATION_VIEW_JOINS,
  READ_STATE_COLUMNS,
  readStateJoin,
} from '../hydration.repository.js';
import type { ListPlace, ListSort } from '../list-cursor.js';
import { SEARCH_SOURCES, searchHits, triedRow } from './search-conditions.js';
import type { SearchTerms } from './search-terms.js';

/** A row of a list, with the position that the next page starts after. */
export type InboxRow = ConversationView & ReadState & { keyMicros: number; rank: number | null };

export interface InboxFilter {
  status: ConversationListQuery['status'];
  assignee: ConversationListQuery['assignee'];
  teamId: string | undefined;
  channelId: string | undefined;
  tag: string | undefined;
  priority: ConversationListQuery['priority'];
  search: SearchTerms | null;
  sort: ListSort;
  after: ListPlace | null;
  limit: number;
}

interface Sort {
  /** What comes before the column, the higher the earlier; null where nothing does. */
  rank: string | null;
  column: string;
  direction: 'asc' | 'desc';
  /** What else a row of this order must have. */
  only: string | null;
  /** A place in the order says it as well. */
  isSaidByPlace: boolean;
}

/** From 0 for none to 4 for urgent, in the words of its index. */
const rankOf = (priority: string): string =>
  `coalesce(array_position('{${priorities.join(',')}}'::text[], ${priority}), 0)`;

const SORTS: Record<ListSort, Sort> = {
  activity: { rank: null, column: 'c.last_activity_at', direction: 'desc', only: null, isSaidByPlace: false },
  oldest: { rank: null, column: 'c.last_activity_at', direction: 'asc', only: null, isSaidByPlace: false },
  waiting: {
    rank: null,
    column: 'c.waiting_since',
    direction: 'asc',
    only: 'c.waiting_since is not null',
    isSaidByPlace: true,
  },
  window: {
    rank: null,
    column: 'c.window_expires_at',
    direction: 'asc',
    only: 'c.window_expires_at > app_now()',
    isSaidByPlace: false,
  },
  priority: {
    rank: rankOf('c.priority'),
    column: 'c.last_activity_at',
    direction: 'desc',
    only: null,
    isSaidByPlace: false,
  },
};

const ACTIVE = ['open', 'pending', 'snoozed'] as const;

/** Lists of conversations: one statement each, by the index of the order that is asked for. */
@Injectable()
export class InboxRepository {
  /** One page, and one row more when there is another. */
  async list(tx: Tx, agent: Viewer, filter: InboxFilter): Promise<InboxRow[]> {
    const { search, tag } = filter;
    const rows =
      (search === null ? null : await this.gather(tx, agent, filter, search)) ??
      (await this.walk(tx, agent, filter, search));
    if (rows.length > 0 || tag === undefined) return rows;
    const known = await this.spellingOf(tx, tag);
    return known === null || known === tag ? rows : this.list(tx, agent, { ...filter, tag: known });
  }

  /** How a tag is written on threads; null when there is none. */
  private async spellingOf(tx: Tx, tag: string): Promise<string | null> {
    const [row] = await query<{ name: string }>(tx, 'select name from tags where lower(name) = lower($1)', [tag]);
    return row?.name ?? null;
  }

  /** The conversations in their order, each tried if something is searched, until the page is full. */
  private async walk(tx: Tx, agent: Viewer, filter: InboxFilter, search: SearchTerms | null): Promise<InboxRow[]> {
    const { parameters, bind } = binder();
    const tried = search ? [triedRow(search, bind)] : [];
    return query<InboxRow>(tx, pageOf(agent, filter, ['conversations c'], tried, bind), parameters);
  }

  /** The page out of what the search's indexes name; null when they name so much that walking is quicker. */
  private async gather(tx: Tx, agent: Viewer, filter: InboxFilter, search: SearchTerms): Promise<InboxRow[] | null> {
    const { parameters, bind } = binder();
    const hits = searchHits(search, bind);
    const rows = await query<(InboxRow | { id: null }) & { isCommon: boolean }>(
      tx,
      `with ${hits}
       select (select is_common from extent) as "isCommon", page.*
       from (select) once left join lateral (${pageOf(agent, filter, SEARCH_SOURCES, [], bind)}) page on true`,
      parameters,
    );
    if (rows.some(({ isCommon }) => isCommon)) return null;
    return rows.filter((row): row is InboxRow & { isCommon: boolean } => row.id !== null);
  }
}

type Bind = (value: unknown) => string;

function binder(): { parameters: unknown[]; bind: Bind } {
  const parameters: unknown[] = [];
  return { parameters, bind: (value) => `$${parameters.push(value)}` };
}

/** The statement of one page; each source yields conversations as `c`. */
function pageOf(
  agent: Viewer,
  filter: InboxFilter,
  sources: readonly string[],
  more: readonly string[],
  bind: Bind,
): string {
  const { rank, column, direction, only, isSaidByPlace } = SORTS[filter.sort];
  const conditions = [
    'c.merged_into_id is null',
    visible(agent, filter, bind),
    ...filterConditions(agent, filter, bind),
    ...more,
  ];
  if (only !== null && !(filter.after && isSaidByPlace)) conditions.push(only);
  if (filter.after) conditions.push(...placeAfter(filter.sort, filter.after, bind));
  const order = `order by ${rank === null ? '' : `${rank} ${direction}, `}${column} ${direction}, c.id ${direction}`;
  const limit = bind(filter.limit + 1);
  const rowsOf = (source: string, status: string): string =>
    `select c.* from ${source} where ${conditions.join(' and ')} ${status} ${order} limit ${limit}`;
  const statuses = statusesOf(filter);
  const [first = '', ...others] = sources.flatMap((source) => statuses.map((status) => rowsOf(source, status)));
  const rows =
    others.length === 0
      ? first
      : `select c.* from (${[first, ...others].map((some) => `(${some})`).join(' union all ')}) c ${order} limit ${limit}`;
  return `
    select ${CONVERSATION_VIEW_COLUMNS}, ${READ_STATE_COLUMNS},
      (extract(epoch from ${column}) * 1000000)::bigint as "keyMicros", ${rank ?? 'null'} as "rank"
    from (${rows}) c
    ${CONVERSATION_VIEW_JOINS} ${readStateJoin(bind(agent.id))}
    ${order}`;
}

/**
 * What stands behind a place in the order. Where it also says that the column is not null it is said once, and
 * the tie in words that the planner does not weigh: it would multiply two shares of the table, and take for a handful, to be
 * gathered and sorted, what is thousands.
 */
function placeAfter(sort: ListSort, place: ListPlace, bind: Bind): string[] {
  const { rank, column, direction, isSaidByPlace } = SORTS[sort];
  const at = `(timestamptz 'epoch' + ${bind(place.keyMicros)}::bigint * interval '1 microsecond')`;
  const than = direction === 'desc' ? '<' : '>';
  const to = `${bind(place.id)}::uuid`;
  if (rank !== null) return [`(${rank}, ${column}, c.id) ${than} (${bind(place.rank)}::int, ${at}, ${to})`];
  if (!isSaidByPlace) return [`(${column}, c.id) ${than} (${at}, ${to})`];
  return [`${column} ${than}= ${at}`, `case when ${column} = ${at} and not c.id ${than} ${to} then 1 else 0 end <> 1`];
}

/**
 * The conditions on the status, each of them a walk in order by its index. The index of the activity, of an owner, of a
 * team and of the priority begins with the status: one walk over all of them would end in years of what is resolved, or of
 * what is others'.
 * The orders of waiting and of the window have an index of what still waits, or is still open, alone.
 */
function statusesOf({ status, sort, assignee, teamId }: InboxFilter): string[] {
  const each = (statuses: readonly string[]) => statuses.map((one) => `and c.status = '${one}'`);
  if (sort === 'waiting' || sort === 'window')
    return status === 'active' ? [`and c.status in ('${ACTIVE.join("', '")}')`] : [''];
  if (status === 'active') return each(ACTIVE);
  const isByStatus = sort === 'priority' || teamId !== undefined || (assignee !== 'any' && assignee !== 'none');
  return status === 'all' && isByStatus ? each([...ACTIVE, 'resolved']) : [''];
}

/**
 * `isVisible` of conversation-access.ts as a condition on `c`. What the filter decides is left out of it: of a team that is
 * not theirs an agent sees their own threads alone, and a walk through all of the team's would find few of them.
 */
function visible(agent: Viewer, { assignee, teamId }: InboxFilter, bind: Bind): string {
  if (seesEverything(agent) || assignee === 'me' || assignee === agent.id) return 'true';
  if (teamId !== undefined && agent.teamIds.includes(teamId)) return 'true';
  const isOwn = `c.assignee_id = ${bind(agent.id)}::uuid`;
  if (teamId !== undefined) return isOwn;
  return `(c.team_id is null or c.team_id = any(${bind(agent.teamIds)}::uuid[]) or ${isOwn})`;
}

function filterConditions(agent: Viewer, filter: InboxFilter, bind: Bind): string[] {
  const conditions: string[] = [];
  if (filter.status !== 'all' && filter.status !== 'active') conditions.push(`c.status = ${bind(filter.status)}`);
  if (filter.assignee === 'none') conditions.push('c.assignee_id is null');
  else if (filter.assignee !== 'any') {
    conditions.push(`c.assignee_id = ${bind(filter.assignee === 'me' ? agent.id : filter.assignee)}`);
  }
  if (filter.teamId !== undefined) conditions.push(`c.team_id = ${bind(filter.teamId)}`);
  if (filter.channelId !== undefined) conditions.push(`c.channel_id = ${bind(filter.channelId)}`);
  if (filter.priority !== undefined) {
    const priority = `${bind(filter.priority)}::text`;
    // In the order of priorities its index finds where they begin.
    conditions.push(
      filter.sort === 'priority' ? `${rankOf('c.priority')} = ${rankOf(priority)}` : `c.priority = ${priority}`,
    );
  }
  // As a plain value: the planner knows how common it is, and gathers what is rare and walks to what is not. That there are
  // tags at all is said for the index's sake, in words that the planner does not weigh.
  if (filter.tag !== undefined)
    conditions.push(`c.tags @> array[${bind(filter.tag)}::text] and cardinality(c.tags) <> 0`);
  return conditions;
}
