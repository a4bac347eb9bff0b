import { idSchema, personSchema, textSchema, timeSchema } from './common.js';
import { z } from './zod.js';

/** What holds for everybody in this installation. */
export const workspaceSchema = z
  .object({
    name: z.string(),
    /** The console's language for who has chosen none; null = the browser's. */
    defaultLocale: z.string().nullable(),
    /** Minutes without any connection after which an owner's threads with a waiting customer go back to the queue; null = never. */
    releaseAfterMinutes: z.int().nullable(),
    /** Open threads that one agent can look after at a time: the measure of the board, which refuses nothing by it. */
    agentCapacity: z.int().positive(),
    updatedAt: timeSchema.nullable(),
    updatedBy: personSchema.nullable(),
  })
  .meta({ id: 'Workspace' });
export type Workspace = z.infer<typeof workspaceSchema>;

export const updateWorkspaceSchema = z
  .strictObject({
    name: textSchema.trim().min(1).max(80).optional(),
    defaultLocale: z
      .string()
      .regex(/^[a-z]{2}(-[A-Z]{2})?$/)
      .nullable()
      .optional(),
    releaseAfterMinutes: z.int().min(1).max(1_440).nullable().optional(),
    agentCapacity: z.int().min(1).max(200).optional(),
  })
  .meta({ id: 'UpdateWorkspace' });
export type UpdateWorkspace = z.infer<typeof updateWorkspaceSchema>;

/**
 * What came to Meta's door and was no delivery: the handshake, well or not, and bodies whose signature fits no secret.
 * `number` is what an unsigned body says of itself: a hint, not a fact.
 */
export const doorAttemptKinds = [
  'handshake',
  'handshake_wrong_token',
  'handshake_malformed',
  'signature_bad',
  'signature_missing',
] as const;
export type DoorAttemptKind = (typeof doorAttemptKinds)[number];
export const doorAttemptSchema = z
  .object({
    id: idSchema,
    kind: z.enum(doorAttemptKinds),
    at: timeSchema,
    /** Attempts of the same kind from the same address that came right after are counted, not listed. */
    count: z.int().positive(),
    address: z.string(),
    phoneNumberId: z.string().nullable(),
  })
  .meta({ id: 'DoorAttempt' });
export type DoorAttempt = z.infer<typeof doorAttemptSchema>;

/** How far one number has come. */
export const channelProgressSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    phoneNumberId: z.string(),
    displayPhoneNumber: z.string(),
    hasToken: z.boolean(),
    hasAppSecret: z.boolean(),
    firstMessageAt: timeSchema.nullable(),
    lastMessageAt: timeSchema.nullable(),
    /** The newest reply of a person: how far its ticks got. */
    reply: z
      .object({
        status: z.string(),
        at: timeSchema,
        error: z.object({ code: z.int().nullable(), title: z.string() }).nullable(),
      })
      .nullable(),
    /** When a reply first got its second tick. */
    firstDeliveredAt: timeSchema.nullable(),
  })
  .meta({ id: 'ChannelProgress' });
export type ChannelProgress = z.infer<typeof channelProgressSchema>;

/** What only a demo has: customers that keep writing, and a day of conversations that can be taken away. */
export const demoSchema = z
  .object({ lively: z.boolean(), removed: z.boolean(), conversations: z.int().nonnegative() })
  .meta({ id: 'Demo' });
export type Demo = z.infer<typeof demoSchema>;
export const updateDemoSchema = z.strictObject({ lively: z.boolean() }).meta({ id: 'UpdateDemo' });
export type UpdateDemo = z.infer<typeof updateDemoSchema>;

/** Everything that the set-up page needs to test itself. */
export const setupSchema = z
  .object({
    now: timeSchema,
    callbackUrl: z.string(),
    /** Whether Meta can reach that address at all: it asks for https and a name that the world knows. */
    callbackReach: z.enum(['public', 'not_https', 'local']),
    /** To be pasted at Meta; shown to admins alone. */
    verifyToken: z.string(),
    admins: z.int(),
    agents: z.int(),
    channels: z.array(channelProgressSchema),
    /** The last good handshake, even when its attempt is no longer listed. */
    lastHandshakeAt: timeSchema.nullable(),
    lastDeliveryAt: timeSchema.nullable(),
    attempts: z.array(doorAttemptSchema),
    /** Numbers that Meta posts for and that nobody connected. */
    unrouted: z.array(z.object({ phoneNumberId: z.string(), count: z.int(), lastAt: timeSchema })),
    demo: z.boolean(),
    simulatorUrl: z.string().nullable(),
  })
  .meta({ id: 'Setup' });
export type Setup = z.infer<typeof setupSchema>;
