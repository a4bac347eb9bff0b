import { Injectable } from '@nestjs/common';
import { isMarketingStop } from '../../channels/meta-errors.js';
import type { Tx } from '../../database/database.js';
import type { LogEvent } from '../../log/log-event.js';
import { LogRepository } from '../../log/log.repository.js';
import type { ConversationRow } from '../conversation.row.js';
import { ConversationsRepository, placeOf } from '../conversations.repository.js';
import type { StatusHead } from '../statuses/status-head.js';
import type { StatusReport } from '../statuses/status-report.js';
import type { InboundItem } from './inbound-item.js';
import { type ItemOf, keyText } from './item-kinds.js';
import { MarketingStopsRepository } from './marketing-stops.repository.js';
import { personAfter, type PersonNews, type PersonState } from './person-state.js';
import { PersonStatesRepository } from './person-states.repository.js';
import { ThreadsRepository } from './threads.repository.js';

/** Whether a status says that the customer wants no marketing; one about a member of a group says nothing of anybody. */
export const tellsMarketingStop = ({ step, participant, errors }: StatusReport): boolean =>
  step === 'failed' && participant === '' && errors.some(({ code }) => isMarketingStop(code));

/** The same of all that is known of a message. */
const isStopTold = ({ participant, times, errors }: StatusHead): boolean =>
  times.failed !== undefined && participant === '' && (errors ?? []).some(({ code }) => isMarketingStop(code));

/** A customer who wanted no marketing, and when, as one item of a batch says. */
export interface ToldStop {
  contactId: string;
  at: Date;
}

/** When these contacts wanted no marketing, as a refusal says. */
export type StopsOfContacts = ReadonlyMap<string, Date>;

/** Stops that were not known, and the threads in which that is told. */
export interface NewStops {
  news: ReadonlyMap<string, PersonNews>;
  threadIds: readonly string[];
}

export const NO_STOPS: NewStops = { news: new Map(), threadIds: [] };

/**
 * Customers whose stop is known from a refusal alone: Meta tells it by a webhook of its own too, which may come later, or
 * never where the app is not subscribed to it. Either way the time decides, so that a later word of theirs wins.
 */
@Injectable()
export class MarketingStops {
  constructor(
    private readonly repository: MarketingStopsRepository,
    private readonly people: PersonStatesRepository,
    private readonly threads: ThreadsRepository,
    private readonly conversations: ConversationsRepository,
    private readonly log: LogRepository,
  ) {}

  /**
   * The stops that these items tell. A status tells none of a message that nobody here knows yet: then it is told by the
   * echo that makes it known, or by the answer to its send (`ofHeads`).
   */
  async toldBy(
    tx: Tx,
    statuses: readonly ItemOf<'status'>[],
    echoes: readonly ItemOf<'echo'>[],
    heads: readonly StatusHead[],
    contactOf: ReadonlyMap<InboundItem, string>,
  ): Promise<ReadonlyMap<InboundItem, ToldStop>> {
    return new Map([...(await this.ofStatuses(tx, statuses, heads)), ...ofEchoes(echoes, heads, contactOf)]);
  }

  private async ofStatuses(
    tx: Tx,
    statuses: readonly ItemOf<'status'>[],
    heads: readonly StatusHead[],
  ): Promise<[InboundItem, ToldStop][]> {
    const telling = statuses.filter(({ effect }) => tellsMarketingStop(effect.report));
    if (telling.length === 0) return [];
    const named = new Map(
      heads
        .filter(({ participant }) => participant === '')
        .map(({ channelId, wamid, conversationId }) => [keyText(channelId, wamid), conversationId]),
    );
    const contacts = await this.repository.contactsOf(
      tx,
      telling.map(({ channel: { id: channelId }, effect: { report } }) => ({
        channelId,
        wamid: report.wamid,
        conversationId: named.get(keyText(channelId, report.wamid)) ?? null,
      })),
    );
    return telling.flatMap((item, index): [InboundItem, ToldStop][] => {
      const contactId = contacts[index];
      return contactId ? [[item, { contactId, at: item.effect.report.at }]] : [];
    });
  }

