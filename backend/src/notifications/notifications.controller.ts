import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  type NotificationList,
  notificationListSchema,
  type NotificationsQuery,
  notificationsQuerySchema,
  type ReadNotifications,
  readNotificationsSchema,
  type UnreadNotifications,
  unreadNotificationsSchema,
} from '@parley/contract';
import type { AuthenticatedAgent } from '../common/access/authenticated-agent.js';
import { CurrentAgent, Requires } from '../common/access/decorators.js';
import { NotificationsService } from './notifications.service.js';

@ApiTags('notifications')
@Controller('notifications')
@Requires('conversations.read')
export class NotificationsController {
  constructor(private readonly notifications: NotificationsService) {}

  @Get()
  @ApiOperation({ summary: 'What the caller was told of, newest first, with how many are unread' })
  @ApiOkResponse({ standardSchema: notificationListSchema })
  list(
    @CurrentAgent() agent: AuthenticatedAgent,
    @Query({ schema: notificationsQuerySchema }) query: NotificationsQuery,
  ): Promise<NotificationList> {
    return this.notifications.list(agent, query);
  }

  @Post('read')
  @HttpCode(200)
  @ApiOperation({ summary: 'Marks one as read, those of a thread, or all up to a time' })
  @ApiOkResponse({ standardSchema: unreadNotificationsSchema })
  read(
    @CurrentAgent() agent: AuthenticatedAgent,
    @Body({ schema: readNotificationsSchema }) request: ReadNotifications,
  ): Promise<UnreadNotifications> {
    return this.notifications.markRead(agent, request);
  }
}
