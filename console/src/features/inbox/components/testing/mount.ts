import { mount, type VueWrapper } from '@vue/test-utils';
import { defineComponent, h, type Component } from 'vue';
import { createI18n } from 'vue-i18n';
import en from '../../../../i18n/locales/en.js';
import UiProviders from '../../../../shared/ui/UiProviders.vue';

/** Mounts a component with English texts (those of lazy areas given in `texts`) and what menus and tooltips need above them. */
export function mountInApp(
  component: Component,
  props: Record<string, unknown>,
  texts: Record<string, unknown> = {},
): VueWrapper {
  const i18n = createI18n({ legacy: false, locale: 'en', messages: { en: { ...en, ...texts } } });
  const Host = defineComponent({
    props: Object.keys(props),
    setup: (given) => () => h(UiProviders, { dir: 'ltr' }, () => h(component, { ...props, ...given })),
  });
  return mount(Host, { props, global: { plugins: [i18n] }, attachTo: document.body });
}

/** The words of a mounted piece, on one line. */
export function wordsOf(wrapper: { text: () => string }): string {
  return wrapper.text().replace(/\s+/gu, ' ');
}
