import { Injectable } from '@nestjs/common';
import { newId } from '../../common/ids.js';
import type { Tx } from '../../database/database.js';
import type { InboundItem } from './inbound-item.js';
import { InboundMessagesRepository } from './inbound-messages.repository.js';
import { isOfKind, keyText, type ItemOf, type Results } from './item-kinds.js';
import type { ToldStop } from './marketing-stops.js';
import { personAfter, type PersonState, type PersonNews, type ToldOfPerson } from './person-state.js';
import { PersonStatesRepository } from './person-states.repository.js';
import type { ThreadDraft } from './thread-draft.js';

/** Lines that belong into every thread of a contact. */
export type NewsOfPeople = ReadonlyMap<string, readonly PersonNews[]>;

const OLDER = 'something newer is known';
const isIdentity = isOfKind('identity');
const isSecurity = isOfKind('security');

interface Change {
  item: ItemOf<'identity'> | ItemOf<'security'>;
  drafts: readonly ThreadDraft[];
}

/**
 * What the items of a batch tell of people beside their messages: another number, another security code, whether they want
 * marketing (by their own word, or as the reason why a message failed). A system message has a key of its own, so that a repeated one is told once.
 */
@Injectable()
export class PersonItems {
  constructor(
    private readonly repository: PersonStatesRepository,
    private readonly messages: InboundMessagesRepository,
  ) {}

  /**
   * Keeps what is newer than what is known: to be called before any conversation is locked. `refused` are the items that
   * tell of a message that its customer did not want.
   */
  async keep(
    tx: Tx,
    items: readonly InboundItem[],
    contactOf: ReadonlyMap<InboundItem, string>,
    refused: ReadonlyMap<InboundItem, ToldStop>,
    results: Results,
  ): Promise<NewsOfPeople> {
    const telling = items.flatMap((item): { item: InboundItem; contactId: string; told: ToldOfPerson }[] => {
      const stop = refused.get(item);
      if (stop) return [{ item, contactId: stop.contactId, told: { kind: 'marketing', at: stop.at, stopped: true } }];
      const [contactId, told] = [contactOf.get(item), toldOf(item)];
      return contactId !== undefined && told ? [{ item, contactId, told }] : [];
    });
    const known = await this.repository.lock(tx, [...new Set(telling.map(({ contactId }) => contactId))].sort());
    const changed = new Map<string, PersonState>();
    const news = new Map<string, PersonNews[]>();
    for (const { item, contactId, told } of telling) {
      const before = changed.get(contactId) ?? known.get(contactId);
      if (!before) continue;
      const after = personAfter(before, told);
      if (after.isNews) changed.set(contactId, after.state);
      if (after.news) news.set(contactId, [...(news.get(contactId) ?? []), after.news]);
      if (item.effect.kind === 'preference') {
        results.set(item, after.isNews ? { outcome: 'applied' } : { outcome: 'kept', reason: OLDER });
      }
    }
    await this.repository.save(tx, changed);
    return news;
  }

  /** Writes the lines, under the locks of the threads. */
  async tell(
    tx: Tx,
    items: readonly InboundItem[],
    news: NewsOfPeople,
    contactOf: ReadonlyMap<InboundItem, string>,
    drafts: ReadonlyMap<string, ThreadDraft>,
    results: Results,
  ): Promise<void> {
    const threadsOf = Map.groupBy(drafts.values(), ({ row }) => row.contactId);
    for (const [contactId, kinds] of news) {
      for (const draft of threadsOf.get(contactId) ?? []) for (const kind of kinds) draft.note(kind);
    }
    const changes = items.flatMap((item): Change[] => {
      const contactId = contactOf.get(item);
      if (contactId === undefined || !(isIdentity(item) || isSecurity(item))) return [];
      return [{ item, drafts: threadsOf.get(contactId) ?? [] }];
    });
    await this.claim(tx, changes);
    for (const { item } of changes) results.set(item, { outcome: 'applied' });
    await this.tellIds(tx, changes);
  }

  /**
   * A line for each change of a number, and for a change of the id alone; that may be told by two webhooks, of which one has
   * no key of its own, so of one time it is told once.
   */
  private async tellIds(tx: Tx, changes: readonly Change[]): Promise<void> {
    const lines = changes.flatMap(({ item, drafts }) => {
      if (!isIdentity(item)) return [];
      const kind = item.effect.change.numberChanged ? ('number_changed' as const) : ('id_changed' as const);
      return drafts.map((draft) => ({ draft, kind, conversationId: draft.row.id, at: item.effect.time.at }));
    });
    const seqs = await this.messages.lastSeqsBy(tx, lines);
    const areTold = await this.messages.areIdsTold(tx, lines);
    for (const [index, { draft, kind, at }] of lines.entries()) {
      const isTold = areTold[index] === true || draft.tellsIdsAt(at);
      if (kind === 'number_changed' || !isTold) draft.noteIds(kind, at, seqs[index] ?? 0);
    }
  }

  /** A repeated one is sorted out by this key before it says anything; without any thread it has said nothing. */
  private async claim(tx: Tx, changes: readonly Change[]): Promise<void> {
    const keys = changes.flatMap(({ item: { channel, wamid }, drafts }) => {
      const draft = drafts.find(({ row }) => row.channelId === channel.id) ?? drafts[0];
      if (!draft || wamid === null) return [];
      return [{ channelId: channel.id, wamid, conversationId: draft.row.id, messageId: newId() }];
    });
    await this.messages.claim(tx, [...new Map(keys.map((key) => [keyText(key.channelId, key.wamid), key])).values()]);
  }
}

function toldOf({ effect }: InboundItem): ToldOfPerson | null {
  switch (effect.kind) {
    case 'preference':
      return { kind: 'marketing', at: effect.time.at, stopped: effect.stopped };
    case 'security':
      return { kind: 'identity_changed', at: effect.time.at, hash: effect.hash };
    case 'message': {
      const { identityHash: hash } = effect.sender;
      return hash === undefined ? null : { kind: 'hash', at: effect.time.at, hash };
    }
    default:
      return null;
  }
}
