/** What the plain TypeScript compiler (the linter's) knows of a single-file component; vue-tsc knows the real types. */
declare module '*.vue' {
  import type { DefineComponent } from 'vue';

  const component: DefineComponent;
  export default component;
}
