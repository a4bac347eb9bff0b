import { parseArgs } from 'node:util';
import { grow, HoldsDataError } from './grow.ts';
import { growthPlan } from './plan.ts';

/** `node e2e/growth/main.ts --database <url> [--conversations 10000] …`: fills a migrated database. */
const { values } = parseArgs({
  options: {
    database: { type: 'string' },
    conversations: { type: 'string' },
    messages: { type: 'string' },
    agents: { type: 'string' },
    teams: { type: 'string' },
    channels: { type: 'string' },
    seed: { type: 'string' },
    until: { type: 'string' },
    replace: { type: 'boolean', default: false },
  },
});

function positive(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} is ${text}: it must be a whole number above 0`);
  return value;
}

/** Only what was given: the rest is the plan's own. */
const given = Object.fromEntries(
  Object.entries({
    conversations: positive('conversations', values.conversations),
    messagesEach: positive('messages', values.messages),
    agents: positive('agents', values.agents),
    teams: positive('teams', values.teams),
    channels: positive('channels', values.channels),
    seed: positive('seed', values.seed),
    until: values.until === undefined ? undefined : new Date(values.until),
  }).filter(([, value]) => value !== undefined),
);

try {
  if (!values.database) throw new Error('--database is missing');
  const plan = growthPlan(given);
  const { messages, events, seconds } = await grow(values.database, plan, { replace: values.replace });
  const count = (value: number): string => value.toLocaleString('en');
  console.log(
    `\n${count(plan.conversations)} conversations, ${count(messages)} messages and ${count(events)} events ` +
      `of ${count(plan.agents)} agents by seed ${String(plan.seed)}, in ${String(Math.round(seconds))} s.`,
  );
} catch (error) {
  console.error(error instanceof HoldsDataError ? error.message : error);
  process.exitCode = 1;
}
