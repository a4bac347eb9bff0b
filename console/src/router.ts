import { createRouter, createWebHistory, type Router } from 'vue-router';
import { safeReturnPath } from './features/auth/return-path.js';
import { useSessionStore } from './features/auth/session.store.js';
import { viewPreference } from './shared/preferences.js';

const VIEWS = 'mine|unassigned|all|resolved|bot|snoozed';
const FIRST_VIEW = 'all';

declare module 'vue-router' {
  interface RouteMeta {
    /** Shown without signing in. */
    isPublic?: boolean;
    /** For supervisors and admins; others are led to the inbox. */
    oversees?: boolean;
  }
}

const startView = (): string => {
  const remembered = viewPreference().value;
  return remembered !== null && VIEWS.split('|').includes(remembered) ? remembered : FIRST_VIEW;
};

const shellView = () => import('./features/shell/ShellView.vue');
const inboxView = () => import('./features/inbox/InboxView.vue');

/** Fetches what an address of the inbox will show, while it is not known yet whether the session of old still holds. */
export function fetchAhead(path: string, { state }: Pick<ReturnType<typeof useSessionStore>, 'state'>): void {
  if (state === 'signed-out' || !/^\/(inbox(\/|$)|$)/.test(path)) return;
  void Promise.allSettled([shellView(), inboxView()]); // the router asks again, and says when they cannot be had
}

/** The addresses of the console. Whoever is not signed in goes to the door and comes back to where they wanted to go. */
export function createConsoleRouter(): Router {
  const router = createRouter({
    history: createWebHistory(),
    routes: [
      {
        path: '/sign-in',
        component: () => import('./features/auth/SignInView.vue'),
        meta: { isPublic: true },
      },
      {
        path: '/',
        component: shellView,
        children: [
          { path: '', redirect: () => `/inbox/${startView()}` },
          { path: 'inbox', redirect: () => `/inbox/${startView()}` },
          {
            path: `inbox/:view(${VIEWS})/:conversationId?`,
            component: inboxView,
            props: ({ params, query }) => ({
              view: params.view,
              conversationId: params.conversationId || null,
              jumpTo: typeof query.to === 'string' ? query.to : null,
            }),
          },
          {
            path: 'board/wall',
            component: () => import('./features/inbox/board/open.js').then(({ openWall }) => openWall()),
            meta: { oversees: true },
          },
          {
            path: 'board/:conversationId?',
            component: () => import('./features/inbox/board/open.js').then(({ openBoard }) => openBoard()),
            props: ({ params }) => ({ conversationId: params.conversationId || null }),
            meta: { oversees: true },
          },
          {
            path: 'failures/:group?',
            component: () => import('./features/failures/open.js').then(({ openFailures }) => openFailures()),
            props: ({ params }) => ({ group: params.group || null }),
          },
          {
            path: 'settings/:page?/:item?',
            component: () => import('./features/settings/open.js').then(({ openSettings }) => openSettings()),
            props: ({ params }) => ({ page: params.page || null, item: params.item || null }),
          },
        ],
      },
      { path: '/:path(.*)*', component: () => import('./features/shell/NotFoundView.vue') },
    ],
  });

  router.beforeEach(async ({ meta, fullPath, query }) => {
    const session = useSessionStore();
    await session.restore();
    if (!session.isSignedIn && !meta.isPublic) return { path: '/sign-in', query: { next: fullPath }, replace: true };
    if (session.isSignedIn && meta.isPublic) return safeReturnPath(query.next);
    if (meta.oversees && session.agent?.role === 'agent') return '/inbox';
    return true;
  });
  return router;
}
