import { useI18n } from 'vue-i18n';
import type { BoardColumn } from './columns.js';

/** What a column is called, and the line below its name. */
export function useColumnWords() {
  const { t } = useI18n();

  function nameOf({ lanes, agent, team }: Readonly<BoardColumn>): string {
    if (lanes === 'teams') return team?.name ?? t('board.noTeam');
    return agent?.name ?? t('board.queue');
  }

  function hintOf({ lanes, team, state, cards }: Readonly<BoardColumn>): string {
    if (lanes === 'people') return state ? t(`board.state.${state}`) : t('board.queueHint');
    const unclaimed = cards.filter(({ assignee }) => assignee === null).length;
    return team || unclaimed > 0 ? t('board.unclaimedOf', { n: unclaimed }, unclaimed) : t('board.noTeamHint');
  }

  return { nameOf, hintOf };
}
