import { idSchema, textSchema, timeSchema } from './common.js';
import { z } from './zod.js';

export const agentRoles = ['agent', 'supervisor', 'admin'] as const;
export type AgentRole = (typeof agentRoles)[number];

/** A person who signs in to the console. */
export const agentSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    email: z.string(),
    role: z.enum(agentRoles),
    active: z.boolean(),
    teamIds: z.array(idSchema),
    createdAt: timeSchema,
  })
  .meta({ id: 'Agent' });
export type Agent = z.infer<typeof agentSchema>;

const nameSchema = textSchema.trim().min(1).max(120);
const emailSchema = z.email().max(254);
/** NIST SP 800-63B: length decides, no composition rules. */
export const passwordSchema = z.string().min(10).max(200);

/** Without a password one is generated; the answer carries it, once. */
export const createAgentSchema = z
  .strictObject({ name: nameSchema, email: emailSchema, role: z.enum(agentRoles), password: passwordSchema.optional() })
  .meta({ id: 'CreateAgent' });
export type CreateAgent = z.infer<typeof createAgentSchema>;

/** `generatedPassword` is there when the server made it: it is told here and nowhere else. */
export const createdAgentSchema = agentSchema
  .extend({ generatedPassword: z.string().optional() })
  .meta({ id: 'CreatedAgent' });
export type CreatedAgent = z.infer<typeof createdAgentSchema>;

/** A password that the server made, told once. */
export const generatedPasswordSchema = z.object({ password: z.string() }).meta({ id: 'GeneratedPassword' });
export type GeneratedPassword = z.infer<typeof generatedPasswordSchema>;

/** What agents may change of themselves. */
export const updateOwnAgentSchema = z.strictObject({ name: nameSchema }).meta({ id: 'UpdateOwnAgent' });
export type UpdateOwnAgent = z.infer<typeof updateOwnAgentSchema>;

export const updateAgentSchema = z
  .strictObject({
    name: nameSchema.optional(),
    role: z.enum(agentRoles).optional(),
    active: z.boolean().optional(),
    password: passwordSchema.optional(),
  })
  .meta({ id: 'UpdateAgent' });
export type UpdateAgent = z.infer<typeof updateAgentSchema>;

export const agentListSchema = z.object({ items: z.array(agentSchema) }).meta({ id: 'AgentList' });
export type AgentList = z.infer<typeof agentListSchema>;

export const teamSchema = z
  .object({ id: idSchema, name: z.string(), memberIds: z.array(idSchema) })
  .meta({ id: 'Team' });
export type Team = z.infer<typeof teamSchema>;
export const teamListSchema = z.object({ items: z.array(teamSchema) }).meta({ id: 'TeamList' });
export type TeamList = z.infer<typeof teamListSchema>;
export const createTeamSchema = z.strictObject({ name: nameSchema }).meta({ id: 'CreateTeam' });
export type CreateTeam = z.infer<typeof createTeamSchema>;
export const updateTeamSchema = z.strictObject({ name: nameSchema }).meta({ id: 'UpdateTeam' });
export type UpdateTeam = z.infer<typeof updateTeamSchema>;
export const setTeamMembersSchema = z
  .strictObject({ agentIds: z.array(idSchema).max(1_000) })
  .meta({ id: 'SetTeamMembers' });
export type SetTeamMembers = z.infer<typeof setTeamMembersSchema>;

/** What each role may do at all, as the server checks it. */
export const roleListSchema = z
  .object({ items: z.array(z.object({ role: z.enum(agentRoles), permissions: z.array(z.string()) })) })
  .meta({ id: 'RoleList' });
export type RoleList = z.infer<typeof roleListSchema>;
