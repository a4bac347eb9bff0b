import { createPinia } from 'pinia';
import { createApp } from 'vue';
import App from './App.vue';
import { useSessionStore } from './features/auth/session.store.js';
import { i18n, initialLocale, setLocale } from './i18n/index.js';
import { createConsoleRouter, fetchAhead } from './router.js';
import { followTheme, localePreference, themePreference } from './shared/preferences.js';
import './styles/index.css';

followTheme(themePreference());
const pinia = createPinia();
const session = useSessionStore(pinia);
// Texts, session and rooms are on their way at once: one after the other a slow line would be asked four times.
const texts = setLocale(initialLocale(localePreference().value, navigator.languages));
session.restore().catch(() => undefined); // the first address asks again, and says so
fetchAhead(location.pathname, session);
await texts;
createApp(App).use(pinia).use(i18n).use(createConsoleRouter()).mount('#app');
