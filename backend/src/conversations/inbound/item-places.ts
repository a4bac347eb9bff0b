import type { MeetingPoint } from '../statuses/status-items.js';
import type { InboundEffect, InboundItem, PersonClaim } from './inbound-item.js';
import { targetOf } from './item-kinds.js';
import type { ThreadKey } from './threads.repository.js';

/** Several webhooks tell of one call under one id, and of one message's statuses; a notice has no id. */
export const hasOneEffect = ({ kind }: InboundEffect): boolean =>
  kind !== 'status' && kind !== 'notice' && kind !== 'call';

/** The customer whom an item is about, as far as it says so. */
export function personOf(effect: InboundEffect): PersonClaim | null {
  switch (effect.kind) {
    case 'message':
      return effect.sender;
    case 'echo':
      return effect.recipient;
    case 'reaction':
      return effect.actor;
    case 'call':
    case 'history':
    case 'contact':
    case 'security':
    case 'preference':
      return effect.person;
    default:
      return null;
  }
}

/** For when an item names its person; null = it says no time, so for now. */
export function timeOf(effect: InboundEffect): Date | null {
  if ('time' in effect) return effect.time.at;
  return effect.kind === 'call' ? new Date(effect.facts.at) : null;
}

/** Where others may learn of the same wamid at the same moment: the head that all of them upsert first. */
export function meetingPoints(items: readonly InboundItem[]): MeetingPoint[] {
  return items.flatMap(({ channel, wamid, effect }): MeetingPoint[] => {
    if (effect.kind === 'echo' && wamid !== null) return [{ channelId: channel.id, wamid, sentAt: effect.time.at }];
    const target = targetOf(effect);
    return target === null ? [] : [{ channelId: channel.id, wamid: target, sentAt: null }];
  });
}

/** Of what has a place in a thread: messages and calls. */
export function threadKeyOf(item: InboundItem, contactOf: ReadonlyMap<InboundItem, string>): ThreadKey | null {
  const { channel, effect } = item;
  const contactId = contactOf.get(item) ?? null;
  if (effect.kind === 'call') return contactId === null ? null : threadOfCall(channel.id, contactId, effect);
  if (effect.kind === 'history') {
    return contactId === null ? null : { channelId: channel.id, contactId, groupId: null, statusWhenNew: 'resolved' };
  }
  if (effect.kind !== 'message' && effect.kind !== 'echo') return null;
  const { groupId } = effect;
  if (contactId === null && groupId === null) return null;
  // A thread begun from the phone app waits for nobody; groups are never the bot's.
  const statusWhenNew =
    effect.kind === 'echo' || effect.isStandby
      ? 'resolved'
      : channel.botEnabled && groupId === null
        ? 'pending'
        : 'open';
  return { channelId: channel.id, contactId: groupId === null ? contactId : null, groupId, statusWhenNew };
}

/** A customer who calls wants people; a call of ours waits for nobody. */
const threadOfCall = (
  channelId: string,
  contactId: string,
  { facts }: Extract<InboundEffect, { kind: 'call' }>,
): ThreadKey => ({
  channelId,
  contactId,
  groupId: null,
  statusWhenNew: facts.direction === 'inbound' ? 'open' : 'resolved',
});
