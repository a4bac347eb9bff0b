import { BullModule } from '@nestjs/bull';
import { Module } from '@nestjs/common';
import { ConversationsModule } from '../conversations/conversations.module.js';
import { QUEUES } from '../queues/queues.js';
import { NewsRepository } from './news.repository.js';
import { NotificationsController } from './notifications.controller.js';
import { NotificationsFollower } from './notifications.follower.js';
import { NotificationsRepository } from './notifications.repository.js';
import { NotificationsService } from './notifications.service.js';
import { NotificationsSweeper } from './notifications.sweeper.js';
import { PushClient } from './push/push.client.js';
import { PushController } from './push/push.controller.js';
import { PushDevicesRepository } from './push/push-devices.repository.js';
import { PushKeys } from './push/push-keys.js';
import { PushProcessor } from './push/push.processor.js';
import { PushSender } from './push/push.sender.js';
import { PushService } from './push/push.service.js';
import { PushWaker } from './push/push.waker.js';
import { PushesRepository } from './push/pushes.repository.js';

@Module({
  imports: [BullModule.registerQueue({ name: QUEUES.push }), ConversationsModule],
  controllers: [NotificationsController, PushController],
  providers: [
    NewsRepository,
    NotificationsFollower,
    NotificationsRepository,
    NotificationsService,
    NotificationsSweeper,
    PushClient,
    PushDevicesRepository,
    PushKeys,
    PushProcessor,
    PushSender,
    PushService,
    PushWaker,
    PushesRepository,
  ],
})
export class NotificationsModule {}
