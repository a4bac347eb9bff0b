import { computed } from 'vue';
import { expect, it, vi } from 'vitest';
import { createI18n } from 'vue-i18n';
import { rememberTexts } from './remember-texts.js';

function remembering() {
  const i18n = createI18n({ legacy: false, locale: 'en', missingWarn: false, fallbackWarn: false });
  const composer = i18n.global;
  composer.setLocaleMessage('en', { composer: { send: 'Send', left: '{n} left' } });
  composer.setLocaleMessage('es', { composer: { send: 'Enviar' } });
  const translate = vi.spyOn(composer, 't');
  const forget = rememberTexts(composer);
  return { global: composer, translate, forget };
}

it('works a text out once for each language, and follows the language', () => {
  const { global, translate } = remembering();
  const label = computed(() => global.t('composer.send'));
  expect([label.value, global.t('composer.send'), global.t('composer.send')]).toEqual(['Send', 'Send', 'Send']);
  expect(translate).toHaveBeenCalledTimes(1);
  global.locale.value = 'es';
  expect(label.value).toBe('Enviar');
  global.locale.value = 'en';
  expect(label.value).toBe('Send');
  expect(translate).toHaveBeenCalledTimes(2);
});

it('remembers no text with values, and none that is missing until it comes', () => {
  const { global, forget } = remembering();
  expect([global.t('composer.left', { n: 1 }), global.t('composer.left', { n: 2 })]).toEqual(['1 left', '2 left']);
  expect(global.t('composer.review')).toBe('composer.review');
  global.mergeLocaleMessage('en', { composer: { review: 'Later' } });
  expect(global.t('composer.review')).toBe('Later');
  global.mergeLocaleMessage('en', { composer: { review: 'Much later' } });
  forget();
  expect(global.t('composer.review')).toBe('Much later');
});
