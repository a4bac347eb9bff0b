/** What the help shows; `key` is a key below `desk.keys`. Single letters work outside text fields only. */
export const shortcutGroups = [
  {
    key: 'groupList',
    shortcuts: [
      { key: 'next', keys: ['J'] },
      { key: 'previous', keys: ['K'] },
      { key: 'search', keys: ['/'] },
      { key: 'select', keys: ['X'] },
      { key: 'goTo', keys: ['G', 'M'] },
      { key: 'palette', keys: ['⌘', 'K'] },
      { key: 'help', keys: ['?'] },
    ],
  },
  {
    key: 'groupConversation',
    shortcuts: [
      { key: 'claim', keys: ['C'] },
      { key: 'claimNext', keys: ['⇧', 'C'] },
      { key: 'assign', keys: ['A'] },
      { key: 'snooze', keys: ['Z'] },
      { key: 'resolve', keys: ['E'] },
      { key: 'resolveNext', keys: ['⇧', 'E'] },
      { key: 'tag', keys: ['T'] },
      { key: 'unread', keys: ['U'] },
      { key: 'panel', keys: ['I'] },
    ],
  },
  {
    key: 'groupReply',
    shortcuts: [
      { key: 'reply', keys: ['R'] },
      { key: 'note', keys: ['N'] },
      { key: 'canned', keys: ['/'] },
      { key: 'template', keys: ['P'] },
      { key: 'templateField', keys: ['⌘', '/'] },
      { key: 'mention', keys: ['@'] },
      { key: 'send', keys: ['↵'] },
      { key: 'sendResolve', keys: ['⌘', '⇧', '↵'] },
      { key: 'undoSend', keys: ['⌘', 'Z'] },
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
