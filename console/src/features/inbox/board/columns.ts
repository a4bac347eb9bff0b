import type { Agent, Conversation, Person } from '@parley/contract';
import type { InjectionKey, Ref } from 'vue';

/**
 * Open threads that one person can look after at a time, as the workspace has it; what is beyond is shown as too much, and
 * never refused.
 */
export const boardCapacity: InjectionKey<Readonly<Ref<number>>> = Symbol('boardCapacity');
/** Until the workspace has told. */
export const DEFAULT_CAPACITY = 10;

/** `idle` is here in a tab that nobody looks at; `inactive` no longer works here, and something is still theirs. */
export type AgentState = 'here' | 'idle' | 'away' | 'inactive';

/** What the columns stand for: who looks after the threads, or which team they belong to. */
export type Lanes = 'people' | 'teams';

export interface BoardColumn {
  /** `QUEUE`, the agent's id, `NO_TEAM`, or the team's id. */
  key: string;
  lanes: Lanes;
  /** Null is the queue, and every column of teams. */
  agent: Person | null;
  /** Null is what belongs to no team, and every column of people. */
  team: Named | null;
  state: AgentState | null;
  /** Who waits longest comes first; behind them those who do not wait, the latest first. */
  cards: Conversation[];
}

type Named = NonNullable<Conversation['team']>;

export const QUEUE = 'queue';
export const NO_TEAM = 'no-team';

/** The key of the column in which a thread stands. */
export const columnKeyOf = ({ assignee, team }: Conversation, lanes: Lanes): string =>
  lanes === 'teams' ? (team?.id ?? NO_TEAM) : (assignee?.id ?? QUEUE);

interface People {
  agents: readonly Pick<Agent, 'id' | 'name' | 'active'>[];
  online: ReadonlySet<string>;
  idle: ReadonlySet<string>;
}

/** The queue and a column for everybody who can be given a thread, or still has one. Their order never depends on who is here, or columns would move under the pointer. */
export function boardColumns(conversations: readonly Conversation[], { agents, online, idle }: People): BoardColumn[] {
  const open = openCards(conversations);
  const byOwner = groupBy(open, 'people');
  const active = new Set(agents.filter((agent) => agent.active).map(({ id }) => id));
  const people = new Map<string, Person>();
  for (const { id, name } of agents) if (active.has(id) || byOwner.has(id)) people.set(id, { id, name });
  // Somebody who came after the list of agents was fetched.
  for (const { assignee } of open) if (assignee && !people.has(assignee.id)) people.set(assignee.id, assignee);
  const isGone = new Set(agents.filter((agent) => !agent.active).map(({ id }) => id));
  const stateOf = (id: string): AgentState => {
    if (isGone.has(id)) return 'inactive';
    if (!online.has(id)) return 'away';
    return idle.has(id) ? 'idle' : 'here';
  };
  const columns = [...people.values()]
    .sort((a, b) => Number(isGone.has(a.id)) - Number(isGone.has(b.id)) || a.name.localeCompare(b.name))
    .map((agent) => ({
      key: agent.id,
      lanes: 'people' as const,
      agent,
      team: null,
      state: stateOf(agent.id),
      cards: byOwner.get(agent.id) ?? [],
    }));
  const queue = byOwner.get(QUEUE) ?? [];
  return [{ key: QUEUE, lanes: 'people', agent: null, team: null, state: null, cards: queue }, ...columns];
}

/** What belongs to no team, and a column for each team by name; claimed or not, all that is open stands in one of them. */
export function teamColumns(conversations: readonly Conversation[], teams: readonly Named[]): BoardColumn[] {
  const open = openCards(conversations);
  const byTeam = groupBy(open, 'teams');
  const known = new Map<string, Named>(teams.map(({ id, name }) => [id, { id, name }]));
  // A team that came after the counts were fetched.
  for (const { team } of open) if (team && !known.has(team.id)) known.set(team.id, team);
  const column = (key: string, team: Named | null): BoardColumn => ({
    key,
    lanes: 'teams',
    agent: null,
    team,
    state: null,
    cards: byTeam.get(key) ?? [],
  });
  const sorted = [...known.values()].sort((a, b) => a.name.localeCompare(b.name));
  return [column(NO_TEAM, null), ...sorted.map((team) => column(team.id, team))];
}

const openCards = (conversations: readonly Conversation[]): Conversation[] =>
  conversations.filter(({ status }) => status === 'open').sort(compareCards);

function groupBy(cards: readonly Conversation[], lanes: Lanes): Map<string, Conversation[]> {
  const groups = new Map<string, Conversation[]>();
  for (const card of cards) {
    const key = columnKeyOf(card, lanes);
    const group = groups.get(key);
    if (group) group.push(card);
    else groups.set(key, [card]);
  }
  return groups;
}

function compareCards(a: Conversation, b: Conversation): number {
  if (a.waitingSince !== null && b.waitingSince !== null) {
    return Date.parse(a.waitingSince) - Date.parse(b.waitingSince) || compareIds(a, b);
  }
  if (a.waitingSince !== b.waitingSince) return a.waitingSince === null ? 1 : -1;
  return Date.parse(b.lastActivityAt) - Date.parse(a.lastActivityAt) || compareIds(a, b);
}

const compareIds = (a: Conversation, b: Conversation): number => (a.id < b.id ? -1 : Number(a.id > b.id));

const MINUTE_MS = 60_000;
const LONG_MS = 5 * MINUTE_MS;
const TOO_LONG_MS = 15 * MINUTE_MS;

/** How pressing a wait is; told by its weight and its words too, not by the colour alone. */
export type WaitPhase = 'fresh' | 'long' | 'too-long';

export function waitPhase(waitedMs: number): WaitPhase {
  if (waitedMs >= TOO_LONG_MS) return 'too-long';
  return waitedMs >= LONG_MS ? 'long' : 'fresh';
}

/** `4:07` below an hour, so that it is seen to tick; null above, where minutes do. */
export function stopwatch(waitedMs: number): string | null {
  const seconds = Math.max(0, Math.floor(waitedMs / 1_000));
  if (seconds >= 3_600) return null;
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
