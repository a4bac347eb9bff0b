import { Foundation1795300000001 } from './1795300000001-foundation.js';
import { PeopleAndChannels1795300000002 } from './1795300000002-people-and-channels.js';
import { Conversations1795300000003 } from './1795300000003-conversations.js';
import { Work1795300000004 } from './1795300000004-work.js';

/** An explicit list: globs miss files in a path with a space and pick up this index. */
export const migrations = [
  Foundation1795300000001,
  PeopleAndChannels1795300000002,
  Conversations1795300000003,
  Work1795300000004,
];
