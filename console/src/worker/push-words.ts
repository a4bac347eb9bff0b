import type { PushPayload } from '@parley/contract';

/** What a page handed over in the agent's language; `{by}` and `{n}` are filled in here. */
export type PushTexts = Partial<Record<PushPayload['kind'] | 'messages' | 'mentions' | 'failures', string>>;

/** Where pages leave the texts for the worker. */
export const TEXTS_CACHE = 'parley-texts';
export const TEXTS_PATH = '/push-texts';

const SEVERAL: Partial<Record<PushPayload['kind'], 'messages' | 'mentions' | 'failures'>> = {
  message: 'messages',
  mention: 'mentions',
  failed: 'failures',
};

/** What a notification says below its title: the customer's words if they may travel, else what has happened. */
export function wordsOf({ kind, count, by, text }: PushPayload, texts: PushTexts): string {
  if (text !== null && count === 1) return text;
  const several = SEVERAL[kind];
  const template = (count > 1 && several ? texts[several] : undefined) ?? texts[kind] ?? '';
  const words = template.replaceAll('{by}', by ?? '').replaceAll('{n}', String(count));
  return text === null ? words : `${words} · ${text}`;
}
