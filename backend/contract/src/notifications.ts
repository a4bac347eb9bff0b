import { cursorSchema, idSchema, limitSchema, personSchema, timeSchema } from './common.js';
import { notifyEvents } from './constants.js';
import { callPermissionSchema } from './messages/inbound-content.js';
import { z } from './zod.js';

/**
 * What an agent was told of. While it is unread there is one for each thread and kind: more of the same moves it up and
 * adds to its `count`.
 */
export const notificationSchema = z
  .object({
    id: idSchema,
    kind: z.enum(notifyEvents),
    conversation: z.object({
      id: idSchema,
      contact: personSchema,
      channel: personSchema,
      team: personSchema.nullable(),
    }),
    /** How many messages, mentions or failures it stands for. */
    count: z.int().positive(),
    /** Newest message it is about; the note of a mention; null where it is about the thread itself. */
    messageId: idSchema.nullable(),
    /** Who gave the thread or wrote the note. */
    actor: personSchema.nullable(),
    /** Type and first words of the newest message; of an answer about calls `text` has but Meta's word. */
    message: z
      .object({ type: z.string(), text: z.string(), callPermission: callPermissionSchema.optional() })
      .nullable(),
    /** When the window closes; null unless that is what it is about. */
    until: timeSchema.nullable(),
    at: timeSchema,
    readAt: timeSchema.nullable(),
  })
  .meta({ id: 'Notification' });
export type Notification = z.infer<typeof notificationSchema>;

export const notificationsQuerySchema = z.object({ cursor: cursorSchema.optional(), limit: limitSchema });
export type NotificationsQuery = z.infer<typeof notificationsQuerySchema>;

/** Newest first. `unreadCount` is of all, not of this page. */
export const notificationListSchema = z
  .object({
    items: z.array(notificationSchema),
    nextCursor: cursorSchema.nullable(),
    unreadCount: z.int().nonnegative(),
  })
  .meta({ id: 'NotificationList' });
export type NotificationList = z.infer<typeof notificationListSchema>;

/** What is read now: one, those of a thread, or all up to the newest that the agent has seen. */
export const readNotificationsSchema = z
  .union([
    z.strictObject({ id: idSchema }),
    z.strictObject({ conversationId: idSchema }),
    z.strictObject({ upTo: timeSchema }),
  ])
  .meta({ id: 'ReadNotifications' });
export type ReadNotifications = z.infer<typeof readNotificationsSchema>;

export const unreadNotificationsSchema = z
  .object({ unreadCount: z.int().nonnegative() })
  .meta({ id: 'UnreadNotifications' });
export type UnreadNotifications = z.infer<typeof unreadNotificationsSchema>;

/** The receiving agent's notifications changed: how many are unread now, and of what kind those that came are. */
export const notificationsUpdateSchema = z
  .object({ unreadCount: z.int().nonnegative(), kinds: z.array(z.enum(notifyEvents)) })
  .meta({ id: 'NotificationsUpdate' });
export type NotificationsUpdate = z.infer<typeof notificationsUpdateSchema>;
