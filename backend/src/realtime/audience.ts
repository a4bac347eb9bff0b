import { seesEverything, type AuthenticatedAgent } from '../common/access/authenticated-agent.js';
import type { Viewer } from '../conversations/conversation-access.js';

/** What decides who may see a conversation. */
export interface Place {
  teamId: string | null;
  assigneeId: string | null;
}

/** Sockets that get durable events at all: they have resumed. */
export const LIVE_ROOM = 'live';
const SUPERVISORS_ROOM = 'supervisors';
/** Agents; what has no team is for all of them. */
const EVERYONE_ROOM = 'everyone';
const teamRoom = (teamId: string): string => `team:${teamId}`;
export const agentRoom = (agentId: string): string => `agent:${agentId}`;

/** The rooms of a socket, from who its agent is in the store; a client never names a room. */
export function roomsOfAgent(agent: Viewer): string[] {
  const own = [LIVE_ROOM, agentRoom(agent.id)];
  return seesEverything(agent) ? [...own, SUPERVISORS_ROOM] : [...own, EVERYONE_ROOM, ...agent.teamIds.map(teamRoom)];
}

/** The rooms whose sockets may see a conversation that stands there; the twin of `isVisible`. */
export function roomsOfPlace(place: Place): string[] {
  return [
    SUPERVISORS_ROOM,
    place.teamId === null ? EVERYONE_ROOM : teamRoom(place.teamId),
    ...(place.assigneeId === null ? [] : [agentRoom(place.assigneeId)]),
  ];
}

export const isSamePlace = (left: Place, right: Place): boolean =>
  left.teamId === right.teamId && left.assigneeId === right.assigneeId;

/** Whether two views of the same agent allow different things. */
export function hasOtherAccess(before: AuthenticatedAgent, after: AuthenticatedAgent): boolean {
  const known = new Set(roomsOfAgent(before));
  const now = roomsOfAgent(after);
  return before.role !== after.role || now.length !== known.size || now.some((room) => !known.has(room));
}
