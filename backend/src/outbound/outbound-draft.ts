import type { BotAnswer, Message, SendMessage } from '@parley/contract';
import { isDeepStrictEqual } from 'node:util';

/** What a message of ours says, before it has a place in the thread. */
export interface DraftContent {
  type: 'text' | 'interactive';
  /** What search finds and a list row shows. */
  body: string;
  /** The contract's optional parts of a message, as they go to the wire. */
  content: Pick<Message, 'text' | 'interactive'>;
}

/** Canonical request: only what the client sent, without what identifies or dates it. */
export type CanonicalRequest = Record<string, unknown>;

/** PostgreSQL stores neither U+0000 nor half a surrogate pair, and no phone shows them. */
const storable = (text: string): string => text.toWellFormed().replaceAll('\u0000', '');

/** The thread's and the wire's form of what an agent wrote. */
export function draftOf(request: SendMessage): DraftContent {
  return request.type === 'text'
    ? textDraft(storable(request.text.body))
    : buttonsDraft({ text: storable(request.interactive.body), buttons: request.interactive.buttons });
}

/** The same for what the bot answers. */
export function draftOfAnswer(answer: BotAnswer): DraftContent {
  return answer.buttons.length > 0 ? buttonsDraft(answer) : textDraft(storable(answer.text));
}

/** Repeats are compared by this: `basedOn` may have moved since, and the id is the key already. */
export function canonicalRequest(request: SendMessage): CanonicalRequest {
  const { type, replyTo } = request;
  const quoted = replyTo ? { replyTo } : {};
  if (request.type === 'interactive') {
    const { buttons, body } = request.interactive;
    return { type, ...quoted, interactive: { body: storable(body), buttons: buttons.map(storableButton) } };
  }
  const { body, previewUrl } = request.text;
  return { type, ...quoted, text: { body: storable(body), ...(previewUrl === undefined ? {} : { previewUrl }) } };
}

export const isSameRequest = (left: CanonicalRequest | null, right: CanonicalRequest): boolean =>
  isDeepStrictEqual(left, right);

const textDraft = (body: string): DraftContent => ({ type: 'text', body, content: { text: { body } } });

function buttonsDraft({ text, buttons }: BotAnswer): DraftContent {
  return {
    type: 'interactive',
    body: text,
    content: {
      text: { body: text },
      interactive: {
        kind: 'buttons',
        id: null,
        title: null,
        description: null,
        buttons: buttons.map(storableButton),
      },
    },
  };
}

const storableButton = ({ id, title }: BotAnswer['buttons'][number]) => ({ id: storable(id), title: storable(title) });
