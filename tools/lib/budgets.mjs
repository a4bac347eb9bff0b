// What a browser has to fetch, gzipped, up to two moments: the sign-in page, and an open thread.
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
const BUDGETS_KB = { signIn: 90, thread: 190, css: 25 };

/** The chunks that come along with a chunk by static imports. */
function closure(manifest, key, seen = new Set()) {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const imported of manifest[key]?.imports ?? []) closure(manifest, imported, seen);
  return seen;
}

/** A source file's key in the manifest. */
function keyOf(manifest, source) {
  return manifest[source] ? source : Object.keys(manifest).find((key) => manifest[key].src === source);
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
  return [
    ['JavaScript for signing in', sum(signIn.scripts), BUDGETS_KB.signIn],
    ['JavaScript up to an open thread', sum(thread.scripts), BUDGETS_KB.thread],
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
