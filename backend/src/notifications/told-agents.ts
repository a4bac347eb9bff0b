import { defaultNotifyLevels, type NotifyEvent } from '@parley/contract';

/** Condition on `a` (agents): they are told of this kind at all. A constant for each kind, so that it can be prepared. */
export const isToldOf = (kind: NotifyEvent): string => `
  a.active and coalesce((select p.preferences -> 'notify' ->> '${kind}' from agent_preferences p where p.agent_id = a.id),
    '${defaultNotifyLevels[kind]}') <> 'off'`;

/** Condition on `a` (agents) and `c` (conversations): the SQL twin of `isVisible`. */
export const IS_VISIBLE = `(a.role <> 'agent' or c.assignee_id = a.id or c.team_id is null
  or exists (select from team_members tm where tm.team_id = c.team_id and tm.agent_id = a.id))`;
