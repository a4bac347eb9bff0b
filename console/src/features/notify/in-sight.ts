import { stored } from '../../shared/stored.js';
import { randomUuid } from '../../shared/uuid.js';

interface Sight {
  tab: string;
  conversationId: string;
  at: number;
}

/** Not null: what is stored beside null is read as text. */
const NOTHING: Sight = { tab: '', conversationId: '', at: 0 };
const REFRESH_MS = 15_000;
/** A tab that died could not say that it looks no more. */
const BELIEVED_MS = 40_000;

/** Which thread the agent looks at, in whichever tab has the focus: every tab of this browser knows. */
export function useSight() {
  const sight = stored<Sight>('parley.sight', NOTHING);
  const tab = randomUuid();
  let mine: string | null = null;

  function publish(): void {
    if (mine !== null) sight.value = { tab, conversationId: mine, at: Date.now() };
    else if (sight.value.tab === tab) sight.value = NOTHING;
  }
  const refreshing = setInterval(() => mine !== null && publish(), REFRESH_MS);
  const leave = (): void => look(null);
  window.addEventListener('pagehide', leave);

  function look(conversationId: string | null): void {
    mine = conversationId;
    publish();
  }

  return {
    look,
    isInSight: (conversationId: string): boolean =>
      mine === conversationId ||
      (sight.value.conversationId === conversationId && Date.now() - sight.value.at < BELIEVED_MS),
    stop(): void {
      clearInterval(refreshing);
      window.removeEventListener('pagehide', leave);
      leave();
    },
  };
}
