import { beforeAll, describe, expect, it } from 'vitest';
import { setLocale } from '../i18n/index.js';
import { shownName } from './shown-name.js';

describe('what a customer is called', () => {
  beforeAll(() => setLocale('en'));

  it('is the name that the server gives', () => expect(shownName({ name: 'Maria' })).toBe('Maria'));

  it('is, of a group without a name, what it is, in the language of the screen', async () => {
    expect(shownName({ name: '' })).toBe('Group chat');
    await setLocale('es');
    expect(shownName({ name: '' })).toBe('Chat de grupo');
  });
});
