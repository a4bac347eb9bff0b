import { BullModule } from '@nestjs/bull';
import { Module } from '@nestjs/common';
import { ChannelsModule } from '../channels/channels.module.js';
import { ConversationsModule } from '../conversations/conversations.module.js';
import { QUEUES } from '../queues/queues.js';
import { TemplatesModule } from '../templates/templates.module.js';
import { WorkspaceModule } from '../workspace/workspace.module.js';
import { DeliveriesRepository } from './deliveries.repository.js';
import { DeliveryIntake } from './delivery-intake.js';
import { DeliveryProcessor } from './delivery-processor.js';
import { DeliveryWaker } from './delivery-waker.js';
import { DeliveryWorker } from './delivery-worker.js';
import { DoorAttemptsRepository } from './door-attempts.repository.js';
import { DoorLog } from './door-log.js';
import { LedgerController } from './ledger.controller.js';
import { LedgerRepository } from './ledger.repository.js';
import { LedgerService } from './ledger.service.js';
import { RawMessageController } from './raw-message.controller.js';
import { RawMessageRepository } from './raw-message.repository.js';
import { RawMessageService } from './raw-message.service.js';
import { DeliveryUpkeep } from './upkeep.js';
import { UpkeepRepository } from './upkeep.repository.js';
import { WebhookController } from './webhook.controller.js';
import { WebhookDoor } from './webhook-door.js';
import { WebhookProcessor } from './webhook.processor.js';

@Module({
  imports: [
    BullModule.registerQueue({ name: QUEUES.webhook }),
    ChannelsModule,
    ConversationsModule,
    TemplatesModule,
    WorkspaceModule,
  ],
  controllers: [WebhookController, LedgerController, RawMessageController],
  providers: [
    DeliveriesRepository,
    DeliveryIntake,
    DeliveryProcessor,
    DeliveryUpkeep,
    DeliveryWaker,
    DeliveryWorker,
    DoorAttemptsRepository,
    DoorLog,
    LedgerRepository,
    LedgerService,
    RawMessageRepository,
    RawMessageService,
    UpkeepRepository,
    WebhookDoor,
    WebhookProcessor,
  ],
  exports: [DoorLog],
})
export class WebhookModule {}
