import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { effectScope, type EffectScope } from 'vue';
import { useShortcuts } from './use-shortcuts.js';

const claim = vi.fn();
const help = vi.fn();
let scope: EffectScope;

beforeEach(() => {
  scope = effectScope();
  scope.run(() => useShortcuts({ c: claim, '?': help }));
});
afterEach(() => {
  scope.stop();
  document.body.innerHTML = '';
  vi.clearAllMocks();
});

const press = (key: string, init: KeyboardEventInit = {}, target: EventTarget = document.body) =>
  target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...init }));
const add = (html: string): Element => {
  document.body.innerHTML = html;
  return document.body.firstElementChild ?? document.body;
};

it('acts on a letter, and on a sign that needs shift', () => {
  press('c');
  press('?', { shiftKey: true });
  expect([claim.mock.calls.length, help.mock.calls.length]).toEqual([1, 1]);
});

it.each(['<input>', '<textarea></textarea>', '<div contenteditable="true"></div>'])('is silent in %s', (html) => {
  press('c', {}, add(html));
  expect(claim).not.toHaveBeenCalled();
});

it('is silent while a dialog or a menu is open, wherever the focus is', () => {
  add('<div role="menu"></div>');
  press('c');
  expect(claim).not.toHaveBeenCalled();
});

it.each([{ ctrlKey: true }, { metaKey: true }, { altKey: true }, { repeat: true }, { isComposing: true }])(
  'leaves %j to others',
  (init) => {
    press('c', init);
    expect(claim).not.toHaveBeenCalled();
  },
);

it('is silent while a dialog is on its way', () => {
  scope.stop();
  let isComing = true;
  scope = effectScope();
  scope.run(() => useShortcuts({ c: claim }, () => isComing));
  press('c');
  expect(claim).not.toHaveBeenCalled();
  isComing = false;
  press('c');
  expect(claim).toHaveBeenCalledOnce();
});
