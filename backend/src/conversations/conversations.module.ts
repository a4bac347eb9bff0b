import { Module } from '@nestjs/common';
import { AgentsModule } from '../agents/agents.module.js';
import { ChannelsModule } from '../channels/channels.module.js';
import { AbsenceRepository } from './absence/absence.repository.js';
import { AbsenceSweeper } from './absence/absence.sweeper.js';
import { AnswerItems } from './answers/answer-items.js';
import { AnswerMappingsController } from './answers/answer-mappings.controller.js';
import { AnswerMappingsRepository } from './answers/answer-mappings.repository.js';
import { AnswerMappingsService } from './answers/answer-mappings.service.js';
import { BeginningsService } from './beginning/beginnings.service.js';
import { BlockingController } from './blocking/blocking.controller.js';
import { BlockingRepository } from './blocking/blocking.repository.js';
import { BlockingService } from './blocking/blocking.service.js';
import { ContactDetailsController } from './contact/contact-details.controller.js';
import { ContactDetailsRepository } from './contact/contact-details.repository.js';
import { ContactDetailsService } from './contact/contact-details.service.js';
import { ConversationAccess } from './conversation-access.js';
import { ConversationsController } from './conversations.controller.js';
import { ConversationsReader } from './conversations.reader.js';
import { ConversationsRepository } from './conversations.repository.js';
import { DraftsController } from './drafts/drafts.controller.js';
import { DraftsRepository } from './drafts/drafts.repository.js';
import { DraftsService } from './drafts/drafts.service.js';
import { GalleryController } from './gallery/gallery.controller.js';
import { GalleryRepository } from './gallery/gallery.repository.js';
import { GalleryService } from './gallery/gallery.service.js';
import { HydrationRepository } from './hydration.repository.js';
import { AboutItems } from './inbound/about-items.js';
import { AmendmentItems } from './inbound/amendment-items.js';
import { AmendmentsRepository } from './inbound/amendments.repository.js';
import { CallItems } from './inbound/call-items.js';
import { CallsRepository } from './inbound/calls.repository.js';
import { HistoryItems } from './inbound/history-items.js';
import { HistoryRepository } from './inbound/history.repository.js';
import { Identification } from './inbound/identification.js';
import { IdentitiesRepository } from './inbound/identities.repository.js';
import { InboundFilesRepository } from './inbound/inbound-files.repository.js';
import { InboundMessagesRepository } from './inbound/inbound-messages.repository.js';
import { InboundService } from './inbound/inbound.service.js';
import { MarketingStops } from './inbound/marketing-stops.js';
import { MarketingStopsRepository } from './inbound/marketing-stops.repository.js';
import { PersonItems } from './inbound/person-items.js';
import { PersonStatesRepository } from './inbound/person-states.repository.js';
import { PresentAgents } from './inbound/present-agents.js';
import { ReactionItems } from './inbound/reaction-items.js';
import { ThreadsRepository } from './inbound/threads.repository.js';
import { WaitingItemsRepository } from './inbound/waiting-items.repository.js';
import { CountsFolder } from './inbox/counts.folder.js';
import { CountsRepository } from './inbox/counts.repository.js';
import { InboxRepository } from './inbox/inbox.repository.js';
import { InboxService } from './inbox/inbox.service.js';
import { ThreadRepository } from './inbox/thread.repository.js';
import { ContactMergeSweeper } from './merging/contact-merge.sweeper.js';
import { ContactMerger } from './merging/contact-merger.js';
import { ContactMergesController } from './merging/contact-merges.controller.js';
import { ContactMergesRepository } from './merging/contact-merges.repository.js';
import { ContactMergesService } from './merging/contact-merges.service.js';
import { MergedContactsRepository } from './merging/merged-contacts.repository.js';
import { MergedThreadsRepository } from './merging/merged-threads.repository.js';
import { ThreadMerger } from './merging/thread-merger.js';
import { NotesController } from './notes/notes.controller.js';
import { NotesRepository } from './notes/notes.repository.js';
import { NotesService } from './notes/notes.service.js';
import { OutboundMessagesRepository } from './outbound-messages.repository.js';
import { OwnershipChanges } from './ownership/ownership-changes.js';
import { OwnershipRepository } from './ownership/ownership.repository.js';
import { OwnershipService } from './ownership/ownership.service.js';
import { SnoozeSweeper } from './ownership/snooze.sweeper.js';
import { UndosRepository } from './ownership/undos.repository.js';
import { ReadCursorsRepository } from './reading/read-cursors.repository.js';
import { ReadReceiptsRepository } from './reading/read-receipts.repository.js';
import { ReadingService } from './reading/reading.service.js';
import { ReplyTyping } from './reply-typing.js';
import { RevisionsController } from './revisions/revisions.controller.js';
import { RevisionsRepository } from './revisions/revisions.repository.js';
import { RevisionsService } from './revisions/revisions.service.js';
import { FreeEntriesRepository } from './statuses/free-entries.repository.js';
import { MessageChargesRepository } from './statuses/message-charges.repository.js';
import { MessageStatusesRepository } from './statuses/message-statuses.repository.js';
import { RefusedNumbers } from './statuses/refused-numbers.js';
import { StatusApplicationRepository } from './statuses/status-application.repository.js';
import { StatusItems } from './statuses/status-items.js';
import { TagChanger } from './tags/tag-changer.js';
import { TagChangesRepository } from './tags/tag-changes.repository.js';
import { TagsController } from './tags/tags.controller.js';
import { TagsRepository } from './tags/tags.repository.js';
import { TagsService } from './tags/tags.service.js';
import { ThreadViewers } from './thread-viewers.js';

