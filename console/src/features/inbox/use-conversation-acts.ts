import type { Conversation } from '@parley/contract';
import { computed, shallowRef, type Ref } from 'vue';
import { useI18n } from 'vue-i18n';
import { useAnnouncerStore } from '../../shared/announcer.store.js';
import { ApiError } from '../../shared/api-error.js';
import { errorText } from '../../shared/error-text.js';
import { useToastsStore, type Toast } from '../../shared/toasts.store.js';
import { useSessionStore } from '../auth/session.store.js';
import { actsOn } from './acts.js';
import type { ConversationActs, PendingAct } from './components/types.js';
import { useEntitiesStore } from './entities.store.js';

const none: ConversationActs = {
  claim: false,
  takeOver: false,
  release: false,
  assign: false,
  snooze: false,
  resolve: false,
  reopen: false,
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
    announcer.announce(reason);
    toasts.show({
      tone: isRace ? 'neutral' : 'error',
      title: isRace ? reason : t('toast.actFailed', { reason }),
      ...(known?.isTransient && { action: { label: t('actions.retry') }, act: again }),
    });
  }

  const undo = (request: (current: Conversation) => Promise<Conversation>, after: Conversation) => ({
    action: { label: t('actions.undo') },
    act: () => {
      entities.change(() => request(after)).catch((error: unknown) => settle(error, () => undefined));
    },
  });

  const named = ({ contact }: Conversation) => ({ contact: contact.name });

  return {
    acts,
    pendingAct,
    claim: () => perform('claim', ({ id }) => api.claim(id)),
    takeOver: () =>
      perform('takeOver', ({ id, status, version }) =>
        status === 'pending' || !session.agent
          ? api.claim(id)
          : api.assign(id, { agentId: session.agent.id, expectedVersion: version }),
      ),
    release: () =>
      perform(
        'release',
        ({ id, version }) => api.release(id, version),
        (before, after) => ({
          title: t('toast.released', named(before)),
          ...(before.assignee?.id === session.agent?.id && undo(({ id }) => api.claim(id), after)),
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
          ...undo(
            ({ id, version }) => api.assign(id, { agentId: before.assignee?.id ?? null, expectedVersion: version }),
            after,
          ),
        }),
      ),
    resolve: () =>
      perform(
        'resolve',
        ({ id, version }) => api.resolve(id, version),
        (before, after) => ({
          tone: 'success',
          title: t('toast.resolved', named(before)),
          ...undo(({ id, version }) => api.reopen(id, version), after),
        }),
      ),
    reopen: () =>
      perform(
        'reopen',
        ({ id, version }) => api.reopen(id, version),
        (before) => ({ title: t('toast.reopened', named(before)) }),
      ),
    snooze: (until: string) =>
      perform(
        'snooze',
        ({ id, version }) => api.snooze(id, until, version),
        (before, after) => ({
          title: t('toast.snoozed', named(before)),
          ...undo(({ id, version }) => api.reopen(id, version), after),
        }),
      ),
  };
}
