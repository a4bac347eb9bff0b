import { type AgentRole, agentRoles, type RoleList } from '@parley/contract';

/** What a role may do at all; whether it may do it to this conversation is judged by the conversation's rules. */
export const permissions = [
  'conversations.read',
  'conversations.act',
  'messages.send',
  'messages.history',
  'agents.read',
  'agents.manage',
  'teams.read',
  'teams.manage',
  'channels.read',
  'channels.manage',
  'canned_replies.read',
  'canned_replies.manage',
  'templates.read',
  'templates.manage',
  'costs.read',
  'rates.manage',
  'tags.manage',
  'bot.read',
  'bot.manage',
  'deliveries.read',
  'deliveries.replay',
  'messages.raw',
  'contacts.merge',
  'workspace.manage',
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
  'canned_replies.read',
  'templates.read',
];
const supervisorPermissions: readonly Permission[] = [
  ...agentPermissions,
  'messages.history',
  'bot.read',
  'deliveries.read',
  'canned_replies.manage',
  'costs.read',
  'tags.manage',
];

const byRole: Record<AgentRole, ReadonlySet<Permission>> = {
  agent: new Set(agentPermissions),
  supervisor: new Set(supervisorPermissions),
  admin: new Set(permissions),
};

/** Every role with what it may do, for a screen that shows it. */
export const rolesWithPermissions = (): RoleList => ({
  items: agentRoles.map((role) => ({
    role,
    permissions: permissions.filter((permission) => roleAllows(role, permission)),
  })),
});

/** Whether this role holds the permission. */
export const roleAllows = (role: AgentRole, permission: Permission): boolean => byRole[role].has(permission);
