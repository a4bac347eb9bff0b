import { BullModule } from '@nestjs/bull';
import { Module } from '@nestjs/common';
import { ChannelsModule } from '../channels/channels.module.js';
import { ConversationsModule } from '../conversations/conversations.module.js';
import { QUEUES } from '../queues/queues.js';
import { DeliveriesRepository } from './deliveries.repository.js';
import { DeliveryIntake } from './delivery-intake.js';
import { DeliveryProcessor } from './delivery-processor.js';
import { DeliveryWaker } from './delivery-waker.js';
import { DeliveryWorker } from './delivery-worker.js';
import { LedgerController } from './ledger.controller.js';
import { LedgerRepository } from './ledger.repository.js';
import { LedgerService } from './ledger.service.js';
import { DeliveryUpkeep } from './upkeep.js';
import { UpkeepRepository } from './upkeep.repository.js';
import { WebhookController } from './webhook.controller.js';
import { WebhookProcessor } from './webhook.processor.js';

@Module({
  imports: [BullModule.registerQueue({ name: QUEUES.webhook }), ChannelsModule, ConversationsModule],
  controllers: [WebhookController, LedgerController],
  providers: [
    DeliveriesRepository,
    DeliveryIntake,
    DeliveryProcessor,
    DeliveryUpkeep,
    DeliveryWaker,
    DeliveryWorker,
    LedgerRepository,
    LedgerService,
    UpkeepRepository,
    WebhookProcessor,
  ],
})
export class WebhookModule {}
