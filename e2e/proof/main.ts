import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { type Finding, type Profile, prove } from './fault.ts';
import { FAULTS } from './faults/index.ts';
import { type GuardFinding, GUARDS, proveGuard } from './guards.ts';
import { writeReport } from './report.ts';
import { Rig } from './rig.ts';

const MAX_SEED = 2 ** 31;
const SCREENS = { short: 4, full: 12 };
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

async function proveFaults(): Promise<Finding[]> {
  if (faults.length === 0) return [];
  const findings: Finding[] = [];
  const rig = await Rig.start({
    seed,
    screens: SCREENS[profile],
    hurriesClock: profile === 'short',
    patienceMs: PATIENCE_MS[profile],
  });
  try {
    for (const fault of faults) {
      const finding = await prove(rig, fault, profile);
      findings.push(finding);
      const { id, title, tookSeconds, recoveries, violations } = finding;
      const back = recoveries.map(({ seconds }) => `${String(seconds)} s`).join(', ');
      say(
        violations.length === 0,
        `${id} ${title} (${String(tookSeconds)} s${back === '' ? '' : `, back in ${back}`})`,
      );
      for (const { kind, detail } of violations.slice(0, SHOWN_VIOLATIONS))
        process.stdout.write(`    ${kind}: ${detail}\n`);
    }
  } finally {
    await rig.close();
  }
  return findings;
}

async function proveGuards(): Promise<GuardFinding[]> {
  const findings: GuardFinding[] = [];
  for (const guard of guards) {
    const finding = await proveGuard(guard, seed);
    findings.push(finding);
    const { name, fault, finds, count, example, tookSeconds } = finding;
    say(
      count > 0,
      `without “${name}” ${fault} (${String(tookSeconds)} s) finds ${finds} ${String(count)} times${example === null ? '' : `: ${example}`}`,
    );
  }
  return findings;
}

process.stdout.write(`seed ${String(seed)}, profile ${profile}\n`);
const report = { seed, profile, findings: await proveFaults(), guards: await proveGuards() };
if (values.report !== undefined) await writeReport(values.report, report);
const isProven =
  report.findings.every(({ violations }) => violations.length === 0) && report.guards.every(({ count }) => count > 0);
say(isProven, isProven ? 'proven' : `not proven; the same again: --seed ${String(seed)} --profile ${profile}`);
process.exit(isProven ? 0 : 1);
