import { Injectable } from '@nestjs/common';
import type { Tx } from '../../database/database.js';
import type { LogEvent } from '../../log/log-event.js';
import { LogRepository } from '../../log/log.repository.js';
import { SYSTEM, type Actor } from '../conversation.row.js';
import { ConversationsRepository, placeOf } from '../conversations.repository.js';
import { OwnershipRepository } from '../ownership/ownership.repository.js';
import { closesYoungersCase, mergedState, type ThreadPair } from './merge-rules.js';
import { MergedThreadsRepository, type People } from './merged-threads.repository.js';

/** Makes two threads of one person one, in the transaction and under the locks of the merge of the two contacts. */
@Injectable()
export class ThreadMerger {
  constructor(
    private readonly threads: MergedThreadsRepository,
    private readonly conversations: ConversationsRepository,
    private readonly ownership: OwnershipRepository,
    private readonly log: LogRepository,
  ) {}

  /** `decidedById` null = it was told by Meta, not decided by an admin. */
  async merge(tx: Tx, pair: ThreadPair, people: People, decidedById: string | null, now: Date): Promise<void> {
    const { survivor, younger } = pair;
    const state = mergedState(pair);
    await this.threads.moveMessages(tx, pair, people, state);
    await this.threads.moveLines(tx, pair);
    await this.threads.moveCases(tx, pair, closesYoungersCase(pair), now);
    const readers = await this.threads.moveCursors(tx, pair);
    const drafts = await this.threads.moveDrafts(tx, pair);
    await this.threads.moveWork(tx, pair);
    await this.threads.retire(tx, pair, now);
    const row = await this.threads.save(tx, pair, people.intoId, state, now);
    const superseded = row.status === 'pending' ? [] : await this.ownership.supersedeBotMessages(tx, row.id, now);

    const inThread = { ...placeOf(row), conversationId: row.id };
    const events: LogEvent[] = [
      // Where it stood is where it stays: whoever could see it learns what it is part of now.
      { ...placeOf(younger), type: 'conversation.merged', conversationId: younger.id, data: { into: row.id } },
      ...superseded.map((messageId) => ({ ...inThread, type: 'message.updated' as const, messageId })),
      ...readers.map((agentId) => ({ ...inThread, type: 'read.updated' as const, agentId })),
      ...drafts.map(({ agentId, mode }) => ({ ...inThread, type: 'draft.updated' as const, agentId, data: { mode } })),
    ];
    await this.log.append(tx, events);
    const actor: Actor = decidedById === null ? SYSTEM : { type: 'agent', id: decidedById };
    await this.conversations.record(tx, survivor, row, [{ kind: 'merged', actor }], now);
  }
}
