import { BullModule } from '@nestjs/bull';
import { Module } from '@nestjs/common';
import { ChannelsModule } from '../channels/channels.module.js';
import { ConversationsModule } from '../conversations/conversations.module.js';
import { QUEUES } from '../queues/queues.js';
import { TemplatesModule } from '../templates/templates.module.js';
import { WorkspaceModule } from '../workspace/workspace.module.js';
import { DeliveryWaker } from './delivery-waker.js';
import { DeliveryIntake } from './door/delivery-intake.js';
import { DoorAttemptsRepository } from './door/door-attempts.repository.js';
import { DoorLog } from './door/door-log.js';
import { WebhookDoor } from './door/webhook-door.js';
import { DeliveriesRepository } from './drain/deliveries.repository.js';
import { DeliveryBatches } from './drain/delivery-batches.js';
import { DeliveryProcessor } from './drain/delivery-processor.js';
import { DeliveryWorker } from './drain/delivery-worker.js';
import { DeliveryUpkeep } from './drain/upkeep.js';
import { UpkeepRepository } from './drain/upkeep.repository.js';
import { WebhookProcessor } from './drain/webhook.processor.js';
import { LedgerController } from './ledger/ledger.controller.js';
import { LedgerRepository } from './ledger/ledger.repository.js';
import { LedgerService } from './ledger/ledger.service.js';
import { RawMessageController } from './ledger/raw-message.controller.js';
import { RawMessageRepository } from './ledger/raw-message.repository.js';
import { RawMessageService } from './ledger/raw-message.service.js';
import { WebhookController } from './webhook.controller.js';

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
    DeliveryBatches,
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
