import { afterEach, expect, it, vi } from 'vitest';
import { h } from 'vue';
import { mountInApp } from '../../features/inbox/components/testing/mount.js';
import UiMenu from './UiMenu.vue';
import UiMenuContent from './UiMenuContent.vue';

afterEach(() => {
  document.body.innerHTML = '';
});

it('is made when it is first opened, and stays', async () => {
  const entries = [{ key: 'one', label: 'One' }];
  const page = mountInApp(
    { render: () => h(UiMenu, { entries, label: 'Acts' }, { trigger: () => h('button', 'Open') }) },
    {},
  );
  const trigger = page.get('button');
  const isMade = async (): Promise<boolean> => {
    await vi.dynamicImportSettled();
    return page.findComponent(UiMenuContent).exists();
  };
  expect([await isMade(), trigger.attributes('aria-expanded')]).toEqual([false, 'false']);
  await trigger.trigger('click');
  expect([await isMade(), trigger.attributes('aria-expanded')]).toEqual([true, 'true']);
  await trigger.trigger('click');
  expect([await isMade(), trigger.attributes('aria-expanded')]).toEqual([true, 'false']);
});