  /**
   * The same of heads that say so: of messages whose status came before the answer to their send. By contact, as of the
   * time of the failure.
   */
  async ofHeads(tx: Tx, heads: readonly StatusHead[]): Promise<StopsOfContacts> {
    const telling = heads.filter(isStopTold);
    const contacts = await this.repository.contactsOf(tx, telling);
    return latest(
      telling.flatMap(({ times: { failed } }, index) => {
        const contactId = contacts[index];
        return contactId && failed ? [{ contactId, at: failed }] : [];
      }),
    );
  }

  /**
   * Keeps what is newer than what is known, under the locks of the contacts: to be called before any conversation is
   * locked. What comes back has to be told in these threads.
   * @throws IdentityRaceError when one of the contacts became part of another meanwhile
   */
  async keep(tx: Tx, stops: StopsOfContacts): Promise<NewStops> {
    if (stops.size === 0) return NO_STOPS;
    const changed = new Map<string, PersonState>();
    const news = new Map<string, PersonNews>();
    for (const [contactId, before] of await this.people.lock(tx, [...stops.keys()].sort())) {
      const at = stops.get(contactId);
      if (!at) continue;
      const after = personAfter(before, { kind: 'marketing', at, stopped: true });
      if (after.isNews) changed.set(contactId, after.state);
      if (after.news) news.set(contactId, after.news);
    }
    await this.people.save(tx, changed);
    return { news, threadIds: await this.threads.ofContacts(tx, [...news.keys()]) };
  }

  /** Writes the lines, under the locks of the threads. */
  async tell(tx: Tx, { news }: NewStops, threads: Iterable<ConversationRow>, now: Date): Promise<void> {
    if (news.size === 0) return;
    const told: ConversationRow[] = [];
    for (const row of new Map([...threads].map((one) => [one.id, one])).values()) {
      const kind = row.contactId === null ? undefined : news.get(row.contactId);
      if (!kind || row.mergedIntoId !== null) continue;
      await this.conversations.change(tx, row, {}, [{ kind, actor: { type: 'contact', id: row.contactId } }], now);
      told.push(row);
    }
    await this.log.append(tx, await this.retell(tx, told));
  }

  /**
   * In these threads the customer's wish changed: what failed because of it may be sent again from now on, or may not any
   * more. To be called under their locks; what comes back is for the log.
   */
  async retell(tx: Tx, threads: readonly ConversationRow[]): Promise<LogEvent[]> {
    const byId = new Map(threads.map((row) => [row.id, row]));
    const touched = await this.repository.touchRefused(tx, [...byId.keys()]);
    return touched.flatMap(({ conversationId, messageId }) => {
      const row = byId.get(conversationId);
      return row ? [{ ...placeOf(row), type: 'message.updated' as const, conversationId, messageId }] : [];
    });
  }
}

/** Messages that somebody else sent from the number, and that had failed before they became known here. */
function ofEchoes(
  echoes: readonly ItemOf<'echo'>[],
  heads: readonly StatusHead[],
  contactOf: ReadonlyMap<InboundItem, string>,
): [InboundItem, ToldStop][] {
  const stopped = new Map(
    heads.filter(isStopTold).map(({ channelId, wamid, times }) => [keyText(channelId, wamid), times.failed]),
  );
  return echoes.flatMap((item): [InboundItem, ToldStop][] => {
    const { channel, wamid, effect } = item;
    const contactId = effect.groupId === null ? contactOf.get(item) : undefined;
    const at = wamid === null ? undefined : stopped.get(keyText(channel.id, wamid));
    return contactId !== undefined && at ? [[item, { contactId, at }]] : [];
  });
}

/** Of several times of one contact the last. */
export function latest(stops: readonly { contactId: string; at: Date }[]): StopsOfContacts {
  const byContact = new Map<string, Date>();
  for (const { contactId, at } of stops) {
    const known = byContact.get(contactId);
    if (!known || at > known) byContact.set(contactId, at);
  }
  return byContact;
}
