import { mount } from '@vue/test-utils';
import { afterEach, expect, it, vi } from 'vitest';
import { h } from 'vue';
import UiMenu from './UiMenu.vue';
import UiMenuContent from './UiMenuContent.vue';
import UiProviders from './UiProviders.vue';

afterEach(() => {
  document.body.innerHTML = '';
});

it('is made when it is first opened, and stays', async () => {
  const entries = [{ key: 'one', label: 'One' }];
  const page = mount(UiProviders, {
    props: { dir: 'ltr' },
    slots: { default: () => h(UiMenu, { entries, label: 'Acts' }, { trigger: () => h('button', 'Open') }) },
    attachTo: document.body,
  });
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
