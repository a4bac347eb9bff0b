// What a browser has to fetch, gzipped, up to two moments: the sign-in page, and an open thread; and what any other room
// adds to these.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { inRoot } from './paths.mjs';
import { UserError } from './report.mjs';

const DIST = inRoot('console', 'dist');
const ENTRY = 'index.html';
const SIGN_IN = 'src/features/auth/SignInView.vue';
const SHELL = 'src/features/shell/ShellView.vue';
const THREAD = 'src/features/inbox/InboxView.vue';
const LANGUAGE = 'src/i18n/locales/en.ts';
/** The other rooms by what they open with, and the groups of texts that come along; of the settings the heaviest pages. */
const ROOMS = [
  { views: ['BoardView.vue'], texts: ['board'] },
  { views: ['WallView.vue'], texts: ['board'] },
  { views: ['FailuresView.vue'], texts: ['failures'] },
  { views: ['SettingsView.vue', 'NumbersPage.vue'], texts: ['settings', 'notify', 'numbers', 'templates'] },
  { views: ['SettingsView.vue', 'TemplatesPage.vue'], texts: ['settings', 'notify', 'templates', 'making'] },
];
const BUDGETS_KB = { signIn: 90, thread: 190, room: 60, css: 25 };

/** The chunks that come along with a chunk by static imports. */
function closure(manifest, key, seen = new Set()) {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const imported of manifest[key]?.imports ?? []) closure(manifest, imported, seen);
  return seen;
}

/** A source file's key in the manifest; the end of its path is enough. */
function keyOf(manifest, source) {
  return manifest[source] ? source : Object.keys(manifest).find((key) => manifest[key].src?.endsWith(source));
}

const gzippedKb = (file) => gzipSync(readFileSync(`${DIST}/${file}`), { level: 9 }).length / 1000;
const sum = (files) => [...files].reduce((total, file) => total + gzippedKb(file), 0);

function filesOf(manifest, keys) {
  const chunks = keys.flatMap((key) => [...closure(manifest, key)]).map((key) => manifest[key]);
  return {
    scripts: new Set(chunks.map(({ file }) => file).filter((file) => file.endsWith('.js'))),
    styles: new Set(chunks.flatMap(({ css = [], file }) => [...css, ...(file.endsWith('.css') ? [file] : [])])),
  };
}

/** What the build weighs, each figure with its budget. */
export function bundleWeights() {
  const manifest = JSON.parse(readFileSync(`${DIST}/.vite/manifest.json`, 'utf8'));
  const required = (source) => {
    const key = keyOf(manifest, source);
    if (key) return key;
    throw new UserError(`Bundle budgets: the build has no chunk for ${source}; has the view moved?`);
  };
  // The messages of one language are fetched whatever the page is.
  const start = [ENTRY, required(LANGUAGE)];
  const signIn = filesOf(manifest, [...start, required(SIGN_IN)]);
  const thread = filesOf(manifest, [...start, required(SHELL), required(THREAD)]);
  const rooms = ROOMS.map(({ views, texts }) => {
    const sources = [...views.map((view) => `/${view}`), ...texts.map((group) => `/locales/en/${group}.json`)];
    const { scripts } = filesOf(manifest, sources.map(required));
    return sum([...scripts].filter((file) => !thread.scripts.has(file)));
  });
  return [
    ['JavaScript for signing in', sum(signIn.scripts), BUDGETS_KB.signIn],
    ['JavaScript up to an open thread', sum(thread.scripts), BUDGETS_KB.thread],
    ['JavaScript that the heaviest other room adds', Math.max(...rooms), BUDGETS_KB.room],
    ['CSS', sum(thread.styles), BUDGETS_KB.css],
  ].map(([label, weightKb, budgetKb]) => ({ label, weightKb, budgetKb }));
}

/** Refuses a build that is heavier than its budgets. */
export function checkBudgets() {
  const weights = bundleWeights();
  const line = ({ label, weightKb, budgetKb }) => `${label} ${weightKb.toFixed(1)} of ${budgetKb} kB`;
  const tooHeavy = weights.filter(({ weightKb, budgetKb }) => weightKb > budgetKb);
  if (tooHeavy.length > 0) throw new UserError(`Bundle budgets: ${tooHeavy.map(line).join(', ')}.`);
  return { remark: weights.map(line).join(', ') };
}
