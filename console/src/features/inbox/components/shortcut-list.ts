/** What the help shows; `key` is a key below `ui.shortcuts`. Single letters work outside text fields only. */
export const shortcutGroups = [
  {
    key: 'groupList',
    shortcuts: [
      { key: 'next', keys: ['J'] },
      { key: 'previous', keys: ['K'] },
      { key: 'search', keys: ['/'] },
      { key: 'help', keys: ['?'] },
    ],
  },
  {
    key: 'groupConversation',
    shortcuts: [
      { key: 'claim', keys: ['C'] },
      { key: 'assign', keys: ['A'] },
      { key: 'snooze', keys: ['Z'] },
      { key: 'resolve', keys: ['E'] },
    ],
  },
  {
    key: 'groupReply',
    shortcuts: [
      { key: 'reply', keys: ['R'] },
      { key: 'send', keys: ['↵'] },
      { key: 'lineBreak', keys: ['⇧', '↵'] },
      { key: 'leave', keys: ['Esc'] },
    ],
  },
  {
    key: 'groupThread',
    shortcuts: [
      { key: 'messageUp', keys: ['↑'] },
      { key: 'messageDown', keys: ['↓'] },
      { key: 'toEnd', keys: ['End'] },
      { key: 'notices', keys: ['F8'] },
    ],
  },
] as const;
