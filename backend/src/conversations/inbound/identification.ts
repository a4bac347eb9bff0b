import { Injectable } from '@nestjs/common';
import type { Tx } from '../../database/database.js';
import { IdentitiesRepository } from './identities.repository.js';
import { keyAwaited, keysOf, keysOfChange } from './identity-keys.js';
import type { IdentityPlan } from './identity-plan.js';
import type { InboundItem } from './inbound-item.js';
import type { MessageKey } from './inbound-messages.repository.js';
import { isMessage, isOfKind, type ItemOf, keyText, type Results, targetOf } from './item-kinds.js';
import { personOf, timeOf } from './item-places.js';

const isIdentity = isOfKind('identity');
const UNKNOWN = 'nobody is known by the previous ids';

/** Finds out who is behind the items of a batch, and keeps what they tell of ids and names. */
@Injectable()
export class Identification {
  constructor(private readonly identities: IdentitiesRepository) {}

  /** Who is behind each item; items whose target is unknown wait before anybody is made for them. */
  async identify(
    tx: Tx,
    items: readonly InboundItem[],
    known: ReadonlyMap<string, MessageKey>,
    results: Results,
  ): Promise<{ plan: IdentityPlan; contactOf: Map<InboundItem, string> }> {
    const plan = await this.identities.plan(
      tx,
      items.flatMap(({ effect, channel }) => {
        if (effect.kind === 'identity') return keysOfChange(effect.change, channel.portfolioId);
        const person = personOf(effect);
        return person ? keysOf(person, channel.portfolioId) : [];
      }),
    );
    const contactOf = new Map<InboundItem, string>();
    let unknown: ItemOf<'identity'>[] = [];
    const coming = new Set(items.filter(isMessage).map(({ channel, wamid }) => keyText(channel.id, wamid ?? '')));
    for (const item of items) {
      const { effect, channel } = item;
      const target = targetOf(effect);
      const targetKey = keyText(channel.id, target ?? '');
      if (target !== null && !known.has(targetKey) && !coming.has(targetKey)) {
        results.set(item, { outcome: 'waiting', waitingFor: target });
        continue;
      }
      const person = personOf(effect);
      const contactId = person && plan.resolve(person, channel.portfolioId, timeOf(effect));
      if (contactId) contactOf.set(item, contactId);
      else if (isIdentity(item)) unknown.push(item);
      // A file of ours that follows names nobody: its placeholder does.
      else if (effect.kind === 'history' && item.wamid !== null) {
        results.set(item, { outcome: 'waiting', waitingFor: item.wamid });
      }
      unknown = this.rekey(unknown, plan, contactOf);
    }
    for (const item of unknown) {
      const waitingFor = keyAwaited(item.effect.change, item.channel.portfolioId);
      if (waitingFor === null) results.set(item, { outcome: 'kept', reason: UNKNOWN });
      else results.set(item, { outcome: 'waiting', reason: UNKNOWN, waitingFor });
    }
    for (const item of items.filter(isOfKind('contact'))) {
      const contactId = contactOf.get(item);
      if (contactId === undefined) continue;
      if (item.effect.name) plan.nameIfUnnamed(contactId, item.effect.name);
      results.set(item, { outcome: 'applied' });
    }
    await this.identities.save(tx, plan);
    return { plan, contactOf };
  }

  /** Takes the changes whose people are known by now; one may make the next understood. Returns those that are left. */
  private rekey(
    changes: ItemOf<'identity'>[],
    plan: IdentityPlan,
    contactOf: Map<InboundItem, string>,
  ): ItemOf<'identity'>[] {
    const left = changes.filter((item) => {
      const { change, time } = item.effect;
      const contactId = plan.rekey(change, item.channel.portfolioId, time.at);
      if (contactId !== null) contactOf.set(item, contactId);
      return contactId === null;
    });
    return left.length === changes.length ? left : this.rekey(left, plan, contactOf);
  }
}
