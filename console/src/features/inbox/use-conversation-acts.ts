import type { Conversation, Priority, SetTags } from '@parley/contract';
import { computed, shallowRef, type Ref } from 'vue';
import { useI18n } from 'vue-i18n';
import { useAnnouncerStore } from '../../shared/announcer.store.js';
import { ApiError } from '../../shared/api-error.js';
import { errorText } from '../../shared/error-text.js';
import { shownName } from '../../shared/shown-name.js';
import { useToastsStore, type Toast } from '../../shared/toasts.store.js';
import { useSessionStore } from '../auth/session.store.js';
import type { ConversationActs, PendingAct } from './components/types.js';
import { actsOn } from './conversation-acts.js';
import { useEntitiesStore } from './entities.store.js';

const none: ConversationActs = {
  claim: false,
  takeOver: false,
  release: false,
  assign: false,
  snooze: false,
  resolve: false,
  reopen: false,
  block: false,
};

/**
 * Claim, release, assign, resolve, reopen and snooze of the open conversation. Nothing is shown as done before the
 * server said so; a lost race says who won. Each returns whether it was done.
 */
export function useConversationActs(conversation: Readonly<Ref<Conversation | null>>) {
  const { t } = useI18n();
  const entities = useEntitiesStore();
  const session = useSessionStore();
  const toasts = useToastsStore();
  const announcer = useAnnouncerStore();
  const pendingAct = shallowRef<PendingAct>(null);
  const { api } = entities;

  const acts = computed(() => (conversation.value && session.agent ? actsOn(conversation.value, session.agent) : none));

  async function perform(
    act: keyof ConversationActs,
    request: (current: Conversation) => Promise<Conversation>,
    done?: (before: Conversation, after: Conversation) => Toast,
  ): Promise<boolean> {
    const before = conversation.value;
    if (!before || pendingAct.value !== null || !acts.value[act]) return false;
    pendingAct.value = act;
    try {
      const after = await entities.change(() => request(before));
      if (done) toasts.show(done(before, after));
      return true;
    } catch (error) {
      settle(error, () => void perform(act, request, done));
      return false;
    } finally {
      pendingAct.value = null;
    }
  }

  /** Shows how things stand instead of how they were wished to be. */
  function settle(error: unknown, again: () => void): void {
    const known = error instanceof ApiError ? error : null;
    const current = known?.problem?.conversation as Conversation | undefined;
    if (current) entities.take(current);
    const reason = errorText(error);
    const isRace = known?.code === 'conversation.already_claimed';
    if (isRace && current) entities.notice(current.id, reason);
    announcer.announce(reason);
    toasts.show({
      tone: isRace ? 'neutral' : 'error',
      title: isRace ? reason : t('toast.actFailed', { reason }),
      ...(known?.isTransient && { action: { label: t('actions.retry') }, act: again }),
    });
  }

  /** Back to exactly how it stood; refused when somebody has acted since. */
  const undo = ({ id }: Conversation) => ({
    action: { label: t('actions.undo') },
    act: () => {
      entities.change(() => api.undo(id)).catch((error: unknown) => settle(error, () => undefined));
    },
  });

  /** Tags, priority and unread: also on what is resolved, and without a button that waits. */
  async function mark(request: (current: Conversation) => Promise<Conversation>, done?: string): Promise<void> {
    const before = conversation.value;
    if (!before) return;
    try {
      const after = await entities.change(() => request(before));
      if (done && after.version !== before.version) toasts.show({ title: t(done, named(before)), ...undo(before) });
    } catch (error) {
      settle(error, () => void mark(request, done));
    }
  }

  const named = ({ contact }: Conversation) => ({ contact: shownName(contact) });

  /** Mine at once on this screen, and on all others when the server agrees. */
  function asMine<Result>(id: string, run: () => Promise<Result>): Promise<Result> {
    const { agent } = session;
    if (!agent) return run();
    return entities.hoping(
      id,
      { assignee: { id: agent.id, name: agent.name }, handler: 'agent', status: 'open', snoozedUntil: null },
      run,
    );
  }

  /** Takes the oldest of the queue that nobody looks at; its id, or null when there is none. */
  async function next(): Promise<string | null> {
    try {
      const taken = await entities.changeIf(async () => (await api.next()).conversation);
      if (!taken) {
        announcer.announce(t('toast.nothingNext'));
        toasts.show({ title: t('toast.nothingNext') });
      }
      return taken?.id ?? null;
    } catch (error) {
      settle(error, () => void next());
      return null;
    }
  }

  return {
    acts,
    pendingAct,
    next,
    claim: () => perform('claim', ({ id }) => asMine(id, () => api.claim(id))),
    takeOver: () =>
      perform('takeOver', ({ id, status, version }) =>
        asMine(id, () =>
          status === 'pending' || !session.agent
            ? api.claim(id)
            : api.assign(id, { agentId: session.agent.id, expectedVersion: version }),
        ),
      ),
    release: () =>
      perform(
        'release',
        ({ id, version }) => api.release(id, version),
        (before) => ({
          title: t('toast.released', named(before)),
          ...undo(before),
        }),
      ),
    assign: (agentId: string | null) =>
      perform(
        'assign',
        ({ id, version }) => api.assign(id, { agentId, expectedVersion: version }),
        (before, after) => ({
          title: after.assignee
            ? t('toast.assigned', { ...named(before), name: after.assignee.name })
            : t('toast.unassigned', named(before)),
          ...undo(before),
        }),
      ),
    setTeam: (teamId: string | null) =>
      perform(
        'assign',
        ({ id, version }) => api.assign(id, { teamId, expectedVersion: version }),
        (before, after) => ({
          title: after.team
            ? t('toast.team', { ...named(before), name: after.team.name })
            : t('toast.noTeam', named(before)),
          ...undo(before),
        }),
      ),
    resolve: () =>
      perform(
        'resolve',
        ({ id, version }) => api.resolve(id, version),
        (before) => ({
          tone: 'success',
          title: t('toast.resolved', named(before)),
          ...undo(before),
        }),
      ),
    reopen: () =>
      perform(
        'reopen',
        ({ id, version }) => api.reopen(id, version),
        (before) => ({ title: t('toast.reopened', named(before)) }),
      ),
    setTags: (tags: Partial<SetTags>) => mark(({ id }) => api.setTags(id, tags), 'toast.tagged'),
    /** Unread again for this agent alone; whatever is known of it, its row says so. */
    markUnread: () => mark(({ id }) => api.markUnread(id)),
    setPriority: (priority: Priority | null) =>
      mark(({ id, version }) => api.setPriority(id, priority, version), 'toast.prioritised'),
    snooze: (until: string) =>
      perform(
        'snooze',
        ({ id, version }) => api.snooze(id, until, version),
        (before) => ({
          title: t('toast.snoozed', named(before)),
          ...undo(before),
        }),
      ),
  };
}
