import type { Conversation } from '@parley/contract';
import { useI18n } from 'vue-i18n';
import { useAnnouncerStore } from '../../../shared/announcer.store.js';
import { ApiError } from '../../../shared/api-error.js';
import { errorText } from '../../../shared/error-text.js';
import { shownName } from '../../../shared/shown-name.js';
import { useToastsStore } from '../../../shared/toasts.store.js';
import { useAgentsStore } from '../agents.store.js';
import { useEntitiesStore } from '../entities.store.js';
import { columnKeyOf, type BoardColumn } from './columns.js';

/** A card as it was when it was taken up: whatever happens to the thread until it is put down is somebody else's act. */
export interface PickedCard {
  id: string;
  version: number;
}

/** Gives threads to people, teams and the queue; the card moves at once, and back with the reason when the server refuses. */
export function useMoves() {
  const { t } = useI18n();
  const entities = useEntitiesStore();
  const agents = useAgentsStore();
  const toasts = useToastsStore();
  const announcer = useAnnouncerStore();

  async function move(picked: PickedCard, to: Readonly<BoardColumn>): Promise<void> {
    const { lanes, agent, team } = to;
    const before = entities.conversation(picked.id);
    if (!before || columnKeyOf(before, lanes) === to.key) return;
    const hope = lanes === 'teams' ? { team } : ({ assignee: agent, handler: agent ? 'agent' : 'queue' } as const);
    const goal = lanes === 'teams' ? { teamId: team?.id ?? null } : { agentId: agent?.id ?? null };
    const assign = { ...goal, expectedVersion: picked.version };
    try {
      const after = await entities.hoping(picked.id, hope, () =>
        entities.change(() => entities.api.assign(picked.id, assign)),
      );
      const words = lanes === 'teams' ? teamWords(after) : ownerWords(after);
      announcer.announce(words);
      toasts.show({ title: words, action: { label: t('actions.undo') }, act: () => void undo(after) });
    } catch (error) {
      refuse(error, before, () => void move(picked, to));
    }
  }

  const ownerWords = ({ contact, assignee }: Conversation): string =>
    assignee
      ? t('toast.assigned', { contact: shownName(contact), name: assignee.name })
      : t('toast.unassigned', { contact: shownName(contact) });
  const teamWords = ({ contact, team }: Conversation): string =>
    team
      ? t('toast.team', { contact: shownName(contact), name: team.name })
      : t('toast.noTeam', { contact: shownName(contact) });

  async function undo(moved: Conversation): Promise<void> {
    try {
      const after = await entities.change(() => entities.api.undo(moved.id));
      announcer.announce(place(after));
    } catch (error) {
      refuse(error, moved, () => void undo(moved));
    }
  }

  /** Where a thread stands, in a sentence. */
  function place({ contact, assignee, status }: Conversation): string {
    if (status !== 'open') return t('board.noLonger', { contact: shownName(contact) });
    return assignee
      ? t('board.isWith', { contact: shownName(contact), name: assignee.name })
      : t('board.isInQueue', { contact: shownName(contact) });
  }

  /** Says why not, and who has it now; the card stands where it belongs. */
  function refuse(error: unknown, before: Conversation, again: () => void): void {
    const known = error instanceof ApiError ? error : null;
    const current = known?.problem?.conversation as Conversation | undefined;
    if (current) entities.take(current);
    // Who is offered here may have left meanwhile.
    if (known?.code === 'conversation.assignee_unavailable') void agents.load().catch(() => undefined);
    const isRace = known?.code === 'conversation.version_conflict';
    const reason = isRace ? t('board.faster') : errorText(error);
    const text = place(entities.conversation(before.id) ?? before);
    announcer.announce(`${t('toast.actFailed', { reason })} ${text}`);
    toasts.show({
      tone: 'error',
      title: t('toast.actFailed', { reason }),
      text,
      ...(known?.isTransient && { action: { label: t('actions.retry') }, act: again }),
    });
  }

  return { move };
}
