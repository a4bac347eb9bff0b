import type { Notification } from '@parley/contract';

/** What an agent was told of one thread; the newest first. */
export interface NotificationGroup {
  key: string;
  conversation: Notification['conversation'];
  items: readonly Notification[];
  at: string;
}

export interface NotificationSection {
  key: 'new' | 'earlier';
  groups: readonly NotificationGroup[];
}

/** What is new before what was seen, each by thread, in the order of its newest. */
export function groupNotifications(items: readonly Notification[]): NotificationSection[] {
  const sections = [
    { key: 'new' as const, groups: byThread(items.filter(({ readAt }) => readAt === null)) },
    { key: 'earlier' as const, groups: byThread(items.filter(({ readAt }) => readAt !== null)) },
  ];
  return sections.filter(({ groups }) => groups.length > 0);
}

function byThread(items: readonly Notification[]): NotificationGroup[] {
  const groups = new Map<string, Notification[]>();
  for (const item of items) groups.set(item.conversation.id, [...(groups.get(item.conversation.id) ?? []), item]);
  return [...groups].flatMap(([key, own]) => {
    const [newest] = own;
    return newest ? [{ key, conversation: newest.conversation, items: own, at: newest.at }] : [];
  });
}

/** Where a notification leads: the thread, and in it what it is about. */
export function pathOf({ kind, conversation, messageId }: Notification): string {
  const path = `/inbox/all/${conversation.id}`;
  // Where the unread begin the thread finds itself.
  return messageId !== null && kind !== 'message' ? `${path}?to=${messageId}` : path;
}
