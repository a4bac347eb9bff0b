import { Injectable } from '@nestjs/common';
import { newId } from '../../common/ids.js';
import type { Tx } from '../../database/database.js';
import type { LogEvent } from '../../log/log-event.js';
import { placeOf } from '../conversations.repository.js';
import { foldCall, isSameCall, type StoredCall } from './call-facts.js';
import { type CallRef, CallsRepository } from './calls.repository.js';
import { IdentityRaceError } from './identities.repository.js';
import type { InboundItem } from './inbound-item.js';
import { InboundMessagesRepository } from './inbound-messages.repository.js';
import { type ItemOf, keyText, type Results } from './item-kinds.js';
import type { ThreadDraft } from './thread-draft.js';

type CallItem = ItemOf<'call'>;

/**
 * The calls of a batch. A call has one line in the thread under the key of Meta's id, whichever of its webhooks comes
 * first; each further one adds what it knows.
 */
@Injectable()
export class CallItems {
  constructor(
    private readonly messages: InboundMessagesRepository,
    private readonly calls: CallsRepository,
  ) {}

  /** To be called under the locks of the threads; `draftOf` gives the one in which an unknown call belongs. */
  async apply(
    tx: Tx,
    items: readonly CallItem[],
    draftOf: (item: InboundItem) => ThreadDraft | undefined,
    drafts: ReadonlyMap<string, ThreadDraft>,
    presentAgentIds: ReadonlySet<string>,
    results: Results,
  ): Promise<LogEvent[]> {
    const groups = Map.groupBy(
      items.filter((item) => item.wamid !== null),
      (item) => keyText(item.channel.id, item.wamid ?? ''),
    );
    if (groups.size === 0) return [];
    const refs = await this.refsOf(tx, groups, draftOf);
    const stored = await this.calls.find(tx, [...refs.values()]);
    const byConversation = new Map([...drafts.values()].map((draft) => [draft.row.id, draft]));
    const changes: (CallRef & { call: StoredCall; draft: ThreadDraft })[] = [];
    for (const [key, group] of groups) {
      const ref = refs.get(key);
      if (!ref) continue;
      const draft = byConversation.get(ref.conversationId);
      if (!draft) throw new IdentityRaceError('a call was noted elsewhere meanwhile');
      const before = stored.get(ref.entryId) ?? null;
      const after = add(before, group, ref, results);
      if (!before) draft.addCall(ref.entryId, after, presentAgentIds);
      else if (!isSameCall(before, after)) {
        draft.changeCall(ref.entryId, before, after, presentAgentIds);
        changes.push({ ...ref, call: after, draft });
      }
    }
    await this.calls.update(tx, changes);
    // The same event once more, with the same id: a screen takes what has the greater `rev`.
    return changes.map(({ draft, conversationId, entryId }) => ({
      ...placeOf(draft.row),
      type: 'timeline.created',
      conversationId,
      messageId: entryId,
    }));
  }

  /** Where each call's line is, or is to be: whoever wrote the key first says so. */
  private async refsOf(
    tx: Tx,
    groups: ReadonlyMap<string, readonly CallItem[]>,
    draftOf: (item: InboundItem) => ThreadDraft | undefined,
  ): Promise<Map<string, CallRef>> {
    const wanted = [...groups.values()].flatMap(([item]) => {
      const draft = item && draftOf(item);
      return draft && item.wamid !== null
        ? [{ channelId: item.channel.id, wamid: item.wamid, conversationId: draft.row.id, messageId: newId() }]
        : [];
    });
    await this.messages.claim(tx, wanted);
    const keys = await this.messages.known(
      tx,
      [...groups.values()].flatMap(([item]) => (item ? [{ channelId: item.channel.id, wamid: item.wamid ?? '' }] : [])),
    );
    return new Map(
      keys.map(({ channelId, wamid, conversationId, messageId }) => [
        keyText(channelId, wamid),
        { conversationId, entryId: messageId },
      ]),
    );
  }
}

/** Adds what each item knows; one that knows nothing new is a duplicate. */
function add(before: StoredCall | null, items: readonly CallItem[], ref: CallRef, results: Results): StoredCall {
  let call = before;
  for (const item of items) {
    const next = foldCall(call, item.wamid ?? '', item.effect.facts);
    const isNews = call === null || !isSameCall(call, next);
    results.set(item, {
      outcome: isNews ? 'applied' : 'duplicate',
      conversationId: ref.conversationId,
    });
    call = next;
  }
  if (!call) throw new Error('a call without an item');
  return call;
}
