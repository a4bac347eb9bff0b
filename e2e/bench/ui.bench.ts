import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { bundleWeights } from '../../tools/lib/budgets.mjs';
import { round, type Row, writeResults } from './support/results.ts';
import { board } from './ui/board.ts';
import { medians, type Figure } from './ui/figures.ts';
import { gap } from './ui/gap.ts';
import { switching } from './ui/heap.ts';
import { updates } from './ui/list.ts';
import { arrivals, replies, writing } from './ui/live.ts';
import { painting } from './ui/paint.ts';
import { LONG_CUSTOMER, sow } from './ui/seed.ts';
import { shifting } from './ui/shifts.ts';
import { setStage } from './ui/stage.ts';
import { jumping, mounting, opening, prepending, readingAbove } from './ui/thread.ts';
import { together } from './ui/together.ts';

/**
 * The console's budgets in a real Chromium, against the built console and a real server: the median of three runs, each in
 * a fresh browser context. "Drawn" is the first task after the frame that shows it. `--runs=1`, `--only=list,paint`.
 */
const { values: options } = parseArgs({
  options: { runs: { type: 'string', default: '3' }, only: { type: 'string' } },
});

const stage = await setStage();
const seed = await sow(stage);
const [short] = seed.threads.slice(-1);
if (!short) throw new Error('no threads');

const parts: Record<string, () => Promise<Figure[]>> = {
  async thread() {
    const page = await stage.signIn(stage.ana);
    await page.goto('/inbox/mine');
    await page.locator(`#list [data-conversation-id="${seed.longId}"]`).waitFor();
    await page.mouse.move(1_000, 400);
    const figures = await opening(page, seed);
    await page.evaluate((id) => window.bench.open(id), short.id);
    // It opens at the first unread message; what comes is seen at its end.
    await page.locator('[role=log]').press('End');
    figures.push(...(await arrivals(stage, page, short.customer, 'short thread')));
    figures.push(...(await replies(page, 'short thread')), ...(await writing(page, 'short thread')));
    await stage.writes({ customer: LONG_CUSTOMER, wamid: `wamid.ui.${String(performance.now())}`, text: 'Hello' });
    await page.evaluate((id) => window.bench.open(id), seed.longId);
    await page.getByRole('log').getByRole('article').filter({ hasText: 'Hello' }).last().waitFor();
    figures.push(...(await prepending(page)));
    await page.locator('[role=log]').press('End');
    figures.push(...(await jumping(stage, page)));
    figures.push(...(await mounting(page, seed)));
    figures.push(...(await readingAbove(stage, page)));
    await page.locator('[role=log]').press('End');
    const where = '10,000 messages loaded';
    figures.push(...(await arrivals(stage, page, LONG_CUSTOMER, where)));
    figures.push(...(await replies(page, where)), ...(await writing(page, where)));
    await page.context().close();
    return figures;
  },
  async list() {
    const page = await stage.signIn(stage.ana);
    const figures = await updates(stage, page);
    await page.context().close();
    return figures;
  },
  async heap() {
    const page = await stage.signIn(stage.ana);
    const figures = await switching(page);
    await page.context().close();
    return figures;
  },
  async board() {
    const page = await stage.signIn(stage.admin);
    const figures = await board(stage, seed, page);
    await page.context().close();
    return figures;
  },
  together: () => together(stage),
  paint: () => painting(stage, seed),
  shift: () => shifting(stage, seed),
  gap: () => gap(stage, seed),
};

const runs: Figure[][] = [];
/** What one part could not measure is no reason to lose what the others did. */
const failed: string[] = [];
const load: number[] = [loadavg()[0] ?? Number.NaN];
for (let run = 0; run < Number(options.runs); run += 1) {
  const figures: Figure[] = [];
  if (run > 0) await stage.renew();
  for (const [name, part] of Object.entries(parts)) {
    if (options.only && !options.only.split(',').includes(name)) continue;
    try {
      figures.push(...(await part()));
    } catch (error) {
      failed.push(name);
      console.error(`run ${String(run + 1)}, ${name}:`, error);
    }
    console.log(`run ${String(run + 1)}, ${name}: done, load ${String(round(loadavg()[0] ?? 0))}`);
  }
  runs.push(figures);
  load.push(loadavg()[0] ?? Number.NaN);
}
await stage.stop();

const { rows, missed } = medians(runs);
const weights: Row[] = bundleWeights().map(({ label, weightKb, budgetKb }) => {
  const measure = `${label}, gzipped`;
  if (weightKb > budgetKb) missed.push(measure);
  return { measure, value: round(weightKb), unit: 'kB', target: `<= ${String(budgetKb)}` };
});
writeResults('ui', [
  ...weights,
  ...rows,
  {
    measure: 'machine’s load before and after each run',
    value: load.map((one) => String(round(one))).join(' / '),
    unit: '',
  },
  { measure: 'figures that miss their target', value: missed.length, unit: '', target: '0' },
  { measure: 'parts that could not be measured', value: failed.join(', ') || 'none', unit: '' },
]);
for (const measure of missed) console.log(`missed: ${measure}`);
process.exit(failed.length > 0 ? 1 : 0);
