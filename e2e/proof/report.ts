import { mkdir, writeFile } from 'node:fs/promises';
import { arch, cpus, totalmem } from 'node:os';
import path from 'node:path';
import type { Finding, Profile } from './fault.ts';
import type { GuardFinding } from './guards.ts';

export interface Report {
  seed: number;
  profile: Profile;
  findings: Finding[];
  guards: GuardFinding[];
}

const GIBIBYTE = 2 ** 30;
const SHOWN_VIOLATIONS = 20;

/** Writes report.json, for programs, and report.md, for people, into a folder. */
export async function writeReport(folder: string, report: Report): Promise<void> {
  await mkdir(folder, { recursive: true });
  const machine = {
    processors: `${String(cpus().length)} × ${cpus()[0]?.model ?? 'unknown'}`,
    architecture: arch(),
    memoryGib: Math.round(totalmem() / GIBIBYTE),
    node: process.versions.node,
  };
  await writeFile(path.join(folder, 'report.json'), `${JSON.stringify({ machine, ...report }, null, 2)}\n`);
  await writeFile(path.join(folder, 'report.md'), markdown(report, Object.values(machine).slice(0, 2).join(', ')));
}

function markdown({ seed, profile, findings, guards }: Report, machine: string): string {
  const broken = findings.reduce((sum, { violations }) => sum + violations.length, 0);
  return [
    '# Report of the proof',
    `\nSeed ${String(seed)}, profile ${profile}, Node ${process.versions.node} on ${machine}.`,
    `Repeat it with \`npm run proof -- --seed ${String(seed)} --profile ${profile} --report docs/proof\`.`,
    `\n**${broken === 0 ? 'All faults withstood: 0 violations.' : `${String(broken)} violations, see below.`}**`,
    '\n## Faults\n',
    table(
      ['', 'fault', 'what had to hold, besides the zeros', 'violations', 'took'],
      findings.map(({ id, title, target, violations, tookSeconds }) => [
        id,
        title,
        target,
        String(violations.length),
        `${String(Math.round(tookSeconds))} s`,
      ]),
    ),
    '\n## Volumes\n',
    ...findings.map(({ id, facts }) => {
      const all = Object.entries(facts).map(([name, value]) => `${name} ${value.toLocaleString('en')}`);
      return `- **${id}**: ${all.join(' · ')}`;
    }),
    '\n## Recoveries\n',
    'Measured while everything runs on this one machine; from the moment the part is back.\n',
    table(
      ['', 'what', 'seconds', 'asked for', ''],
      findings.flatMap(({ id, recoveries }) =>
        recoveries.map(({ what, seconds, targetSeconds }) => [
          id,
          what,
          seconds.toFixed(2),
          String(targetSeconds),
          seconds <= targetSeconds ? 'holds' : 'misses',
        ]),
      ),
    ),
    '\n## Guards taken away\n',
    'Each run below is one in which the proof has to fail, and did.\n',
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
    ...(broken === 0 ? [] : ['\n## Violations\n', ...findings.flatMap(shownViolations)]),
    '',
  ].join('\n');
}

const shownViolations = ({ id, violations }: Finding): string[] =>
  violations.slice(0, SHOWN_VIOLATIONS).map(({ kind, detail }) => `- **${id}** ${kind}: ${oneLine(detail)}`);

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').replaceAll('|', '\\|');

function table(head: readonly string[], rows: readonly string[][]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(oneLine).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
