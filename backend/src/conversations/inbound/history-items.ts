import { Injectable } from '@nestjs/common';
import { ChannelImportsService } from '../../channels/channel-imports.service.js';
import type { ImportStep } from '../../channels/channel-imports.repository.js';
import type { Tx } from '../../database/database.js';
import type { LogEvent } from '../../log/log-event.js';
import { placeOf } from '../conversations.repository.js';
import { refill } from './amendments.js';
import { HistoryRepository } from './history.repository.js';
import type { InboundItem } from './inbound-item.js';
import { InboundFilesRepository } from './inbound-files.repository.js';
import { isOfKind, type ItemOf, keyText, type Results } from './item-kinds.js';
import { InboundMessagesRepository, type MessageKey } from './inbound-messages.repository.js';
import type { ThreadDraft } from './thread-draft.js';

type HistoryItem = ItemOf<'history'>;

/** An item whose message stands already. */
interface Stored {
  item: HistoryItem;
  key: MessageKey;
}

/** Meta's word for a file that the history only hints at; the file follows in a body of its own, or never. */
const PLACEHOLDER = 'media_placeholder';

const isPlaceholder = ({ effect }: HistoryItem): boolean => effect.message.rawType === PLACEHOLDER;

/** What the history of the phone needs besides being placed: files that come later, and how far it has come. */
@Injectable()
export class HistoryItems {
  constructor(
    private readonly history: HistoryRepository,
    private readonly messages: InboundMessagesRepository,
    private readonly files: InboundFilesRepository,
    private readonly imports: ChannelImportsService,
  ) {}

  /** Of a batch that has a placeholder and its file, the placeholder alone: it knows whose it is, and is filled next. */
  withoutFiles(items: readonly InboundItem[], results: Results): InboundItem[] {
    const coming = new Set(
      items.filter(isOfKind('history')).flatMap((item) => (isPlaceholder(item) ? [textOf(item)] : [])),
    );
    return items.filter((item) => {
      if (!isOfKind('history')(item) || isPlaceholder(item) || !coming.has(textOf(item))) return true;
      results.set(item, { outcome: 'duplicate' });
      return false;
    });
  }

  /**
   * Joins files and placeholders of one message (`repeated`: its wamid is known by now). A file takes the place of its
   * placeholder; a placeholder that comes after its file still says who sent it, when, and how it stands.
   */
  async join(
    tx: Tx,
    repeated: readonly InboundItem[],
    drafts: ReadonlyMap<string, ThreadDraft>,
    results: Results,
    now: Date,
  ): Promise<LogEvent[]> {
    const items = repeated.filter(isOfKind('history'));
    if (items.length === 0) return [];
    const keys = await this.messages.known(
      tx,
      items.map((item) => ({ channelId: item.channel.id, wamid: item.wamid ?? '' })),
    );
    const keyOf = new Map(keys.map((key) => [keyText(key.channelId, key.wamid), key]));
    const stored = items.flatMap((item) => {
      const key = keyOf.get(textOf(item));
      return key ? [{ item, key }] : [];
    });
    const changed = [
      ...(await this.fill(
        tx,
        stored.filter(({ item }) => !isPlaceholder(item)),
        now,
      )),
      ...(await this.frame(
        tx,
        stored.filter(({ item }) => isPlaceholder(item)),
      )),
    ];
    const byId = new Map([...drafts.values()].map((draft) => [draft.row.id, draft]));
    return changed.flatMap(({ item, key: { conversationId, messageId } }) => {
      results.set(item, { outcome: 'applied', conversationId, messageId });
      const draft = byId.get(conversationId);
      if (!draft) return [];
      if (draft.row.lastMessageId === messageId) draft.touch();
      return [{ ...placeOf(draft.row), type: 'message.updated' as const, conversationId, messageId }];
    });
  }

  private async fill(tx: Tx, stored: readonly Stored[], now: Date): Promise<Stored[]> {
    const fills = new Map(stored.map((one) => [one.key.messageId, one]));
    const waiting = await this.history.placeholders(
      tx,
      [...fills.values()].map(({ key }) => key),
    );
    const filled = waiting.flatMap(({ id, revisions }) => {
      const fill = fills.get(id);
      return fill ? [{ ...fill, shown: refill(revisions, fill.item.effect.message) }] : [];
    });
    if (filled.length === 0) return [];
    const messages = filled.map(({ item, key: { messageId, conversationId, channelId }, shown }) => ({
      messageId,
      conversationId,
      channelId,
      message: item.effect.message,
      shown,
    }));
    await this.history.fill(tx, messages, await this.files.note(tx, messages, now));
    return filled;
  }

  private async frame(tx: Tx, stored: readonly Stored[]): Promise<Stored[]> {
    const framed = new Map(stored.map((one) => [one.key.messageId, one]));
    const changed = await this.history.frame(
      tx,
      [...framed.values()].map(({ item: { effect }, key }) => ({
        conversationId: key.conversationId,
        messageId: key.messageId,
        isOurs: effect.isOurs,
        status: effect.status,
        at: effect.time.at,
      })),
    );
    return changed.flatMap((id) => framed.get(id) ?? []);
  }

  /** Notes how far each number's history has come by these items; repeated ones count no message again. */
  async advance(
    tx: Tx,
    items: readonly InboundItem[],
    repeated: readonly InboundItem[],
    results: Results,
    now: Date,
  ): Promise<void> {
    const known = new Set(repeated);
    const steps = new Map<string, ImportStep>();
    for (const item of items) {
      const { effect, channel } = item;
      if (effect.kind !== 'history' && effect.kind !== 'import') continue;
      if (effect.kind === 'import') results.set(item, { outcome: 'applied' });
      const step = steps.get(channel.id) ?? {
        channelId: channel.id,
        phase: 0,
        progress: 0,
        messages: 0,
        declined: null,
      };
      const isNew = effect.kind === 'history' && results.get(item)?.outcome === 'applied' && !known.has(item);
      steps.set(channel.id, {
        ...step,
        phase: Math.max(step.phase, effect.chunk?.phase ?? 0),
        progress: Math.max(step.progress, effect.chunk?.progress ?? 0),
        messages: step.messages + (isNew ? 1 : 0),
        declined: step.declined ?? (effect.kind === 'import' ? effect.declined : null),
      });
    }
    await this.imports.advance(tx, [...steps.values()], now);
  }
}

const textOf = ({ channel, wamid }: InboundItem): string => keyText(channel.id, wamid ?? '');
