import { i18n } from '../i18n/index.js';

/** What a customer is called on the screen; a group whose name nobody told is called one in the reader's language. */
export const shownName = ({ name }: { readonly name: string }): string => name || i18n.global.t('inbox.group');
