import type { PushPayload } from '@parley/contract';

/** What a page handed over in the agent's language; `{by}` and `{n}` are filled in here. */
export type PushTexts = Partial<
  Record<
    | PushPayload['kind']
    | 'messages'
    | 'mentions'
    | 'failures'
    | 'callsGiven'
    | 'callsForGood'
    | 'callsRefused'
    | 'group',
    string
  >
>;

/** Where pages leave the texts for the worker. */
export const TEXTS_CACHE = 'parley-texts';
export const TEXTS_PATH = '/push-texts';

const SEVERAL: Partial<Record<PushPayload['kind'], 'messages' | 'mentions' | 'failures'>> = {
  message: 'messages',
  mention: 'mentions',
  failed: 'failures',
};

/** Whom it is about; a group whose name nobody told is called one, in the agent's language. */
export const titleOf = ({ title }: PushPayload, { group }: PushTexts): string => title || (group ?? 'Parley');

/** The words of the customer, if they may travel: their own, or ours for the button that they pressed. */
function saidIn({ text, callPermission }: PushPayload, texts: PushTexts): string | null {
  if (!callPermission) return text;
  const { isGiven, isPermanent } = callPermission;
  return (isGiven ? (isPermanent ? texts.callsForGood : texts.callsGiven) : texts.callsRefused) ?? null;
}

/** What a notification says below its title: the customer's words if they may travel, else what has happened. */
export function wordsOf(payload: PushPayload, texts: PushTexts): string {
  const { kind, count, by } = payload;
  const text = saidIn(payload, texts);
  if (text !== null && count === 1) return text;
  const several = SEVERAL[kind];
  const template = (count > 1 && several ? texts[several] : undefined) ?? texts[kind] ?? '';
  const words = template.replaceAll('{by}', by ?? '').replaceAll('{n}', String(count));
  return text === null ? words : `${words} · ${text}`;
}
