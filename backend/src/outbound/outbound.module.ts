import { BullModule } from '@nestjs/bull';
import { Module } from '@nestjs/common';
import { ChannelsModule } from '../channels/channels.module.js';
import { ConversationsModule } from '../conversations/conversations.module.js';
import { MediaModule } from '../media/media.module.js';
import { QUEUES } from '../queues/queues.js';
import { TemplatesModule } from '../templates/templates.module.js';
import { GraphClient } from './graph/graph.client.js';
import { BeginningsController } from './beginnings.controller.js';
import { OutboundController } from './outbound.controller.js';
import { BotMessagesService } from './queueing/bot-messages.service.js';
import { Forwarding } from './queueing/forwarding.js';
import { OpeningChecks } from './queueing/opening-checks.js';
import { OutboundRepository } from './queueing/outbound.repository.js';
import { OutboundService } from './queueing/outbound.service.js';
import { OutboxWriter } from './queueing/outbox.writer.js';
import { ReactionsRepository } from './queueing/reactions.repository.js';
import { ReactionsService } from './queueing/reactions.service.js';
import { RecipientsRepository } from './queueing/recipients.repository.js';
import { RecipientsService } from './queueing/recipients.service.js';
import { RequestDraftsService } from './queueing/request-drafts.service.js';
import { TemplateDraftsService } from './queueing/template-drafts.service.js';
import { UnseenService } from './queueing/unseen.service.js';
import { DueReceiptsRepository } from './receipts/receipts.repository.js';
import { ReceiptsSender } from './receipts/receipts.sender.js';
import { MarketingRefusals } from './results/marketing-refusals.js';
import { ResultsRepository } from './results/results.repository.js';
import { ResultsService } from './results/results.service.js';
import { ResultsWriter } from './results/results.writer.js';
import { FileUploads } from './sending/file-uploads.js';
import { LeasesRepository } from './sending/leases.repository.js';
import { LeasesService } from './sending/leases.service.js';
import { OutboundProcessor } from './sending/outbound.processor.js';
import { OutboundSweeper } from './sending/outbound.sweeper.js';
import { OutboundWaker } from './sending/outbound.waker.js';
import { OutboxSweepsRepository } from './sending/outbox-sweeps.repository.js';
import { Sender } from './sending/sender.js';
import { TypingGate } from './typing/typing-gate.js';
import { TypingRepository } from './typing/typing.repository.js';
import { TypingSender } from './typing/typing.sender.js';
import { UndoRepository } from './undo/undo.repository.js';
import { UndoService } from './undo/undo.service.js';
import { UsedOfferingsController } from './used/used-offerings.controller.js';
import { UsedOfferingsRepository } from './used/used-offerings.repository.js';
import { UsedOfferingsService } from './used/used-offerings.service.js';

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
    BotMessagesService,
    DueReceiptsRepository,
    FileUploads,
    Forwarding,
    GraphClient,
    LeasesRepository,
    LeasesService,
    MarketingRefusals,
    OpeningChecks,
    OutboundProcessor,
    OutboundRepository,
    OutboundService,
    OutboundSweeper,
    OutboundWaker,
    OutboxSweepsRepository,
    OutboxWriter,
    ReactionsRepository,
    ReactionsService,
    ReceiptsSender,
    RecipientsRepository,
    RecipientsService,
    RequestDraftsService,
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
  exports: [BotMessagesService],
})
export class OutboundModule {}
