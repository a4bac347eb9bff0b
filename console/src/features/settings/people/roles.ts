import type { AgentRole } from '@parley/contract';

/** In the order of what they may do. */
export const agentRoles: readonly AgentRole[] = ['agent', 'supervisor', 'admin'];