@Module({
  imports: [AgentsModule, ChannelsModule],
  controllers: [
    BlockingController,
    AnswerMappingsController,
    ContactDetailsController,
    ContactMergesController,
    ConversationsController,
    DraftsController,
    GalleryController,
    NotesController,
    RevisionsController,
    TagsController,
  ],
  providers: [
    ContactDetailsRepository,
    ContactDetailsService,
    ContactMergeSweeper,
    ContactMerger,
    ContactMergesRepository,
    ContactMergesService,
    MergedContactsRepository,
    MergedThreadsRepository,
    ThreadMerger,
    AboutItems,
    AbsenceRepository,
    AbsenceSweeper,
    AmendmentItems,
    BeginningsService,
    BlockingRepository,
    BlockingService,
    AnswerItems,
    AnswerMappingsRepository,
    AnswerMappingsService,
    CallItems,
    CallsRepository,
    AmendmentsRepository,
    ConversationAccess,
    ConversationsReader,
    ConversationsRepository,
    CountsFolder,
    CountsRepository,
    DraftsRepository,
    DraftsService,
    FreeEntriesRepository,
    GalleryRepository,
    GalleryService,
    HistoryItems,
    HistoryRepository,
    HydrationRepository,
    Identification,
    IdentitiesRepository,
    InboundFilesRepository,
    InboundMessagesRepository,
    InboundService,
    InboxRepository,
    InboxService,
    MarketingStops,
    MarketingStopsRepository,
    MessageChargesRepository,
    MessageStatusesRepository,
    NotesRepository,
    NotesService,
    OutboundMessagesRepository,
    OwnershipChanges,
    OwnershipRepository,
    OwnershipService,
    PersonStatesRepository,
    PersonItems,
    PresentAgents,
    ReactionItems,
    ReadCursorsRepository,
    ReadReceiptsRepository,
    ReadingService,
    RefusedNumbers,
    ReplyTyping,
    RevisionsRepository,
    RevisionsService,
    SnoozeSweeper,
    StatusApplicationRepository,
    StatusItems,
    TagChanger,
    TagChangesRepository,
    TagsRepository,
    TagsService,
    ThreadRepository,
    ThreadViewers,
    ThreadsRepository,
    UndosRepository,
    WaitingItemsRepository,
  ],
  exports: [
    AbsenceSweeper,
    BeginningsService,
    ConversationAccess,
    ConversationsReader,
    ConversationsRepository,
    DraftsService,
    InboundService,
    MarketingStops,
    MessageStatusesRepository,
    OutboundMessagesRepository,
    OwnershipService,
    PresentAgents,
    ReadReceiptsRepository,
    ReplyTyping,
    ThreadViewers,
    WaitingItemsRepository,
  ],
})
export class ConversationsModule {}
