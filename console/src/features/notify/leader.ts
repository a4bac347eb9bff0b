import { shallowRef, type ShallowRef } from 'vue';

/** How long a lease holds, where the browser has no locks, and how often it is renewed. */
const LEASE_MS = 6_000;
const RENEW_MS = 2_000;

export interface Leadership {
  /** Whether this tab is the one. */
  readonly leads: Readonly<ShallowRef<boolean>>;
  stop(): void;
}

/**
 * Makes exactly one of an agent's tabs the one that does something; when it is closed the next takes over at once. On
 * plain http in a local network browsers have no locks: there a lease in the browser's memory stands in.
 */
export function leadAlone(name: string, locks = (navigator as Partial<Navigator>).locks): Leadership {
  const leads = shallowRef(false);
  return locks ? byLock(name, locks, leads) : byLease(name, leads);
}

function byLock(name: string, locks: LockManager, leads: ShallowRef<boolean>): Leadership {
  const leaving = new AbortController();
  const hold = (): Promise<void> => {
    leads.value = true;
    return new Promise((done) => leaving.signal.addEventListener('abort', () => done()));
  };
  locks.request(name, { signal: leaving.signal }, hold).catch(() => undefined); // only by leaving the queue
  return {
    leads,
    stop: () => {
      leads.value = false;
      leaving.abort();
    },
  };
}

function byLease(name: string, leads: ShallowRef<boolean>): Leadership {
  const me = Math.random().toString(36);
  const read = (): { tab: string; until: number } | null => {
    try {
      return JSON.parse(localStorage.getItem(name) ?? 'null') as { tab: string; until: number } | null;
    } catch {
      return null;
    }
  };
  const renew = (): void => {
    const holder = read();
    const isFree = !holder || holder.until < Date.now();
    leads.value = holder?.tab === me;
    if (isFree || leads.value) localStorage.setItem(name, JSON.stringify({ tab: me, until: Date.now() + LEASE_MS }));
  };
  const leave = (): void => {
    if (read()?.tab === me) localStorage.removeItem(name);
    leads.value = false;
  };
  const renewing = setInterval(renew, RENEW_MS);
  window.addEventListener('pagehide', leave);
  renew();
  // Of two that found it free at once the last to write has it; each learns which it was when it looks again.
  return {
    leads,
    stop: () => {
      clearInterval(renewing);
      window.removeEventListener('pagehide', leave);
      leave();
    },
  };
}
