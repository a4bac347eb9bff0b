import { fileURLToPath } from 'node:url';
import vueI18n from '@intlify/unplugin-vue-i18n/vite';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here('.'),
  plugins: [
    vue(),
    vueI18n({ include: [here('./src/i18n/locales/**/*.json')], strictMessage: true, runtimeOnly: true }),
  ],
  resolve: {
    alias: {
      '@parley/contract/constants': here('../backend/contract/src/constants.ts'),
      '@parley/contract/template-text': here('../backend/contract/src/template-text.ts'),
    },
  },
  test: {
    name: 'console',
    environment: 'happy-dom',
    include: ['src/**/*.spec.ts'],
    setupFiles: [here('./test/settle.ts')],
    restoreMocks: true,
    testTimeout: 20_000, // properties try hundreds of cases, also where other work shares the machine
  },
});
