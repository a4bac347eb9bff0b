import type { AgentRole } from '@parley/contract';

/** What a role may do at all; whether it may do it to this conversation is judged by the conversation's rules. */
export const permissions = [
  'conversations.read',
  'conversations.act',
  'messages.send',
  'agents.read',
  'agents.manage',
  'teams.read',
  'teams.manage',
  'channels.read',
  'channels.manage',
  'bot.read',
  'bot.manage',
  'deliveries.read',
  'deliveries.replay',
  'session.own',
] as const;
export type Permission = (typeof permissions)[number];

const agentPermissions: readonly Permission[] = [
  'session.own',
  'conversations.read',
  'conversations.act',
  'messages.send',
  'agents.read',
  'teams.read',
  'channels.read',
];
const supervisorPermissions: readonly Permission[] = [...agentPermissions, 'bot.read', 'deliveries.read'];

const byRole: Record<AgentRole, ReadonlySet<Permission>> = {
  agent: new Set(agentPermissions),
  supervisor: new Set(supervisorPermissions),
  admin: new Set(permissions),
};

/** Whether this role holds the permission. */
export const roleAllows = (role: AgentRole, permission: Permission): boolean => byRole[role].has(permission);
