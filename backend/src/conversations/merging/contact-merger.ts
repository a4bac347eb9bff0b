import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../database/database.js';
import { LogRepository } from '../../log/log.repository.js';
import { updatedEvent } from '../conversations.repository.js';
import type { ConversationRow } from '../conversation.row.js';
import { ContactMergesRepository, type DueMerge } from './contact-merges.repository.js';
import { MergedContactsRepository, type LockedContact } from './merged-contacts.repository.js';
import { MergedThreadsRepository, type People } from './merged-threads.repository.js';
import { filledFrom, pairsOf } from './merge-rules.js';
import { ThreadMerger } from './thread-merger.js';

/** What was read before the locks is not true any more: PostgreSQL's word for "repeat the transaction". */
class MergeRaceError extends Error {
  readonly code = '40001';
}

/**
 * Carries out noted merges, one in a transaction: all of it or nothing. In the one lock order: status heads, contacts,
 * conversations, outbox rows, messages, keys, events.
 */
@Injectable()
export class ContactMerger {
  constructor(
    private readonly database: Database,
    private readonly merges: ContactMergesRepository,
    private readonly contacts: MergedContactsRepository,
    private readonly threads: MergedThreadsRepository,
    private readonly merger: ThreadMerger,
    private readonly log: LogRepository,
  ) {}

  /** Takes the next one that is due; false when none is. One that fails says why in its row and comes again later. */
  async mergeNext(onFailure: (id: string, error: unknown) => void): Promise<boolean> {
    let taken: DueMerge | null = null;
    try {
      return await this.database.transaction(async (tx) => {
        taken = await this.merges.lockDue(tx);
        if (taken) await this.carryOut(tx, taken);
        return taken !== null;
      });
    } catch (error) {
      const failed = taken as DueMerge | null;
      if (!failed) throw error;
      onFailure(failed.id, error);
      await this.merges.noteFailure(this.database.pool, failed.id, String(error));
      return true;
    }
  }

  private async carryOut(tx: Tx, merge: DueMerge): Promise<void> {
    const fromId = await this.contacts.follow(tx, merge.fromContactId);
    const intoId = await this.contacts.follow(tx, merge.intoContactId);
    if (fromId === intoId) return this.merges.settle(tx, merge.id, 'done');
    const people = { fromId, intoId };

    const expected = youngersOf(await this.contacts.conversations(tx, [fromId, intoId]), people);
    const heads = await this.threads.lockHeads(tx, expected);
    const { from, into } = await this.lockContacts(tx, people);
    const isDoubtful = merge.reason === 'number_without_bsuid' && merge.decidedById === null;
    if (isDoubtful && (await this.contacts.haveRivalIds(tx, fromId, intoId))) {
      // It has been given a BSUID since: no longer Meta's word, but a guess.
      return this.merges.settle(tx, merge.id, 'offered');
    }
    const rows = await this.contacts.lockConversations(tx, [fromId, intoId]);
    const pairs = pairsOf(rows, fromId, intoId);
    const youngerIds = pairs.map(({ younger }) => younger.id);
    if (youngerIds.join() !== expected.join() || (await this.threads.lockHeads(tx, youngerIds)) !== heads) {
      throw new MergeRaceError('messages came in between');
    }
    const pairedIds = pairs.flatMap(({ survivor, younger }) => [survivor.id, younger.id]);
    if (await this.threads.lockOutbox(tx, pairedIds, youngerIds)) {
      return this.merges.postpone(tx, merge.id, 'a message of the younger thread is being sent');
    }
    const now = await this.database.now(tx);
    await this.contacts.join(tx, fromId, intoId, filledFrom(into, from), now);
    for (const pair of pairs) await this.merger.merge(tx, pair, people, merge.decidedById, now);
    await this.repointRest(tx, rows, pairedIds, people, now);
    await this.contacts.renameSender(
      tx,
      rows.map(({ id }) => id),
      fromId,
      intoId,
    );
    await this.merges.settle(tx, merge.id, 'done');
  }

  private async lockContacts(tx: Tx, { fromId, intoId }: People): Promise<Record<'from' | 'into', LockedContact>> {
    const locked = await this.contacts.lock(tx, [fromId, intoId]);
    const [from, into] = [locked.get(fromId), locked.get(intoId)];
    if (from?.mergedIntoId !== null || into?.mergedIntoId !== null) {
      throw new MergeRaceError('one of the contacts was merged meanwhile');
    }
    return { from, into };
  }

  /** Threads that stand alone: those of `from` change hands, and all show what is known of `into` now. */
  private async repointRest(
    tx: Tx,
    rows: readonly ConversationRow[],
    pairedIds: readonly string[],
    { intoId }: People,
    now: Date,
  ): Promise<void> {
    const alone = rows.filter((row) => row.mergedIntoId === null && !pairedIds.includes(row.id));
    const repointed = await this.threads.repoint(
      tx,
      alone.map(({ id }) => id),
      intoId,
      now,
    );
    await this.log.append(
      tx,
      repointed.map((row) => updatedEvent(row, row)),
    );
  }
}

const youngersOf = (rows: readonly ConversationRow[], { fromId, intoId }: People): string[] =>
  pairsOf(rows, fromId, intoId).map(({ younger }) => younger.id);
