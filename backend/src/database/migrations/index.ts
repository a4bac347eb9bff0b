import { Foundation1795300000001 } from './1795300000001-foundation.js';
import { PeopleAndChannels1795300000002 } from './1795300000002-people-and-channels.js';
import { Conversations1795300000003 } from './1795300000003-conversations.js';
import { Administration1795300000040 } from './1795300000040-administration.js';
import { Media1795310000150 } from './1795310000150-media.js';
import { MediaOfMessages1795310000151 } from './1795310000151-media-of-messages.js';
import { Work1795300000004 } from './1795300000004-work.js';
import { CannedReplies1795310000001 } from './1795310000001-canned-replies.js';
import { ConversationCounts1795310000011 } from './1795310000011-conversation-counts.js';
import { FirstConversationCounts1795310000012 } from './1795310000012-first-conversation-counts.js';
import { UnusedIndexes1795310000013 } from './1795310000013-unused-indexes.js';
import { Desk1795310000021 } from './1795310000021-desk.js';
import { TagSearch1795310000022 } from './1795310000022-tag-search.js';
import { DrainBatch1795310000020 } from './1795310000020-drain-batch.js';
import { Absence1795310000030 } from './1795310000030-absence.js';
import { ContactDetails1795310000031 } from './1795310000031-contact-details.js';
import { NextInQueue1795310000101 } from './1795310000101-next-in-queue.js';
import { DeadDeliveries1795310000160 } from './1795310000160-dead-deliveries.js';
import { DeliveriesByTime1795310000180 } from './1795310000180-deliveries-by-time.js';
import { TagChanges1795310000260 } from './1795310000260-tag-changes.js';
import { AgentCapacity1795310000262 } from './1795310000262-agent-capacity.js';
import { Calls1795310000270 } from './1795310000270-calls.js';
import { PhoneReactions1795310000271 } from './1795310000271-phone-reactions.js';
import { ChannelImports1795310000272 } from './1795310000272-channel-imports.js';
import { MessageRevisions1795310000261 } from './1795310000261-message-revisions.js';
import { ContactMerges1795310000170 } from './1795310000170-contact-merges.js';
import { RawOfMessages1795310000221 } from './1795310000221-raw-of-messages.js';
import { Gallery1795310000222 } from './1795310000222-gallery.js';
import { Templates1795310000240 } from './1795310000240-templates.js';
import { Notifications1795310000210 } from './1795310000210-notifications.js';
import { Push1795310000211 } from './1795310000211-push.js';
import { FailureDesk1795310000300 } from './1795310000300-failure-desk.js';
import { AnswerMappings1795310000350 } from './1795310000350-answer-mappings.js';
import { TypingIndicator1795310000351 } from './1795310000351-typing-indicator.js';
import { PortfolioOpenings1795310000359 } from './1795310000359-portfolio-openings.js';
import { MarkedAsUnread1795310000363 } from './1795310000363-marked-as-unread.js';
import { TagsWeighed1795310000301 } from './1795310000301-tags-weighed.js';
import { MessageCharges1795310000302 } from './1795310000302-message-charges.js';
import { RateCard1795310000303 } from './1795310000303-rate-card.js';
import { UnsettledFailures1795310000310 } from './1795310000310-unsettled-failures.js';
import { SendingResumed1795310000311 } from './1795310000311-sending-resumed.js';
import { CardFiles1795310000320 } from './1795310000320-card-files.js';
import { CardsOfMessages1795310000321 } from './1795310000321-cards-of-messages.js';
import { CallingCodes1795310000304 } from './1795310000304-calling-codes.js';
import { ChannelStanding1795310000330 } from './1795310000330-channel-standing.js';
import { BlockedCustomers1795310000331 } from './1795310000331-blocked-customers.js';
import { FreeEntry1795310000368 } from './1795310000368-free-entry.js';
import { ToldOfPeople1795310000367 } from './1795310000367-told-of-people.js';
import { TimesOfIds1795310000373 } from './1795310000373-times-of-ids.js';
import { ToldWithinASecond1795310000374 } from './1795310000374-told-within-a-second.js';
import { TimesOfNames1795310000375 } from './1795310000375-times-of-names.js';
import { UsedOfferings1795310000380 } from './1795310000380-used-offerings.js';
import { ColoursOfNumbers1795310000381 } from './1795310000381-colours-of-numbers.js';
import { Campaigns1795310000382 } from './1795310000382-campaigns.js';
import { TemplateSends1795310000383 } from './1795310000383-template-sends.js';
import { FreeServiceCharges1795310000384 } from './1795310000384-free-service-charges.js';
import { MediaLinks1795310000386 } from './1795310000386-media-links.js';
import { LinkedMedia1795310000387 } from './1795310000387-linked-media.js';
import { ThreadsByPriority1795310000394 } from './1795310000394-threads-by-priority.js';

/** An explicit list: globs miss files in a path with a space and pick up this index. */
export const migrations = [
  Foundation1795300000001,
  PeopleAndChannels1795300000002,
  Conversations1795300000003,
  Work1795300000004,
  Administration1795300000040,
  CannedReplies1795310000001,
  ConversationCounts1795310000011,
  FirstConversationCounts1795310000012,
  UnusedIndexes1795310000013,
  Desk1795310000021,
  TagSearch1795310000022,
  DrainBatch1795310000020,
  Absence1795310000030,
  ContactDetails1795310000031,
  NextInQueue1795310000101,
  Media1795310000150,
  MediaOfMessages1795310000151,
  DeadDeliveries1795310000160,
  ContactMerges1795310000170,
  DeliveriesByTime1795310000180,
  RawOfMessages1795310000221,
  Gallery1795310000222,
  Templates1795310000240,
  Notifications1795310000210,
  Push1795310000211,
  TagChanges1795310000260,
  MessageRevisions1795310000261,
  AgentCapacity1795310000262,
  Calls1795310000270,
  PhoneReactions1795310000271,
  ChannelImports1795310000272,
  FailureDesk1795310000300,
  TagsWeighed1795310000301,
  MessageCharges1795310000302,
  RateCard1795310000303,
  CallingCodes1795310000304,
  UnsettledFailures1795310000310,
  SendingResumed1795310000311,
  CardFiles1795310000320,
  CardsOfMessages1795310000321,
  ChannelStanding1795310000330,
  BlockedCustomers1795310000331,
  AnswerMappings1795310000350,
  TypingIndicator1795310000351,
  PortfolioOpenings1795310000359,
  MarkedAsUnread1795310000363,
  ToldOfPeople1795310000367,
  FreeEntry1795310000368,
  TimesOfIds1795310000373,
  ToldWithinASecond1795310000374,
  TimesOfNames1795310000375,
  UsedOfferings1795310000380,
  ColoursOfNumbers1795310000381,
  Campaigns1795310000382,
  TemplateSends1795310000383,
  FreeServiceCharges1795310000384,
  MediaLinks1795310000386,
  LinkedMedia1795310000387,
  ThreadsByPriority1795310000394,
];
