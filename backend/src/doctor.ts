import { EnvironmentError, loadEnvironment } from './config/environment.js';
import { examine } from './doctor/examine.js';
import { about, type Finding, type FindingState } from './doctor/finding.js';

const MARKS: Record<FindingState, string> = { ok: '✓', warn: '!', fail: '✗', skip: '·' };
const COLOURS: Record<FindingState, string> = { ok: '32', warn: '33', fail: '31', skip: '2' };

/** `npm run doctor`: a table for people, or `--json`; exits with 1 when something does not work. */
async function main(): Promise<void> {
  const findings = await findAll();
  const isHealthy = findings.every(({ state }) => state !== 'fail');
  if (process.argv.includes('--json')) console.log(JSON.stringify({ healthy: isHealthy, findings }, null, 2));
  else print(findings);
  process.exitCode = isHealthy ? 0 : 1;
}

async function findAll(): Promise<Finding[]> {
  try {
    return await examine(loadEnvironment());
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    // The message lists every variable with its fault, never its value.
    const detail = error.message.split('\n').slice(1).join(';').replace(/\s+/g, ' ').trim();
    return [
      about('environment', 'Environment').fail(detail || error.message, 'Mend these variables and run this again.'),
    ];
  }
}

function print(findings: readonly Finding[]): void {
  const isTerminal = process.stdout.isTTY && !process.argv.includes('--no-colour');
  const width = Math.max(...findings.map(({ title }) => title.length));
  for (const { title, state, detail, todo } of findings) {
    const mark = isTerminal ? `\u001b[${COLOURS[state]}m${MARKS[state]}\u001b[0m` : MARKS[state];
    console.log(`${mark} ${title.padEnd(width)}  ${detail}`);
    if (todo !== '') console.log(`  ${' '.repeat(width)}  → ${todo}`);
  }
  const count = (state: FindingState): number => findings.filter((finding) => finding.state === state).length;
  console.log(`\n${count('ok')} right, ${count('warn')} to look at, ${count('fail')} to mend`);
}

await main();
