import { createPinia } from 'pinia';
import { createApp } from 'vue';
import App from './App.vue';
import { i18n, initialLocale, setLocale } from './i18n/index.js';
import { createConsoleRouter } from './router.js';
import { followTheme, localePreference, themePreference } from './shared/preferences.js';
import './styles/index.css';

followTheme(themePreference());
await setLocale(initialLocale(localePreference().value, navigator.languages));
createApp(App).use(createPinia()).use(i18n).use(createConsoleRouter()).mount('#app');
