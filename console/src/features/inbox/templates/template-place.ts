import type { Conversation } from '@parley/contract';

/** To whom a template goes and from which number; the `id` is empty where the thread is yet to be made. */
export type TemplatePlace = Pick<Conversation, 'id' | 'rev' | 'windowExpiresAt' | 'contact' | 'channel'>;
