import { fileURLToPath } from 'node:url';
import vueI18n from '@intlify/unplugin-vue-i18n/vite';
import tailwindcss from '@tailwindcss/vite';
import vue from '@vitejs/plugin-vue';
import { defineConfig, loadEnv } from 'vite';
import { chunkOf } from './vite.chunks.js';
import { leanLibraries } from './vite.lean.js';
import { serviceWorker } from './vite.worker.js';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig(({ mode }) => {
  const apiUrl = loadEnv(mode, here('.'), 'PARLEY_').PARLEY_API_URL ?? 'http://localhost:3000';
  // The API compares Origin with Host, so the proxy leaves Host as the browser sent it.
  const proxy = { target: apiUrl, changeOrigin: false };
  return {
    root: here('.'),
    plugins: [
      vue(),
      tailwindcss(),
      // Messages are compiled at build time: compiling them in the browser would need `unsafe-eval`.
      vueI18n({
        include: [here('./src/i18n/locales/**/*.json')],
        strictMessage: true,
        runtimeOnly: true,
        dropMessageCompiler: true,
        fullInstall: false,
      }),
      leanLibraries(),
      serviceWorker(),
    ],
    define: {
      // Nothing here uses the options API or vue-i18n's legacy one; unused, they are left out of the bundle.
      __VUE_OPTIONS_API__: false,
      __VUE_I18N_LEGACY_API__: false,
    },
    build: {
      target: 'es2023',
      manifest: true,
      // A policy of `script-src 'self'` allows no inline module and no data: script.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rolldownOptions: {
        output: {
          // What every page needs, in one file: cut along the lazy parts' needs it would compress worse.
          codeSplitting: {
            groups: [
              {
                name: 'base',
                test: /node_modules\/(@vue|vue|pinia|vue-router|vue-i18n|@intlify|@lucide\/vue\/dist\/esm(?!\/icons))\//,
                priority: 1,
              },
              {
                name: chunkOf({
                  main: here('./src/main.ts'),
                  door: here('./src/features/auth/SignInView.vue'),
                  desk: [here('./src/features/shell/ShellView.vue'), here('./src/features/inbox/InboxView.vue')],
                }),
                debugName: 'start and desk',
                includeDependenciesRecursively: false,
              },
              // Icons that several parts share would each be a file of 300 bytes; those of the door stay apart from the rest.
              {
                name: 'icons',
                test: /@lucide\/.*\/icons\/(?!rotate-cw|triangle-alert|eye|smartphone|arrow-right)/,
                minShareCount: 2,
              },
            ],
          },
        },
      },
    },
    server: { proxy: { '/api': proxy, '/socket.io': { ...proxy, ws: true } } },
  };
});
