import type { InboundEffect, InboundItem, ItemResult } from './inbound-item.js';

/** An item of one kind of effect. */
export type ItemOf<Kind extends InboundEffect['kind']> = InboundItem<Extract<InboundEffect, { kind: Kind }>>;
export type MessageItem = ItemOf<'message'> | ItemOf<'echo'> | ItemOf<'history'>;
/** What became of each item of a batch so far. */
export type Results = Map<InboundItem, ItemResult>;

export const isOfKind =
  <Kind extends InboundEffect['kind']>(kind: Kind) =>
  (item: InboundItem): item is ItemOf<Kind> =>
    item.effect.kind === kind;

export const isMessage = (item: InboundItem): item is MessageItem =>
  item.effect.kind === 'message' || item.effect.kind === 'echo' || item.effect.kind === 'history';

/** A wamid is unique on its number alone. */
export const keyText = (channelId: string, wamid: string): string => `${channelId} ${wamid}`;

/** The wamid of the message that an item is about, if it is about another. */
export const targetOf = (effect: InboundEffect): string | null =>
  effect.kind === 'reaction' || effect.kind === 'amendment' ? effect.targetWamid : null;
