import { afterEach, expect, it, vi } from 'vitest';
import { holdKeys, takeHeldKeys } from './held-keys.js';

const onPage = vi.fn();
window.addEventListener('keydown', onPage);
const loading = Promise.resolve();

function press(key: string, over: KeyboardEventInit = {}): boolean {
  return document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...over }));
}

afterEach(() => {
  takeHeldKeys();
  onPage.mockClear();
});

it('keeps what is typed for the field that is coming, and from the page', () => {
  holdKeys(loading, () => undefined);
  for (const key of ['t', 'h', 'x', 'Backspace', 'e', 'Enter']) expect(press(key)).toBe(false);
  expect(onPage).not.toHaveBeenCalled();
  expect(takeHeldKeys()).toEqual({ text: 'the', entered: true });
});

it('leaves the page its keys before and after', () => {
  press('e');
  holdKeys(loading, () => undefined);
  takeHeldKeys();
  press('e');
  expect(onPage).toHaveBeenCalledTimes(2);
  expect(takeHeldKeys()).toEqual({ text: '', entered: false });
});

it('lets chords, keys without a sign and half words of an input method through', () => {
  holdKeys(loading, () => undefined);
  press('k', { ctrlKey: true });
  press('Tab');
  press('n', { isComposing: true });
  expect(onPage).toHaveBeenCalledTimes(3);
  expect(takeHeldKeys().text).toBe('');
});

it('is called off by Escape', () => {
  const cancel = vi.fn();
  holdKeys(loading, cancel);
  press('a');
  press('Escape');
  expect(cancel).toHaveBeenCalledOnce();
  press('b');
  expect(onPage).toHaveBeenCalledOnce();
});

it('is called off where the dialog cannot be loaded, unless another was asked for since', async () => {
  const [first, second] = [vi.fn(), vi.fn()];
  const failing = Promise.reject(new Error('offline'));
  holdKeys(failing, first);
  holdKeys(loading, second);
  press('a');
  await failing.catch(() => undefined);
  await Promise.resolve();
  expect(first).not.toHaveBeenCalled();
  expect(takeHeldKeys().text).toBe('a');
  holdKeys(failing, first);
  await vi.waitFor(() => expect(first).toHaveBeenCalledOnce());
  press('b');
  expect(onPage).toHaveBeenCalledOnce();
  expect(second).not.toHaveBeenCalled();
});

it('gives the page its keys back when the dialog does not come', async () => {
  vi.useFakeTimers();
  holdKeys(loading, () => undefined);
  await loading;
  await vi.runAllTimersAsync();
  vi.useRealTimers();
  press('e');
  expect(onPage).toHaveBeenCalledOnce();
});
