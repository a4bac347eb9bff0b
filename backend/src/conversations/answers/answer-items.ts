import { Injectable } from '@nestjs/common';
import type { Tx } from '../../database/database.js';
import type { InboundItem } from '../inbound/inbound-item.js';
import { isOfKind, keyText, type ItemOf, type Results } from '../inbound/item-kinds.js';
import type { ThreadDraft } from '../inbound/thread-draft.js';
import { AnswerMappingsRepository } from './answer-mappings.repository.js';
import { type Answered, type KeptAttributes, type Mapping, withAnswers } from './answer-rules.js';

/** Contacts who answered a form in this batch, under their locks, and what is asked of their answers. */
export interface AnswerPlan {
  contacts: ReadonlyMap<string, KeptAttributes>;
  mappings: readonly Mapping[];
}

const NOTHING: AnswerPlan = { contacts: new Map(), mappings: [] };

/** Sets attributes from answered forms, in the transaction that stores the answers. The phone's history sets none. */
@Injectable()
export class AnswerItems {
  constructor(private readonly repository: AnswerMappingsRepository) {}

  /** Locks whoever answered a form, before any conversation is locked: so do those who change attributes by hand. */
  async prepare(
    tx: Tx,
    items: readonly InboundItem[],
    contactOf: ReadonlyMap<InboundItem, string>,
  ): Promise<AnswerPlan> {
    const ids = new Set(items.filter(isAnswer).flatMap((item) => contactOf.get(item) ?? []));
    if (ids.size === 0) return NOTHING;
    const mappings = await this.repository.all(tx);
    if (mappings.length === 0) return NOTHING;
    return { contacts: await this.repository.lockContacts(tx, [...ids].sort()), mappings };
  }

  /** What was stored of this batch, in its order. Every thread of a contact that changes tells the screens of it. */
  async apply(
    tx: Tx,
    items: readonly InboundItem[],
    { contacts, mappings }: AnswerPlan,
    contactOf: ReadonlyMap<InboundItem, string>,
    drafts: ReadonlyMap<string, ThreadDraft>,
    results: Results,
  ): Promise<void> {
    if (contacts.size === 0) return;
    const stored = items.filter(isAnswer).filter((item) => results.get(item)?.outcome === 'applied');
    const formsOf = await this.quotedForms(tx, stored);
    const forms = new Map<string, Answered[]>();
    for (const item of stored) {
      const contactId = contactOf.get(item);
      if (contactId === undefined) continue;
      const { time, message } = item.effect;
      const answers = message.content.form?.answers ?? [];
      const answered = { channelId: item.channel.id, forms: formsOf(item), at: time.at, answers };
      forms.set(contactId, [...(forms.get(contactId) ?? []), answered]);
    }
    const changed = new Map<string, KeptAttributes>();
    for (const [contactId, answered] of forms) {
      const kept = contacts.get(contactId);
      const after = kept && withAnswers(kept, answered, mappings);
      if (after) changed.set(contactId, after);
    }
    await this.repository.save(tx, changed);
    for (const draft of drafts.values()) if (changed.has(draft.row.contactId ?? '')) draft.touch();
  }

  private async quotedForms(tx: Tx, items: readonly ItemOf<'message'>[]): Promise<(item: InboundItem) => string[]> {
    const quoted = items.flatMap(({ channel, effect }) => {
      const wamid = effect.message.replyToWamid;
      return wamid === null ? [] : [{ channelId: channel.id, wamid }];
    });
    const named = new Map(
      (await this.repository.formsOf(tx, quoted)).map(({ channelId, wamid, flow }) => [
        keyText(channelId, wamid),
        flow,
      ]),
    );
    return ({ channel, effect }) => {
      const wamid = effect.kind === 'message' ? effect.message.replyToWamid : null;
      const flow = named.get(keyText(channel.id, wamid ?? ''));
      return [flow?.id, flow?.name].filter((name) => name !== undefined && name !== null);
    };
  }
}

const isMessage = isOfKind('message');
const isAnswer = (item: InboundItem): item is ItemOf<'message'> =>
  isMessage(item) && (item.effect.message.content.form?.answers.length ?? 0) > 0;
