import type { AgentRole } from '@parley/contract';

/** Who is asking: set on the request and on the socket once the token was checked against the store. */
export interface AuthenticatedAgent {
  id: string;
  name: string;
  role: AgentRole;
  teamIds: readonly string[];
  /** The session (family of refresh tokens) that the access token belongs to. */
  sessionId: string;
}

/** Supervisors and admins see every conversation; agents those without a team, of their teams, and their own. */
export const seesEverything = (agent: Pick<AuthenticatedAgent, 'role'>): boolean => agent.role !== 'agent';
