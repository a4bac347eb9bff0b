import type { Interactive, Message, SendInteractive } from '@parley/contract';

interface InteractiveDraft {
  type: 'interactive';
  body: string;
  content: Pick<Message, 'text' | 'interactive'>;
}

/**
 * Thread and wire form of what an agent offers: the words are the message's text, the rest is its `interactive`. A file
 * above them is the message's own (`outbound-draft`).
 */
export function interactiveDraft(offer: SendInteractive): InteractiveDraft {
  const given = { headerFileId: null, headerLink: null, ...offer };
  const { kind = 'buttons', body, headerFileId: _file, headerLink: _link, ...parts } = given;
  const interactive = { kind, id: null, title: null, description: null, ...(filled(parts) as object) } as Interactive;
  const words = body ?? '';
  return { type: 'interactive', body: words, content: { ...(words && { text: { body: words } }), interactive } };
}

/** Without what was left empty, so that nobody has to tell an empty footer from none; a form's `data` is its own. */
export function filled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(filled);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([, part]) => part !== null && part !== undefined && part !== '');
  return Object.fromEntries(kept.map(([key, part]) => [key, key === 'data' ? part : filled(part)]));
}
