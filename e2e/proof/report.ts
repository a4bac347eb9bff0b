import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { arch, cpus, totalmem } from 'node:os';
import path from 'node:path';
import { inRepository } from '../topology/program.ts';
import type { Finding, Profile, Recovery } from './fault.ts';
import type { GuardFinding } from './guards.ts';

export interface Report {
  seed: number;
  profile: Profile;
  startedAt: Date;
  findings: Finding[];
  guards: GuardFinding[];
  /** Every fault and every guard. */
  isWhole: boolean;
}

const GIBIBYTE = 2 ** 30;
const SHOWN_VIOLATIONS = 20;
const SECONDS_PER_MINUTE = 60;

/** Whether no violation was found, each guard was missed, and (full profile) everything came back in time. */
export function isHeld({ profile, findings, guards }: Pick<Report, 'profile' | 'findings' | 'guards'>): boolean {
  const isInTime = findings.flatMap(({ recoveries }) => latest(recoveries)).every(inTime);
  return (
    findings.every(({ violations }) => violations.length === 0) &&
    guards.every(({ count }) => count > 0) &&
    (isInTime || profile === 'short')
  );
}

const inTime = ({ seconds, targetSeconds }: Recovery): boolean => seconds <= targetSeconds;

/** Of what was measured several times the longest, with how often. */
export function latest(recoveries: readonly Recovery[]): (Recovery & { times: number })[] {
  const worst = new Map<string, Recovery & { times: number }>();
  for (const recovery of recoveries) {
    const known = worst.get(recovery.what);
    const seconds = Math.max(recovery.seconds, known?.seconds ?? 0);
    worst.set(recovery.what, { ...recovery, seconds, times: (known?.times ?? 0) + 1 });
  }
  return [...worst.values()];
}

/** Writes report.json, for programs, and report.md, for people, into a folder. */
export async function writeReport(folder: string, report: Report): Promise<void> {
  await mkdir(folder, { recursive: true });
  const machine = {
    processors: `${String(cpus().length)} × ${cpus()[0]?.model ?? 'unknown'}`,
    architecture: arch(),
    memoryGib: Math.round(totalmem() / GIBIBYTE),
    node: process.versions.node,
  };
  const revision = revisionOfThisTree();
  await writeFile(path.join(folder, 'report.json'), `${JSON.stringify({ revision, machine, ...report }, null, 2)}\n`);
  await writeFile(
    path.join(folder, 'report.md'),
    markdown(report, revision, Object.values(machine).slice(0, 2).join(', ')),
  );
}

/** The commit that was proven; null where there is no git. Changes beside it show as `+`. */
function revisionOfThisTree(): string | null {
  const git = (...args: string[]): string =>
    execFileSync('git', ['-C', inRepository(), ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  try {
    return git('rev-parse', '--short=12', 'HEAD') + (git('status', '--porcelain') === '' ? '' : '+');
  } catch {
    return null;
  }
}

function markdown(report: Report, revision: string | null, machine: string): string {
  const { seed, profile, startedAt, findings, guards } = report;
  const tookSeconds = [...findings, ...guards].reduce((sum, one) => sum + one.tookSeconds, 0);
  return [
    '# Report of the proof',
    `\nSeed ${String(seed)}, profile ${profile}, commit ${revision ?? 'unknown'}, ${startedAt.toISOString().slice(0, 16)}Z, ` +
      `Node ${process.versions.node} on ${machine}; ${String(Math.round(tookSeconds / SECONDS_PER_MINUTE))} minutes.`,
    `Repeat it with \`npm run proof -- --seed ${String(seed)} --profile ${profile} --report docs/proof\`.`,
    ...verdicts(report),
    '\n## Faults\n',
    table(
      ['', 'fault', 'what had to hold, besides the zeros', 'violations', 'took'],
      findings.map(({ id, title, target, violations, tookSeconds: took }) => [
        id,
        title,
        target,
        String(violations.length),
        `${String(Math.round(took))} s`,
      ]),
    ),
    '\n## Volumes\n',
    'What was done, beside what would be asked of a whole test laboratory; here everything (nginx, two instances,',
    'PostgreSQL, Redis, Meta, the screens and the oracle) shares one machine.\n',
    table(
      ['', 'done', 'asked'],
      findings.map(({ id, facts, asked }) => {
        const all = Object.entries(facts).map(([name, value]) => `${name} ${value.toLocaleString('en')}`);
        return [id, all.join(' · '), asked];
      }),
    ),
    '\n## Recoveries\n',
    'The longest of all times; under load, from the moment the part is back.\n',
    table(
      ['', 'what', 'times', 'seconds', 'asked for', ''],
      findings.flatMap(({ id, recoveries }) =>
        latest(recoveries).map((one) => [
          id,
          one.what,
          String(one.times),
          one.seconds.toFixed(2),
          String(one.targetSeconds),
          inTime(one) ? 'holds' : '**misses**',
        ]),
      ),
    ),
    '\n## Guards taken away\n',
    'Each run below is one in which the proof has to fail.\n',
    table(
      ['without', 'fault', 'the oracle says', 'times', 'for example'],
      guards.map(({ name, fault, finds, count, example }) => [
        name,
        fault,
        finds,
        String(count),
        example ?? '**nothing**',
      ]),
    ),
    ...(findings.some(({ violations }) => violations.length > 0)
      ? ['\n## Violations\n', ...findings.flatMap(shownViolations)]
      : []),
    '',
  ].join('\n');
}

function verdicts({ findings, guards, isWhole }: Report): string[] {
  const broken = findings.reduce((sum, { violations }) => sum + violations.length, 0);
  const measured = findings.flatMap(({ recoveries }) => latest(recoveries));
  const late = measured.filter((one) => !inTime(one));
  const bites = guards.filter(({ count }) => count > 0).length;
  return [
    `\n**${broken === 0 ? `${isWhole ? 'All' : 'The run was cut short or chosen in part: these'} ${String(findings.length)} faults withstood: 0 violations.` : `${String(broken)} violations, see below.`}**`,
    `**${String(measured.length - late.length)} of ${String(measured.length)} recoveries in time.**`,
    `**Without ${String(bites)} of ${String(guards.length)} guards the proof fails, as it has to.**`,
  ];
}

const shownViolations = ({ id, violations }: Finding): string[] =>
  violations.slice(0, SHOWN_VIOLATIONS).map(({ kind, detail }) => `- **${id}** ${kind}: ${oneLine(detail)}`);

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').replaceAll('|', '\\|');

function table(head: readonly string[], rows: readonly string[][]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(oneLine).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
