import { ATTRIBUTES_MAX, type Priority } from '@parley/contract';
import type { ConversationRow } from '../conversation.row.js';

/** Two threads of one channel that belong to one person: the older survives, whoever it belonged to. */
export interface ThreadPair {
  survivor: ConversationRow;
  younger: ConversationRow;
}

/** What the survivor becomes beside the messages that it takes in. */
export type MergedState = Pick<
  ConversationRow,
  | 'status'
  | 'assigneeId'
  | 'lastAssigneeId'
  | 'teamId'
  | 'snoozedUntil'
  | 'priority'
  | 'tags'
  | 'lastSeq'
  | 'inboundCount'
  | 'lastInboundSeq'
  | 'lastMessageId'
  | 'lastActivityAt'
  | 'windowExpiresAt'
  | 'waitingSince'
  | 'caseId'
  | 'caseInboundBase'
  | 'blockedAt'
>;

const PRIORITIES: readonly (Priority | null)[] = [null, 'low', 'normal', 'high', 'urgent'];

type Thread = Pick<ConversationRow, 'id' | 'createdAt'>;
const isOlder = (left: Thread, right: Thread): boolean =>
  left.createdAt.getTime() === right.createdAt.getTime() ? left.id < right.id : left.createdAt < right.createdAt;

/** The channels on which both contacts have a direct thread; what is merged already is left out. */
export function pairsOf(rows: readonly ConversationRow[], fromId: string, intoId: string): ThreadPair[] {
  const live = rows.filter((row) => row.kind === 'direct' && row.mergedIntoId === null);
  return live
    .filter((row) => row.contactId === fromId)
    .flatMap((theirs) => {
      const other = live.find((row) => row.contactId === intoId && row.channelId === theirs.channelId);
      if (!other) return [];
      return [isOlder(theirs, other) ? { survivor: theirs, younger: other } : { survivor: other, younger: theirs }];
    });
}

/** How near to a person a thread is: owned before waiting in the queue, before the bot, before out of sight. */
function humanity({ status, assigneeId }: Pick<ConversationRow, 'status' | 'assigneeId'>): number {
  if (status === 'open') return assigneeId === null ? 3 : 4;
  return { pending: 2, snoozed: 1, resolved: 0 }[status];
}

/** The state of the more human of the two; of equals the survivor's own. */
export function mergedState({ survivor, younger }: ThreadPair): MergedState {
  const leader = humanity(younger) > humanity(survivor) ? younger : survivor;
  const other = leader === survivor ? younger : survivor;
  const isTheYoungersCase =
    younger.caseId !== null && !hasOpenCase(survivor) && (hasOpenCase(younger) || !survivor.caseId);
  return {
    status: leader.status,
    assigneeId: leader.assigneeId,
    lastAssigneeId: leader.lastAssigneeId ?? other.lastAssigneeId,
    teamId: leader.teamId,
    snoozedUntil: leader.snoozedUntil,
    priority: higher(survivor.priority, younger.priority),
    tags: united(survivor.tags, younger.tags),
    lastSeq: survivor.lastSeq + younger.lastSeq,
    inboundCount: survivor.inboundCount + younger.inboundCount,
    lastInboundSeq: younger.lastInboundSeq > 0 ? survivor.lastSeq + younger.lastInboundSeq : survivor.lastInboundSeq,
    lastMessageId: younger.lastMessageId ?? survivor.lastMessageId,
    lastActivityAt: later(survivor.lastActivityAt, younger.lastActivityAt) ?? survivor.lastActivityAt,
    windowExpiresAt: later(survivor.windowExpiresAt, younger.windowExpiresAt),
    waitingSince: earlier(waitingOf(survivor), waitingOf(younger)),
    caseId: isTheYoungersCase ? younger.caseId : survivor.caseId,
    caseInboundBase: isTheYoungersCase ? survivor.inboundCount + younger.caseInboundBase : survivor.caseInboundBase,
    blockedAt: earlier(survivor.blockedAt, younger.blockedAt),
  };
}

/** Whether the younger's case ends here: one conversation has one open case. */
export const closesYoungersCase = ({ survivor, younger }: ThreadPair): boolean =>
  hasOpenCase(survivor) && hasOpenCase(younger);

/** What is known of a person. */
export interface PersonFacts {
  name: string;
  /** When Meta last told the name; null = before all that is told. */
  namedAt: Date | null;
  username: string | null;
  usernameAt: Date | null;
  phone: string | null;
  language: string | null;
  attributes: Record<string, string>;
}

/**
 * Filled where it is empty, and of two names the one that Meta told last; never more attributes than a contact may have.
 */
export function filledFrom(into: PersonFacts, from: PersonFacts): PersonFacts {
  const added = Object.entries(from.attributes).filter(([name]) => !Object.hasOwn(into.attributes, name));
  const room = Math.max(0, ATTRIBUTES_MAX - Object.keys(into.attributes).length);
  const named = into.name === '' || (from.name !== '' && isLater(from.namedAt, into.namedAt)) ? from : into;
  const called = into.username === null || (from.username !== null && isLater(from.usernameAt, into.usernameAt));
  const { username, usernameAt } = called ? from : into;
  return {
    name: named.name,
    namedAt: named.namedAt,
    username,
    usernameAt,
    phone: into.phone ?? from.phone,
    language: into.language ?? from.language,
    attributes: { ...Object.fromEntries(added.slice(0, room)), ...into.attributes },
  };
}

const hasOpenCase = ({ status, caseId }: ConversationRow): boolean => status !== 'resolved' && caseId !== null;
const waitingOf = ({ status, waitingSince }: ConversationRow): Date | null =>
  status === 'resolved' ? null : waitingSince;

const higher = (left: Priority | null, right: Priority | null): Priority | null =>
  PRIORITIES.indexOf(right) > PRIORITIES.indexOf(left) ? right : left;

function united(left: readonly string[], right: readonly string[]): string[] {
  const known = new Set(left.map((tag) => tag.toLowerCase()));
  return [...left, ...right.filter((tag) => !known.has(tag.toLowerCase()))];
}

const isLater = (at: Date | null, other: Date | null): boolean => at !== null && (other === null || at > other);

function later(left: Date | null, right: Date | null): Date | null {
  if (left === null || right === null) return left ?? right;
  return right > left ? right : left;
}

function earlier(left: Date | null, right: Date | null): Date | null {
  if (left === null || right === null) return left ?? right;
  return right < left ? right : left;
}
