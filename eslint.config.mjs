import js from '@eslint/js';
import vueI18n from '@intlify/eslint-plugin-vue-i18n';
import vue from 'eslint-plugin-vue';
import { defineConfig, globalIgnores } from 'eslint/config';
import globals from 'globals';
import ts from 'typescript-eslint';

const TYPED = ['backend/**/*.ts', 'e2e/**/*.ts', 'console/**/*.ts', 'console/**/*.vue', 'vitest.config.ts'];

const processEnvironment = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: 'The environment is read, and validated, in backend/src/config alone.',
};

export default defineConfig(
  globalIgnores([
    '**/dist',
    '**/coverage',
    'e2e/fixtures/payloads',
    '**/test-results',
    '**/playwright-report',
    '.data',
  ]),
  { linterOptions: { reportUnusedDisableDirectives: 'error', noInlineConfig: true } },
  js.configs.recommended,

  {
    files: TYPED,
    extends: [ts.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['vitest.config.ts'] },
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.vue'],
      },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // Numbers and booleans read well in a template; objects do not, and stay forbidden.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      // A Nest module is a class with a decorator and nothing else.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      // `expect(mock.method)` and Nest's option objects.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-confusing-void-expression': 'off',
      // `void props.size;` in an effect names what it depends on.
      '@typescript-eslint/no-meaningless-void-operator': 'off',
      // It does not know that a field may change while a function awaits.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/no-dynamic-delete': 'off',
      // `request<Agent>('/api/agents/me')`: the caller says what the wire holds.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      // Flags the option objects that Nest itself documents.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // Code points are what Meta's limits count.
      '@typescript-eslint/no-misused-spread': 'off',
      // The one sign by which every browser tells that an input method is composing.
      '@typescript-eslint/no-deprecated': ['error', { allow: [{ from: 'lib', name: 'keyCode' }] }],
      'no-restricted-imports': ['error', { patterns: [{ group: ['**/dist/**'], message: 'Import the source.' }] }],
    },
  },

  {
    files: ['backend/src/**/*.ts'],
    ignores: ['backend/src/config/**', '**/*.spec.ts'],
    rules: { 'no-restricted-syntax': ['error', processEnvironment] },
  },
  { files: ['backend/**/*.ts'], languageOptions: { globals: globals.node } },

  {
    files: ['**/*.spec.ts', '**/*.int-spec.ts', '**/test/**/*.ts', '**/testing/**/*.ts', 'e2e/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/require-await': 'off', // doubles of what is asynchronous
      '@typescript-eslint/no-unsafe-assignment': 'off', // expect.any() and friends
      '@typescript-eslint/no-unsafe-member-access': 'off', // answers of the API as they came
      'no-empty-pattern': ['error', { allowObjectPatternsAsParameters: true }], // Playwright's fixtures
    },
  },

  {
    files: ['console/**/*.vue', 'console/src/**/*.ts'],
    extends: [vue.configs['flat/recommended'], vueI18n.configs.recommended],
    languageOptions: { globals: globals.browser, parserOptions: { parser: ts.parser } },
    settings: {
      'vue-i18n': {
        localeDir: {
          pattern: './console/src/i18n/locales/**/*.json',
          localeKey: 'path',
          localePattern: /^.*\/(?<locale>[a-z]{2})\/.*\.json$/,
        },
        messageSyntaxVersion: '^11.0.0',
      },
    },
    rules: {
      'vue/no-v-html': 'error',
      'vue/multi-word-component-names': 'off',
      'vue/block-lang': ['error', { script: { lang: 'ts' } }],
      'vue/component-api-style': ['error', ['script-setup']],
      'vue/define-macros-order': 'error',
      'vue/no-unused-refs': 'error',
      // Prettier's business.
      'vue/html-self-closing': 'off',
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/multiline-html-element-content-newline': 'off',
      'vue/html-indent': 'off',
      'vue/html-closing-bracket-newline': 'off',
      'vue/first-attribute-linebreak': 'off',
      'vue/require-default-prop': 'off', // optional props are undefined on purpose
      '@intlify/vue-i18n/no-missing-keys': 'error',
      '@intlify/vue-i18n/no-missing-keys-in-other-locales': 'error',
      '@intlify/vue-i18n/no-raw-text': [
        'error',
        { ignorePattern: '^[\\s\\d\\p{P}\\p{S}]*$', ignoreNodes: ['kbd', 'code'] },
      ],
    },
  },
  {
    // A component's type is known to vue-tsc, which checks all of this, and not to the linter.
    files: ['console/**/*.vue'],
    rules: {
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    // They render their slot's own element, which no template can.
    files: ['console/src/shared/ui/{UiMenu,UiTooltip}.vue'],
    rules: { 'vue/component-api-style': ['error', ['composition']] },
  },
  {
    files: ['console/**/*.spec.ts', 'console/**/testing/**'],
    rules: { 'vue/one-component-per-file': 'off', 'vue/require-prop-types': 'off' },
  },

  {
    files: ['**/*.mjs', '**/*.js'],
    languageOptions: { globals: globals.node, sourceType: 'module' },
    rules: { 'no-unused-vars': ['error', { argsIgnorePattern: '^_' }] },
  },
  { files: ['tools/**/*.d.mts'], extends: [ts.configs.recommended] },
  { files: ['e2e/simulator/page/**/*.js'], languageOptions: { globals: globals.browser } },
);
