import { Injectable } from '@nestjs/common';
import type {
  Conversation,
  Notification,
  NotificationList,
  NotificationsQuery,
  ReadNotifications,
  UnreadNotifications,
} from '@parley/contract';
import type { AuthenticatedAgent } from '../common/access/authenticated-agent.js';
import { ConversationsReader } from '../conversations/conversations.reader.js';
import { Database } from '../database/database.js';
import { LogRepository } from '../log/log.repository.js';
import { decodeNotificationCursor, encodeNotificationCursor } from './notification-cursor.js';
import type { NotificationRow } from './notification-rows.js';
import { NotificationsRepository, type ReadChoice } from './notifications.repository.js';

/** What an agent was told of, as they see it. */
@Injectable()
export class NotificationsService {
  constructor(
    private readonly database: Database,
    private readonly notifications: NotificationsRepository,
    private readonly conversations: ConversationsReader,
    private readonly log: LogRepository,
  ) {}

  /**
   * One page, newest first; what is of a thread out of the agent's sight is left out.
   * @throws InvalidRequestError for what is not a cursor of this list
   */
  async list(agent: AuthenticatedAgent, { cursor, limit }: NotificationsQuery): Promise<NotificationList> {
    const after = cursor === undefined ? null : decodeNotificationCursor(cursor);
    const { pool } = this.database;
    const [rows, unreadCount] = await Promise.all([
      this.notifications.list(pool, agent, after, limit),
      this.notifications.unreadCount(pool, agent.id),
    ]);
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    const shown = await this.conversations.conversations(page.map(({ conversationId }) => conversationId));
    return {
      items: page.flatMap((row) => {
        const conversation = shown.get(row.conversationId);
        return conversation ? [toNotification(row, conversation)] : [];
      }),
      nextCursor: rows.length > limit && last ? encodeNotificationCursor(last) : null,
      unreadCount,
    };
  }

  /** Marks one's own as read, and tells the agent's other screens. */
  async markRead(agent: AuthenticatedAgent, choice: ReadNotifications): Promise<UnreadNotifications> {
    return this.database.transaction(async (tx) => {
      if (await this.notifications.markRead(tx, agent.id, choiceOf(choice))) {
        await this.log.append(tx, [{ type: 'notifications.updated', agentId: agent.id, data: { kinds: [] } }]);
      }
      return { unreadCount: await this.notifications.unreadCount(tx, agent.id) };
    });
  }
}

const choiceOf = (choice: ReadNotifications): ReadChoice =>
  'upTo' in choice ? { upTo: new Date(choice.upTo) } : choice;

function toMessage({ messageType: type, messageText, callPermission }: NotificationRow): Notification['message'] {
  return type === null ? null : { type, text: messageText ?? '', ...(callPermission && { callPermission }) };
}

function toNotification(row: NotificationRow, { id, contact, channel, team }: Conversation): Notification {
  return {
    id: row.id,
    kind: row.kind,
    conversation: {
      id,
      contact: { id: contact.id, name: contact.name },
      channel: { id: channel.id, name: channel.name },
      team: team && { id: team.id, name: team.name },
    },
    count: row.count,
    messageId: row.messageId,
    actor: row.actorId === null ? null : { id: row.actorId, name: row.actorName ?? '' },
    message: toMessage(row),
    until: row.until?.toISOString() ?? null,
    at: row.at.toISOString(),
    readAt: row.readAt?.toISOString() ?? null,
  };
}
