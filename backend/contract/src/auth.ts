import { agentSchema, passwordSchema } from './agents.js';
import { idSchema, textSchema, timeSchema } from './common.js';
import { z } from './zod.js';

export const loginSchema = z
  .strictObject({ email: textSchema.trim().min(1).max(254), password: z.string().min(1).max(200) })
  .meta({ id: 'Login' });
export type Login = z.infer<typeof loginSchema>;

/** `expiresIn` is in seconds; the refresh token travels only in an httpOnly cookie. */
export const sessionSchema = z
  .object({ accessToken: z.string(), expiresIn: z.int().positive(), agent: agentSchema })
  .meta({ id: 'Session' });
export type Session = z.infer<typeof sessionSchema>;

export const changePasswordSchema = z
  .strictObject({ current: z.string().min(1).max(200), next: passwordSchema })
  .meta({ id: 'ChangePassword' });
export type ChangePassword = z.infer<typeof changePasswordSchema>;

/** One sign-in of an agent that has not ended: a browser, or a program. */
export const signedInSessionSchema = z
  .object({
    id: idSchema,
    createdAt: timeSchema,
    lastUsedAt: timeSchema,
    expiresAt: timeSchema,
    /** As the browser named itself at sign-in. */
    userAgent: z.string().nullable(),
    /** The session that asks. */
    current: z.boolean(),
  })
  .meta({ id: 'SignedInSession' });
export type SignedInSession = z.infer<typeof signedInSessionSchema>;
export const sessionListSchema = z.object({ items: z.array(signedInSessionSchema) }).meta({ id: 'SessionList' });
export type SessionList = z.infer<typeof sessionListSchema>;

/** What the sign-in page may know before anyone signed in. `signIns` is filled in demo mode only. */
export const signInOptionsSchema = z
  .object({
    demo: z.boolean(),
    signIns: z.array(
      z.object({ name: z.string(), email: z.string(), role: agentSchema.shape.role, password: z.string() }),
    ),
    simulatorUrl: z.string().nullable(),
  })
  .meta({ id: 'SignInOptions' });
export type SignInOptions = z.infer<typeof signInOptionsSchema>;
