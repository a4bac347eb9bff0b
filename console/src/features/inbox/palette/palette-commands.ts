import type { Conversation, Person, Priority } from '@parley/contract';
import type { Composer as I18n } from 'vue-i18n';
import type { ThemeChoice } from '../../../shared/preferences.js';
import type { AssignableAgent, ConversationActs, InboxView } from '../components/types.js';

/** One line of the palette. `children` opens a further list instead of doing something. */
export interface Command {
  key: string;
  label: string;
  /** What else it is found by. */
  words?: string;
  hint?: string;
  keys?: string;
  children?: () => Command[];
  run?: () => unknown;
}

/** What the room lets the palette do: its own ways, so that focus and toasts are the same as by key or pointer. */
export interface PaletteRoom {
  conversation: Conversation | null;
  acts: ConversationActs;
  agents: readonly AssignableAgent[];
  teams: readonly Person[];
  open: (id: string) => unknown;
  openView: (view: InboxView) => unknown;
  act: {
    claim: () => unknown;
    release: () => unknown;
    assign: (agentId: string | null) => unknown;
    team: (teamId: string | null) => unknown;
    snooze: (until: string) => unknown;
    resolve: () => unknown;
    resolveAndNext: () => unknown;
    reopen: () => unknown;
    tag: () => unknown;
    unread: () => unknown;
    priority: (priority: Priority | null) => unknown;
    reply: () => unknown;
    note: () => unknown;
    canned: () => unknown;
    template: () => unknown;
    begin: () => unknown;
    next: () => unknown;
    previous: () => unknown;
    search: () => unknown;
    panel: () => unknown;
    help: () => unknown;
    settings: () => unknown;
  };
}

/** What can be done anywhere. */
export interface PaletteChoices {
  snoozes: readonly { label: string; hint: string; until: string }[];
  locales: readonly { code: string; name: string }[];
  /** The way to the board; null for who oversees nobody. */
  board: (() => unknown) | null;
  choose: {
    theme: (theme: ThemeChoice) => unknown;
    locale: (code: string) => unknown;
    undoSend: (seconds: number) => unknown;
    enterSends: (on: boolean) => unknown;
    singleKeys: (on: boolean) => unknown;
  };
}

const VIEWS: [InboxView, string][] = [
  ['mine', 'G M'],
  ['unassigned', 'G U'],
  ['all', 'G A'],
  ['resolved', 'G R'],
  ['bot', 'G B'],
  ['snoozed', 'G S'],
];
const PRIORITIES: readonly Priority[] = ['urgent', 'high', 'normal', 'low'];
const THEMES = ['light', 'dark', 'system'] as const;

/** Everything that can be done from here, the open conversation's acts first. */
export function commandsOf(room: PaletteRoom, choices: PaletteChoices, t: I18n['t']): Command[] {
  return [
    ...(room.conversation ? conversationCommands(room, choices, t) : []),
    ...roomCommands(room, choices, t),
    ...choiceCommands(choices, t),
    { key: 'settings', label: t('desk.settings'), keys: 'G ,', run: room.act.settings },
    { key: 'help', label: t('ui.shortcuts.title'), keys: '?', run: room.act.help },
  ];
}

