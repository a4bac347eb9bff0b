import type { Conversation } from '../types.js';

/** What a ready-made reply can speak of; the names are those that its author writes between the braces. */
export function variablesOf(
  { contact, channel }: Pick<Conversation, 'contact' | 'channel'>,
  agentName: string,
): Record<string, string | null> {
  // A customer without a name is shown under what else is known of them: nobody is greeted by it.
  const name = [contact.phone, contact.username, contact.bsuid].includes(contact.name) ? null : contact.name || null;
  return {
    'contact.name': name,
    'contact.first_name': name?.split(' ')[0] ?? null,
    'contact.phone': contact.phone,
    'agent.name': agentName,
    'agent.first_name': agentName.split(' ')[0] ?? null,
    'channel.name': channel.name,
  };
}
