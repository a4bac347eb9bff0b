import { BullModule } from '@nestjs/bull';
import { Module } from '@nestjs/common';
import { ChannelsModule } from '../channels/channels.module.js';
import { ConversationsModule } from '../conversations/conversations.module.js';
import { MediaModule } from '../media/media.module.js';
import { QUEUES } from '../queues/queues.js';
import { TemplatesModule } from '../templates/templates.module.js';
import { BeginningsController } from './beginnings.controller.js';
import { FileUploads } from './file-uploads.js';
import { Forwarding } from './forwarding.js';
import { GraphClient } from './graph.client.js';
import { LeasesRepository } from './leases.repository.js';
import { LeasesService } from './leases.service.js';
import { MarketingRefusals } from './marketing-refusals.js';
import { OutboundController } from './outbound.controller.js';
import { OutboundProcessor } from './outbound.processor.js';
import { OutboundRepository } from './outbound.repository.js';
import { OutboundService } from './outbound.service.js';
import { OutboundSweeper } from './outbound.sweeper.js';
import { OutboundWaker } from './outbound.waker.js';
import { OutboxSweepsRepository } from './outbox-sweeps.repository.js';
import { DueReceiptsRepository } from './receipts.repository.js';
import { ReceiptsSender } from './receipts.sender.js';
import { RecipientsRepository } from './recipients.repository.js';
import { RecipientsService } from './recipients.service.js';
import { ResultsRepository } from './results.repository.js';
import { ResultsService } from './results.service.js';
import { ResultsWriter } from './results.writer.js';
import { Sender } from './sender.js';
import { TemplateDraftsService } from './template-drafts.service.js';
import { TypingGate } from './typing-gate.js';
import { TypingRepository } from './typing.repository.js';
import { TypingSender } from './typing.sender.js';
import { UndoRepository } from './undo.repository.js';
import { UndoService } from './undo.service.js';
import { UnseenService } from './unseen.service.js';
import { UsedOfferingsController } from './used-offerings.controller.js';
import { UsedOfferingsRepository } from './used-offerings.repository.js';
import { UsedOfferingsService } from './used-offerings.service.js';

@Module({
  imports: [
    BullModule.registerQueue({ name: QUEUES.outbound }),
    ChannelsModule,
    ConversationsModule,
    MediaModule,
    TemplatesModule,
  ],
  controllers: [BeginningsController, OutboundController, UsedOfferingsController],
  providers: [
    DueReceiptsRepository,
    FileUploads,
    Forwarding,
    GraphClient,
    LeasesRepository,
    LeasesService,
    MarketingRefusals,
    OutboundProcessor,
    OutboundRepository,
    OutboundService,
    OutboundSweeper,
    OutboundWaker,
    OutboxSweepsRepository,
    ReceiptsSender,
    RecipientsRepository,
    RecipientsService,
    ResultsRepository,
    ResultsService,
    ResultsWriter,
    Sender,
    TemplateDraftsService,
    TypingGate,
    TypingRepository,
    TypingSender,
    UndoRepository,
    UndoService,
    UnseenService,
    UsedOfferingsRepository,
    UsedOfferingsService,
  ],
  exports: [OutboundService],
})
export class OutboundModule {}