function conversationCommands(
  { conversation, acts, agents, teams, act }: PaletteRoom,
  { snoozes }: PaletteChoices,
  t: I18n['t'],
): Command[] {
  const named = (key: string): string => t(`inbox.act.${key}`);
  return [
    ...(acts.claim || acts.takeOver
      ? [{ key: 'claim', label: named(acts.takeOver ? 'takeOver' : 'claim'), keys: 'C', run: act.claim }]
      : []),
    { key: 'reply', label: t('desk.act.reply'), keys: 'R', run: act.reply },
    { key: 'note', label: t('desk.act.note'), keys: 'N', run: act.note },
    { key: 'canned', label: t('desk.act.canned'), keys: '/', words: 'snippet', run: act.canned },
    { key: 'template', label: t('composer.template'), keys: 'P', words: 'hsm window', run: act.template },
    ...(acts.resolve
      ? [
          { key: 'resolve', label: named('resolve'), keys: 'E', words: 'close done', run: act.resolve },
          { key: 'resolveNext', label: t('desk.act.resolveNext'), keys: '⇧E', run: act.resolveAndNext },
        ]
      : []),
    ...(acts.reopen ? [{ key: 'reopen', label: named('reopen'), run: act.reopen }] : []),
    ...(acts.snooze
      ? [
          {
            key: 'snooze',
            label: named('snooze'),
            keys: 'Z',
            children: () =>
              snoozes.map(({ label, hint, until }) => ({ key: until, label, hint, run: () => act.snooze(until) })),
          },
        ]
      : []),
    ...(acts.assign
      ? [
          {
            key: 'assign',
            label: named('assign'),
            keys: 'A',
            children: () => [
              ...agents.map(({ id, name, online }) => ({
                key: id,
                label: name,
                hint: online ? '' : t('inbox.assign.away'),
                run: () => act.assign(id),
              })),
              { key: 'nobody', label: t('inbox.assign.nobody'), run: () => act.assign(null) },
            ],
          },
        ]
      : []),
    ...(acts.assign && teams.length > 0
      ? [
          {
            key: 'team',
            label: t('inbox.team.set'),
            children: () => [
              ...teams.map(({ id, name }) => ({
                key: id,
                label: name,
                hint: conversation?.team?.id === id ? '✓' : '',
                run: () => act.team(id),
              })),
              { key: 'none', label: t('inbox.team.none'), run: () => act.team(null) },
            ],
          },
        ]
      : []),
    { key: 'tag', label: t('desk.act.tag'), keys: 'T', words: 'label', run: act.tag },
    ...(conversation?.inboundCount ? [{ key: 'unread', label: t('desk.act.unread'), keys: 'U', run: act.unread }] : []),
    {
      key: 'priority',
      label: t('desk.act.priority'),
      children: () => [
        ...PRIORITIES.map((priority) => ({
          key: priority,
          label: t(`inbox.priority.${priority}`),
          hint: conversation?.priority === priority ? '✓' : '',
          run: () => act.priority(priority),
        })),
        { key: 'none', label: t('desk.priority.none'), run: () => act.priority(null) },
      ],
    },
    ...(acts.release ? [{ key: 'release', label: named('release'), run: act.release }] : []),
    { key: 'panel', label: t('desk.act.panel'), keys: 'I', run: act.panel },
  ];
}

function roomCommands({ act, openView }: PaletteRoom, { board }: PaletteChoices, t: I18n['t']): Command[] {
  return [
    ...VIEWS.map(([view, keys]) => ({
      key: `view:${view}`,
      label: t('desk.goTo', { view: t(`inbox.view.${view}`) }),
      keys,
      run: () => openView(view),
    })),
    ...(board ? [{ key: 'board', label: t('desk.goTo', { view: t('app.board') }), words: 'queue', run: board }] : []),
    { key: 'begin', label: t('inbox.begin'), words: 'new conversation template', run: act.begin },
    { key: 'next', label: t('desk.keys.next'), keys: 'J', run: act.next },
    { key: 'previous', label: t('desk.keys.previous'), keys: 'K', run: act.previous },
    { key: 'search', label: t('inbox.search'), keys: '/', run: act.search },
  ];
}

function choiceCommands({ choose, locales }: PaletteChoices, t: I18n['t']): Command[] {
  const onOff = (run: (on: boolean) => unknown): (() => Command[]) => {
    return () => [
      { key: 'on', label: t('desk.on'), run: () => run(true) },
      { key: 'off', label: t('desk.off'), run: () => run(false) },
    ];
  };
  return [
    {
      key: 'theme',
      label: t('ui.theme.label'),
      words: 'dark light',
      children: () =>
        THEMES.map((theme) => ({ key: theme, label: t(`ui.theme.${theme}`), run: () => choose.theme(theme) })),
    },
    {
      key: 'language',
      label: t('ui.language'),
      children: () => locales.map(({ code, name }) => ({ key: code, label: name, run: () => choose.locale(code) })),
    },
    {
      key: 'undoSend',
      label: t('desk.undoSend.label'),
      children: () =>
        [0, 5, 10].map((seconds) => ({
          key: String(seconds),
          label: seconds === 0 ? t('desk.undoSend.off') : t('desk.undoSend.seconds', { n: seconds }, seconds),
          run: () => choose.undoSend(seconds),
        })),
    },
    { key: 'enterSends', label: t('desk.enterSends'), children: onOff(choose.enterSends) },
    { key: 'singleKeys', label: t('desk.singleKeys'), words: 'shortcuts', children: onOff(choose.singleKeys) },
  ];
}
