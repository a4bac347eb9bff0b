import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { type Profile, prove } from './fault.ts';
import { FAULTS } from './faults/index.ts';
import { GUARDS, proveGuard } from './guards.ts';
import { isHeld, latest, type Report, writeReport } from './report.ts';
import { Rig } from './rig.ts';

const MAX_SEED = 2 ** 31;
const SCREENS = { short: 4, full: 8 };
const PATIENCE_MS = { short: 90_000, full: 600_000 };
const SHOWN_VIOLATIONS = 10;

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    profile: { type: 'string', default: 'full' },
    fault: { type: 'string', multiple: true },
    guard: { type: 'string', multiple: true },
    report: { type: 'string' },
  },
});

function profileOf(text: string): Profile {
  if (text !== 'short' && text !== 'full') throw new Error('--profile is short or full');
  return text;
}

const seed = values.seed === undefined ? randomInt(MAX_SEED) : Number(values.seed);
const profile = profileOf(values.profile);
const isAll = values.fault === undefined && values.guard === undefined;
const faults = FAULTS.filter(({ id }) => isAll || values.fault?.includes(id));
const guards = GUARDS.filter(({ name }) => isAll || values.guard?.some((part) => name.includes(part)));
if (faults.length + guards.length === 0) {
  const known = [...FAULTS.map(({ id }) => `--fault ${id}`), ...GUARDS.map(({ name }) => `--guard "${name}"`)];
  throw new Error(`there are ${known.join(', ')}`);
}

const say = (isGood: boolean, line: string): void => {
  process.stdout.write(`${isGood ? '✓' : '✗'} ${line}\n`);
};

/** Told to stop in the middle: the processes end with us, and nothing stays behind. */
let open: Rig | undefined;
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
  process.once(signal, () => {
    void (open?.close() ?? Promise.resolve()).finally(() => process.exit(1));
  });

const report: Report = { seed, profile, startedAt: new Date(), findings: [], guards: [], isWhole: false };

/** After each fault, so that a run that is cut short has told what it found. */
async function note(): Promise<void> {
  const { findings, guards: bitten } = report;
  report.isWhole = isAll && findings.length === FAULTS.length && bitten.length === GUARDS.length;
  if (values.report !== undefined) await writeReport(values.report, report);
}

async function proveFaults(): Promise<void> {
  if (faults.length === 0) return;
  const rig = await Rig.start({
    seed,
    screens: SCREENS[profile],
    hurriesClock: profile === 'short',
    patienceMs: PATIENCE_MS[profile],
  });
  open = rig;
  try {
    for (const fault of faults) {
      const finding = await prove(rig, fault, profile);
      report.findings.push(finding);
      await note();
      const { id, title, tookSeconds, recoveries, violations } = finding;
      say(violations.length === 0, `${id} ${title} (${String(tookSeconds)} s)`);
      for (const { what, seconds, targetSeconds } of latest(recoveries))
        process.stdout.write(`    ${seconds <= targetSeconds ? ' ' : '!'} ${what}: ${seconds.toFixed(2)} s\n`);
      for (const { kind, detail } of violations.slice(0, SHOWN_VIOLATIONS))
        process.stdout.write(`    ${kind}: ${detail}\n`);
      if (violations.length > 0) for (const line of rig.errorsLogged()) process.stdout.write(`    | ${line}\n`);
    }
  } finally {
    open = undefined;
    await rig.close();
  }
}

async function proveGuards(): Promise<void> {
  for (const guard of guards) {
    const finding = await proveGuard(guard, seed);
    report.guards.push(finding);
    await note();
    const { name, fault, finds, count, example, tookSeconds } = finding;
    say(
      count > 0,
      `without “${name}” ${fault} (${String(tookSeconds)} s) finds ${finds} ${String(count)} times${example === null ? '' : `: ${example}`}`,
    );
  }
}

process.stdout.write(`seed ${String(seed)}, profile ${profile}\n`);
await proveFaults();
await proveGuards();
const isProven = isHeld(report);
say(isProven, isProven ? 'proven' : `not proven; the same again: --seed ${String(seed)} --profile ${profile}`);
process.exit(isProven ? 0 : 1);
