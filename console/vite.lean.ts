import type { Plugin } from 'vite';

/** A line of a library that brings code along which never runs here, and what stands there instead. */
interface Cut {
  /** How the path of the library's file ends. */
  file: string;
  from: string;
  to: string;
}

const CUTS: readonly Cut[] = [
  {
    // Looked up by a name that is known only when it runs, any export of Vue may be meant and all are kept: hydration,
    // custom elements, Suspense, KeepAlive, a third of Vue. Vue 3 exports no `currentInstance`.
    file: '/vue-i18n/dist/vue-i18n.runtime.mjs',
    from: "const key = 'currentInstance';\n    if (key in Vue) {\n        return Vue[key];\n    }\n    else {\n        return Vue.getCurrentInstance();\n    }",
    to: 'return Vue.getCurrentInstance();',
  },
];

/**
 * Takes out of libraries what the bundler cannot know to be unused. Fails the build when a library no longer has the
 * line, or the build no longer reads it there: then the cut is to be looked at anew.
 */
export function leanLibraries(): Plugin {
  const made = new Set<Cut>();
  return {
    name: 'parley-lean-libraries',
    apply: 'build',
    transform(code, id) {
      const cut = CUTS.find(({ file }) => id.endsWith(file));
      if (!cut || !code.includes(cut.from)) return null;
      made.add(cut);
      return { code: code.replace(cut.from, cut.to), map: null };
    },
    buildEnd(error) {
      const missed = CUTS.filter((cut) => !made.has(cut));
      if (!error && missed.length > 0)
        this.error(`vite.lean.ts: not found in ${missed.map(({ file }) => file).join(', ')}`);
    },
  };
}
