import { agentSchema, passwordSchema } from './agents.js';
import { textSchema } from './common.js';
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
