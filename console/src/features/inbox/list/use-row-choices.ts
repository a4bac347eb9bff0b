import type { Conversation, Priority } from '@parley/contract';
import { useI18n } from 'vue-i18n';
import type { MenuEntry } from '../../../shared/ui/menu.js';
import { useFormat } from '../../../shared/ui/use-format.js';
import { useSessionStore } from '../../auth/session.store.js';
import { useAgentsStore } from '../agents.store.js';
import { snoozeChoices } from '../components/snooze/snooze-times.js';
import type { RowAct } from './row-acts.js';

/** Acts that ask what exactly: to whom, to which team, how pressing, until when. */
export type RowChoice = 'assign' | 'team' | 'priority' | 'snooze';

const NONE = 'none';
const PRIORITIES: readonly Priority[] = ['urgent', 'high', 'normal', 'low'];

/** The menus of acts on rows that have not been opened; `current` is the row itself where there is only one. */
export function useRowChoices(current: () => Conversation | null = () => null) {
  const { t } = useI18n();
  const format = useFormat();
  const session = useSessionStore();
  const agents = useAgentsStore();

  /** What is one of a set shows which it is now, as far as that is known. */
  const marked = (isIt: (conversation: Conversation) => boolean): { checked?: boolean } => {
    const conversation = current();
    return conversation ? { checked: isIt(conversation) } : {};
  };
  const lastly = (label: string): MenuEntry[] => [
    { type: 'separator', key: 'line' },
    { key: NONE, label },
  ];

  function entriesOf(choice: RowChoice): MenuEntry[] {
    switch (choice) {
      case 'assign':
        return [
          ...agents.assignable.map(({ id, name }) => ({
            key: id,
            label: id === session.agent?.id ? t('inbox.assign.me', { name }) : name,
            ...marked(({ assignee }) => assignee?.id === id),
          })),
          ...lastly(t('inbox.assign.nobody')),
        ];
      case 'team':
        return [
          ...agents.teams.map(({ id, name }) => ({ key: id, label: name, ...marked(({ team }) => team?.id === id) })),
          ...lastly(t('inbox.team.none')),
        ];
      case 'priority':
        return [
          ...PRIORITIES.map((key) => ({
            key,
            label: t(`inbox.priority.${key}`),
            ...marked(({ priority }) => priority === key),
          })),
          ...lastly(t('desk.priority.none')),
        ];
      case 'snooze':
        return snoozeChoices(new Date()).map(({ key, until }) => ({
          key: until.toISOString(),
          label: t(`inbox.snooze.${key}`),
          hint: format.dayTime(until.toISOString()),
        }));
    }
  }

  /** What the entry with this key does. */
  function actOf(choice: RowChoice, key: string): RowAct {
    const value = key === NONE ? null : key;
    switch (choice) {
      case 'assign':
        return { kind: 'assign', agentId: value };
      case 'team':
        return { kind: 'team', teamId: value };
      case 'priority':
        return { kind: 'priority', priority: PRIORITIES.find((one) => one === value) ?? null };
      case 'snooze':
        return { kind: 'snooze', until: key };
    }
  }

  return { entriesOf, actOf };
}
