import type { PushDevice, PushSetup } from '@parley/contract';
import { notifyEvents } from '@parley/contract/constants';
import { computed, shallowRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { errorText } from '../../../shared/error-text.js';
import { ApiError } from '../../../shared/api-error.js';
import { notifyPreference, pushedHerePreference } from '../../../shared/preferences.js';
import { useSessionStore } from '../../auth/session.store.js';
import { askPermission, desktopPermission, refreshPermission } from '../desktop.js';
import { levelOf } from '../levels.js';
import { pushApi } from './push.api.js';
import { canTakePushes, leaveTexts, subscribe, unsubscribe } from './subscription.js';

/** Pushes as the profile has them: on or off here, the agent's other browsers, a try. */
export function usePush() {
  const { t } = useI18n();
  const session = useSessionStore();
  const api = pushApi(session.http);
  const choices = notifyPreference();
  const pushedHere = pushedHerePreference();
  const setup = shallowRef<PushSetup | null>(null);
  const hasFailed = shallowRef(false);
  /** What is under way: turning on or off, or the id of a device. */
  const busy = shallowRef<string | null>(null);
  const outcome = shallowRef('');

  const devices = computed<readonly PushDevice[]>(() => setup.value?.devices ?? []);
  const here = computed(() => devices.value.find(({ current }) => current) ?? null);
  const state = computed(() => {
    if (!canTakePushes()) return 'unsupported';
    if (desktopPermission.value === 'denied') return 'denied';
    return here.value && pushedHere.value === session.agent?.id ? 'on' : 'off';
  });

  async function load(): Promise<void> {
    try {
      setup.value = await api.setup();
      hasFailed.value = false;
    } catch {
      hasFailed.value = true;
    }
  }

  async function run(what: string, act: () => Promise<string>): Promise<void> {
    busy.value = what;
    outcome.value = '';
    try {
      outcome.value = await act();
    } catch (error) {
      const reason = error instanceof ApiError ? errorText(error) : t('notify.push.noService');
      outcome.value = t('notify.push.failed', { reason });
    } finally {
      busy.value = null;
    }
  }

  /** Only where somebody pressed something: the browser asks them. */
  const turnOn = (): Promise<void> =>
    run('here', async () => {
      await askPermission();
      if (desktopPermission.value !== 'granted') return '';
      const { publicKey } = setup.value ?? (await api.setup());
      await api.add(await subscribe(publicKey));
      await leaveTexts();
      pushedHere.value = session.agent?.id ?? null;
      if (!Object.values(choices.value).includes('push')) raiseLevels();
      await load();
      return '';
    });

  /** Who turns pushes on wants some: what was loud enough to pop up is pushed from now on. */
  function raiseLevels(): void {
    const loud = notifyEvents.filter((event) => levelOf(event, choices.value) === 'desktop');
    choices.value = { ...choices.value, ...Object.fromEntries(loud.map((event) => [event, 'push'])) };
  }

  const turnOff = (): Promise<void> =>
    run('here', async () => {
      const device = here.value;
      pushedHere.value = null;
      await unsubscribe();
      if (device) await api.remove(device.id);
      await load();
      return '';
    });

  const remove = ({ id, current }: PushDevice): Promise<void> => {
    if (current) return turnOff();
    return run(id, async () => {
      await api.remove(id);
      await load();
      return '';
    });
  };

  const test = ({ id }: PushDevice): Promise<void> =>
    run(id, async () => {
      const answer = await api.test(id);
      await load();
      return answer.outcome === 'failed'
        ? t('notify.push.failed', { reason: answer.failure ?? '' })
        : t(`notify.push.${answer.outcome}`);
    });

  refreshPermission();
  void load();
  return { state, devices, hasFailed, busy, outcome, load, turnOn, turnOff, remove, test };
}
