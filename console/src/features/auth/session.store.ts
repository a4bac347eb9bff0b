import type { Agent, Login, Session } from '@parley/contract';
import { defineStore } from 'pinia';
import { computed, markRaw, shallowRef } from 'vue';
import { ApiError } from '../../shared/api-error.js';
import { Http } from '../../shared/http.js';
import { authApi } from './auth.api.js';

/** `unknown` until the first refresh was answered; `ended` = the server no longer takes the session. */
export type SessionState = 'unknown' | 'signed-in' | 'signed-out' | 'ended';

const LOCK = 'parley-session';
const CHANNEL = 'parley-session';
/** Says that this browser was signed out, so that a refresh is not worth trying. */
const SIGNED_OUT_KEY = 'parley.signedOut';
/** Share of a token's life after which it is renewed. */
const RENEW_AT = 0.75;
const RENEW_AGAIN_MS = 5_000;

/**
 * One tab at a time uses the refresh cookie: it rotates, and a used one means theft to the server. On plain http in a
 * local network browsers have no locks; there each tab takes its chance.
 */
function exclusively<T>(task: () => Promise<T>): Promise<T> {
  const { locks } = navigator as Partial<Navigator>;
  return locks ? locks.request(LOCK, task) : task();
}

/** Who is signed in. The access token lives in this memory only; all tabs sign out together. */
export const useSessionStore = defineStore('session', () => {
  const state = shallowRef<SessionState>('unknown');
  const agent = shallowRef<Agent | null>(null);
  const accessToken = shallowRef<string | null>(null);
  const isSignedIn = computed(() => state.value === 'signed-in');

  const http = markRaw(new Http({ accessToken: () => accessToken.value, refresh: (refused) => renew(refused) }));
  const api = authApi(http);
  const tabs = new BroadcastChannel(CHANNEL);
  tabs.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (data === 'signed-out') leave('signed-out');
  };

  let renewTimer: ReturnType<typeof setTimeout> | undefined;
  let renewing: Promise<string | null> | null = null;
  /** Moves when somebody enters or leaves: an answer that was asked for before must not bring a session back. */
  let generation = 0;

  function enter(session: Session): void {
    generation += 1;
    accessToken.value = session.accessToken;
    agent.value = session.agent;
    state.value = 'signed-in';
    localStorage.removeItem(SIGNED_OUT_KEY);
    scheduleRenewal(session.expiresIn * 1_000 * RENEW_AT);
  }

  function leave(reason: 'signed-out' | 'ended'): void {
    generation += 1;
    clearTimeout(renewTimer);
    accessToken.value = null;
    agent.value = null;
    state.value = reason;
    localStorage.setItem(SIGNED_OUT_KEY, '1');
  }

  function scheduleRenewal(delayMs: number): void {
    clearTimeout(renewTimer);
    renewTimer = setTimeout(() => {
      renew(accessToken.value).catch(() => scheduleRenewal(RENEW_AGAIN_MS));
    }, delayMs);
  }

  async function renewOnce(): Promise<string | null> {
    const asked = generation;
    try {
      const session = await exclusively(() => api.refresh());
      if (asked === generation) enter(session);
      return accessToken.value;
    } catch (error) {
      if (asked !== generation) return accessToken.value;
      if (error instanceof ApiError && (error.status === 401 || error.status === 403)) {
        leave(state.value === 'unknown' ? 'signed-out' : 'ended');
        return null;
      }
      throw error;
    }
  }

  /** A token other than the refused one: a newer one that is here already, or a fresh one; null = signed out. */
  function renew(refused: string | null): Promise<string | null> {
    if (accessToken.value !== refused) return Promise.resolve(accessToken.value);
    renewing ??= renewOnce().finally(() => (renewing = null));
    return renewing;
  }

  /** Resumes the session of the cookie, if there is one. Throws when the server cannot be reached. */
  async function restore(): Promise<void> {
    if (state.value !== 'unknown') return;
    if (localStorage.getItem(SIGNED_OUT_KEY) !== null) return leave('signed-out');
    await renew(null);
  }

  async function signIn(login: Login): Promise<void> {
    enter(await exclusively(() => api.login(login)));
  }

  async function signOut(): Promise<void> {
    leave('signed-out');
    tabs.postMessage('signed-out');
    await exclusively(() => api.logout());
  }

  return { state, agent, accessToken, isSignedIn, http, signInOptions: api.options, restore, renew, signIn, signOut };
});
