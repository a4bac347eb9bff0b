import { watch } from 'vue';
import { i18n } from '../../../i18n/index.js';
import { pushedHerePreference } from '../../../shared/preferences.js';
import { useSessionStore } from '../../auth/session.store.js';
import { pushApi } from './push.api.js';
import { canTakePushes, currentSubscription, leaveTexts } from './subscription.js';

/**
 * Where this agent wanted pushes on this browser, says so again for the session that they are signed in by now, and keeps
 * the worker's texts in the language of the screen.
 */
export async function keepSubscribed(): Promise<void> {
  const session = useSessionStore();
  const pushedHere = pushedHerePreference();
  if (!canTakePushes() || pushedHere.value === null || pushedHere.value !== session.agent?.id) return;
  const subscription = Notification.permission === 'granted' ? await currentSubscription() : null;
  if (!subscription) {
    // Taken away in the browser's own settings: the tabs show what was pushed before.
    pushedHere.value = null;
    return;
  }
  await pushApi(session.http).add(subscription);
  watch(i18n.global.locale, () => void leaveTexts(), { immediate: true });
}
