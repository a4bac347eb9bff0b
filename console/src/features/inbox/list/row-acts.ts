import type { Conversation, Priority, SetTags } from '@parley/contract';
import { shallowRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { ApiError } from '../../../shared/api-error.js';
import { errorText } from '../../../shared/error-text.js';
import { shownName } from '../../../shared/shown-name.js';
import { useToastsStore } from '../../../shared/toasts.store.js';
import { useEntitiesStore } from '../entities.store.js';

/** What can be done to a conversation without opening it. */
export type RowAct =
  | { kind: 'claim' | 'resolve' | 'reopen' | 'read' | 'unread' }
  | { kind: 'assign'; agentId: string | null }
  | { kind: 'team'; teamId: string | null }
  | { kind: 'tags'; tags: Partial<SetTags> }
  | { kind: 'priority'; priority: Priority | null }
  | { kind: 'snooze'; until: string };

/** One that was refused, and why. */
export interface Refusal {
  id: string;
  name: string;
  reason: string;
}

/** How far an act on several has come. */
export interface Progress {
  done: number;
  total: number;
  refusals: readonly Refusal[];
}

const AT_ONCE = 3;
/** What the server can take back. */
const UNDOABLE: readonly RowAct['kind'][] = ['resolve', 'assign', 'team', 'tags', 'priority', 'snooze'];

/** Acts on conversations by their ids: each is judged by the server alone, and what it refuses is named. */
export function useRowActs() {
  const { t } = useI18n();
  const entities = useEntitiesStore();
  const toasts = useToastsStore();
  const progress = shallowRef<Progress | null>(null);
  const { api } = entities;

  async function read({ id, lastMessage }: Conversation): Promise<Conversation> {
    if (lastMessage) await api.markRead(id, lastMessage.id);
    return api.conversation(id);
  }

  function request(act: RowAct, conversation: Conversation): Promise<Conversation> {
    const { id, version } = conversation;
    switch (act.kind) {
      case 'claim':
        return api.claim(id);
      case 'resolve':
        return api.resolve(id, version);
      case 'reopen':
        return api.reopen(id, version);
      case 'read':
        return read(conversation);
      case 'unread':
        return api.markUnread(id);
      case 'assign':
        return api.assign(id, { agentId: act.agentId, expectedVersion: version });
      case 'team':
        return api.assign(id, { teamId: act.teamId, expectedVersion: version });
      case 'tags':
        return api.setTags(id, act.tags);
      case 'priority':
        return api.setPriority(id, act.priority, version);
      case 'snooze':
        return api.snooze(id, act.until, version);
    }
  }

  async function one(id: string, act: RowAct): Promise<Refusal | null> {
    const conversation = entities.conversation(id);
    if (!conversation) return null;
    try {
      await entities.change(() => request(act, conversation));
      return null;
    } catch (error) {
      const current = error instanceof ApiError ? (error.problem?.conversation as Conversation | undefined) : undefined;
      if (current) entities.take(current);
      return { id, name: shownName(conversation.contact), reason: errorText(error) };
    }
  }

  /** Takes back what was done to each; what somebody acted on since stays as it is. */
  async function undo(ids: readonly string[]): Promise<void> {
    const outcomes = await Promise.allSettled(ids.map((id) => entities.change(() => api.undo(id))));
    const failed = outcomes.filter(({ status }) => status === 'rejected').length;
    if (failed > 0) toasts.show({ tone: 'error', title: t('desk.bulk.notUndone', { n: failed }, failed) });
  }

  /** A few at a time, so that the others of the team are served meanwhile. Returns what was refused. */
  async function run(ids: readonly string[], act: RowAct): Promise<readonly Refusal[]> {
    const waiting = [...ids];
    const refusals: Refusal[] = [];
    let done = 0;
    const tell = (): void => void (progress.value = { done, total: ids.length, refusals: [...refusals] });
    tell();
    const work = async (): Promise<void> => {
      for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
        const refusal = await one(id, act);
        if (refusal) refusals.push(refusal);
        done += 1;
        tell();
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    const refused = new Set(refusals.map(({ id }) => id));
    const changed = ids.filter((id) => !refused.has(id));
    if (changed.length > 0) {
      toasts.show({
        title: t(`desk.bulk.done.${act.kind}`, { n: changed.length }, changed.length),
        ...(UNDOABLE.includes(act.kind) && {
          action: { label: t('actions.undo') },
          act: () => void undo(changed),
        }),
      });
    }
    if (ids.length === 1 && refusals[0]) toasts.show({ tone: 'error', title: refusals[0].reason });
    return refusals;
  }

  return { run, progress };
}
