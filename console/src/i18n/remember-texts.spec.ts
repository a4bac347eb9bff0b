import { computed } from 'vue';
import { expect, it, vi } from 'vitest';
import { createI18n } from 'vue-i18n';
import { rememberTexts } from './remember-texts.js';

function remembering() {
  const { global } = createI18n({
    legacy: false,
    locale: 'en',
    missingWarn: false,
    fallbackWarn: false,
    messages: { en: { send: 'Send', left: '{n} left' }, es: { send: 'Enviar' } } as Record<string, object>,
  });
  const translate = vi.spyOn(global, 't');
  const forget = rememberTexts(global);
  return { global, translate, forget };
}

it('works a text out once for each language, and follows the language', () => {
  const { global, translate } = remembering();
  const label = computed(() => global.t('send'));
  expect([label.value, global.t('send'), global.t('send')]).toEqual(['Send', 'Send', 'Send']);
  expect(translate).toHaveBeenCalledTimes(1);
  global.locale.value = 'es';
  expect(label.value).toBe('Enviar');
  global.locale.value = 'en';
  expect(label.value).toBe('Send');
  expect(translate).toHaveBeenCalledTimes(2);
});

it('remembers no text with values, and none that is missing until it comes', () => {
  const { global, forget } = remembering();
  expect([global.t('left', { n: 1 }), global.t('left', { n: 2 })]).toEqual(['1 left', '2 left']);
  const label = computed(() => global.t('later'));
  expect(label.value).toBe('later');
  global.mergeLocaleMessage('en', { later: 'Later' });
  expect(label.value).toBe('Later');
  global.mergeLocaleMessage('en', { later: 'Much later' });
  forget();
  expect(global.t('later')).toBe('Much later');
});
