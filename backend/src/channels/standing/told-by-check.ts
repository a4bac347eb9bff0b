import type { ChannelReport } from '@parley/contract';
import type { NewFact } from './standing-change.js';

/** Meta's words for the review of a name in the API, as its webhooks have them. */
const NAME_WORDS: Readonly<Record<string, string>> = {
  DECLINED: 'REJECTED',
  AVAILABLE_WITHOUT_REVIEW: 'APPROVED',
  PENDING_REVIEW: 'PENDING',
};

/** What a check says of the number; the messaging limit is its portfolio's. */
export function factsOfReport({ facts }: ChannelReport): NewFact[] {
  const said = (part: NewFact['part'], value: string | null, over: Partial<NewFact> = {}): NewFact[] =>
    value === null ? [] : [{ part, value, ...over }];
  const name = facts.nameStatus && (NAME_WORDS[facts.nameStatus] ?? facts.nameStatus);
  return [
    ...said('status', facts.status),
    ...said('quality', facts.quality),
    ...said('throughput', facts.throughput),
    ...said('name', name),
    ...said('verification', facts.verification),
    ...said('health', facts.canSend, { detail: facts.canSendDetail }),
    ...said('messagingLimit', facts.messagingLimit, { ofAccount: true }),
  ];
}
