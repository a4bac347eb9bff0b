import { useWindowFocus } from '@vueuse/core';
import { onScopeDispose, watch } from 'vue';
import type { Router } from 'vue-router';
import { i18n, loadTexts } from '../../i18n/index.js';
import {
  notifyPreference,
  pushedHerePreference,
  quietUntilPreference,
  soundsPreference,
} from '../../shared/preferences.js';
import { shownName } from '../../shared/shown-name.js';
import { whenIdle } from '../../shared/when-idle.js';
import { formatDayTime } from '../../shared/ui/format.js';
import { useSessionStore } from '../auth/session.store.js';
import { permissionWords } from '../inbox/components/message/permission-words.js';
import { useEntitiesStore } from '../inbox/entities.store.js';
import { showOnDesktop } from './desktop.js';
import { useSight } from './in-sight.js';
import { leadAlone, type Leadership } from './leader.js';
import { isQuiet, tellingOf } from './levels.js';
import { type News, NewsReader } from './news.js';
import { useNotificationsStore } from './notifications.store.js';
import { keepSubscribed } from './push/keep-subscribed.js';
import { play, unlockOnGesture } from './sound.js';
import { useUntold } from './untold.js';
import { useTabBadge } from './use-tab-badge.js';

const SHOWN_CHARS = 160;

/**
 * Tells the agent in time, for as long as the scope it runs in lives. Every tab follows the stream and shows its own
 * badge; one of them shows notifications, and one of those that may make a sound does so.
 */
export function startNotifying(router: Router): void {
  const { t, locale } = i18n.global;
  const language = { t, dayTime: (iso: string) => formatDayTime(iso, locale.value) };
  const session = useSessionStore();
  const entities = useEntitiesStore();
  const notifications = useNotificationsStore();
  const choices = notifyPreference();
  const quietUntil = quietUntilPreference();
  const sounds = soundsPreference();
  const pushedHere = pushedHerePreference();
  const untold = useUntold(session.agent?.id ?? '');
  const sight = useSight();
  const teller = leadAlone('parley-tells');
  let player: Leadership | null = null;
  // Only a tab that may sound stands for it: the one in front of the others may never have been touched.
  const stopWaiting = unlockOnGesture(() => (player ??= leadAlone('parley-sounds')));
  const texts = loadTexts('notify');
  void texts.then(() => keepSubscribed()).catch(() => undefined); // the next start says it again
  /** The thread that this tab shows with the focus in it. */
  let lookedAt: string | null = null;

  async function show({
    key,
    event,
    conversationId,
    by = '',
    text: written = '',
    callPermission,
  }: News): Promise<void> {
    await texts;
    const conversation =
      entities.conversation(conversationId) ?? (await entities.api.conversation(conversationId).catch(() => null)); // out of sight, or nobody answers
    const name = conversation ? shownName(conversation.contact) : t('app.name');
    const text = callPermission ? permissionWords(callPermission, language) : written;
    const words = event === 'message' && text !== '' ? text.slice(0, SHOWN_CHARS) : t(`notify.news.${event}`, { by });
    const tag = event === 'message' ? conversationId : key;
    showOnDesktop(name, words, tag, () => void router.push(`/inbox/all/${conversationId}`));
  }

  function tell(news: News): void {
    const telling = tellingOf(news.event, {
      choices: choices.value,
      sounds: sounds.value,
      quiet: isQuiet(quietUntil.value, Date.now()),
      inSight: sight.isInSight(news.conversationId),
      pushedHere: pushedHere.value !== null && pushedHere.value === session.agent?.id,
    });
    if (telling.sound && player?.leads.value) play(news.event);
    if (!teller.leads.value) return;
    if (telling.badge) untold.add(news);
    if (telling.desktop) void show(news).catch(() => undefined);
  }

  const reader = new NewsReader(
    () => session.agent?.id,
    (id) => entities.conversation(id),
    (id) => entities.fetchConversation(id),
    tell,
  );
  /** No event says that a window closes: the server's clock does, and it is found among the notifications. */
  const toldWindows = new Set<string>();
  async function tellOfWindows(): Promise<void> {
    await notifications.load();
    for (const { id, kind, conversation, readAt } of notifications.items) {
      if (kind !== 'window' || readAt !== null || toldWindows.has(id)) continue;
      toldWindows.add(id);
      tell({ key: `window ${id}`, event: 'window', conversationId: conversation.id });
    }
  }
  entities.onEvent((event) => {
    reader.read(event);
    if (event.type === 'notifications:updated') {
      if (event.payload.kinds.includes('window')) void tellOfWindows();
      // What is told of the thread on the screen is seen; of its messages the read cursor says so.
      if (lookedAt !== null && event.payload.kinds.some((kind) => kind !== 'message')) {
        void notifications.readThread(lookedAt);
      }
    }
    if (event.type === 'conversation:hidden') untold.settle(event.payload.id);
    if (event.type === 'conversation:updated' && event.payload.handler !== 'queue') {
      untold.settle(event.payload.id, 'queue');
    }
  });

  const isFocused = useWindowFocus();
  watch(
    () => {
      const id = router.currentRoute.value.params.conversationId;
      return isFocused.value && typeof id === 'string' && id !== '' ? id : null;
    },
    (id) => {
      lookedAt = id;
      sight.look(id);
      if (id === null) return;
      untold.settle(id);
      whenIdle(() => void notifications.readThread(id));
    },
    { immediate: true },
  );

  useTabBadge(choices, untold);

  onScopeDispose(() => {
    stopWaiting();
    teller.stop();
    player?.stop();
    sight.stop();
  });
}
