import { idSchema, timeSchema } from './common.js';
import { notifyEvents } from './constants.js';
import { callPermissionSchema } from './messages/inbound-content.js';
import { z } from './zod.js';

const base64UrlOf = (bytes: number) =>
  z
    .string()
    .regex(/^[\w-]+={0,2}$/)
    .refine((text) => Math.floor((text.replace(/=+$/, '').length * 3) / 4) === bytes, `must be ${bytes} bytes`);

/** A browser that takes pushes, as its `PushSubscription` describes itself. */
export const addPushDeviceSchema = z
  .strictObject({
    endpoint: z.url({ protocol: /^https?$/ }).max(1_024),
    keys: z.strictObject({ p256dh: base64UrlOf(65), auth: base64UrlOf(16) }),
    expirationTime: z.number().nullish(),
  })
  .meta({ id: 'AddPushDevice' });
export type AddPushDevice = z.infer<typeof addPushDeviceSchema>;

export const pushDeviceSchema = z
  .object({
    id: idSchema,
    /** As the browser named itself. */
    userAgent: z.string().nullable(),
    createdAt: timeSchema,
    /** When its push service last took something. */
    pushedAt: timeSchema.nullable(),
    /** Why its push service last refused. */
    failure: z.string().nullable(),
    /** It belongs to the session that asks. */
    current: z.boolean(),
  })
  .meta({ id: 'PushDevice' });
export type PushDevice = z.infer<typeof pushDeviceSchema>;

/** `publicKey` is what a browser subscribes with. */
export const pushSetupSchema = z
  .object({ publicKey: z.string(), devices: z.array(pushDeviceSchema) })
  .meta({ id: 'PushSetup' });
export type PushSetup = z.infer<typeof pushSetupSchema>;

/** `gone`: the push service knows that browser no more, so it was removed. */
export const pushTestSchema = z
  .object({ outcome: z.enum(['sent', 'gone', 'failed']), failure: z.string().nullable() })
  .meta({ id: 'PushTest' });
export type PushTest = z.infer<typeof pushTestSchema>;

/** What travels to a browser, sealed for it alone. The customer's words are in it only where the agent wants them. */
export const pushPayloadSchema = z.object({
  kind: z.enum([...notifyEvents, 'test']),
  /** Later ones with the same take the place of earlier ones. */
  tag: z.string(),
  /** Where it leads, below the console's origin. */
  path: z.string(),
  /** Who it is about; empty for a group whose name nobody told. */
  title: z.string(),
  count: z.int().positive(),
  by: z.string().nullable(),
  text: z.string().nullable(),
  /** In place of `text`: the customer's answer to the question whether they may be called. */
  callPermission: callPermissionSchema.optional(),
});
export type PushPayload = z.infer<typeof pushPayloadSchema>;
