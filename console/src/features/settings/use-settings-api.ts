import { useSessionStore } from '../auth/session.store.js';
import { settingsApi, type SettingsApi } from './settings.api.js';

/** The settings' requests, as whoever is signed in. */
export const useSettingsApi = (): SettingsApi => settingsApi(useSessionStore().http);
