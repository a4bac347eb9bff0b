import type { RawMessage } from '@parley/contract';
import type { InjectionKey } from 'vue';
import type { MessageRevision } from '@parley/contract';
import type { ThreadMessage } from '../types.js';

/** What a message's face may ask of the thread around it; given by whoever shows the thread. */
export interface ThreadActs {
  /** Shows the picture or film of this message over everything, with those of the whole thread before and behind. */
  openViewer(message: ThreadMessage): void;
  /** Fetches a file again that did not come. */
  retryFile(message: ThreadMessage): void;
  /** Sends what it says to another conversation, which is asked for. */
  forward(message: ThreadMessage): void;
  /** One of ours on this message; an empty emoji takes it back. */
  react(message: ThreadMessage, emoji: string): void;
  /** What it said before it was edited or deleted; null = that is not for this agent to see. */
  revisionsOf: ((message: ThreadMessage) => Promise<readonly MessageRevision[]>) | null;
  /** The message that stands right behind this one. */
  following(message: ThreadMessage): ThreadMessage | null;
  /** What Meta posted about it; null = not for this agent. */
  rawOf: ((message: ThreadMessage) => Promise<RawMessage>) | null;
}

/** Given as true where a thread is only looked at: nothing in it offers to change or answer anything. */
export const threadIsReadOnly: InjectionKey<boolean> = Symbol('threadIsReadOnly');

export const threadActs: InjectionKey<ThreadActs> = Symbol('threadActs');
