import { Random } from '../proof/random.ts';
import { skewed } from './words.ts';

/** How much is to be made. The same plan makes the same rows, to the last byte. */
export interface GrowthPlan {
  conversations: number;
  /** Messages a conversation on average; a few have hundreds, one has `longest`. */
  messagesEach: number;
  agents: number;
  teams: number;
  channels: number;
  seed: number;
  /** The moment up to which things have happened. */
  until: Date;
}

/** People grow with the work: some two thousand threads of all times, 70 of them open, for each agent. */
const CONVERSATIONS_PER_AGENT = 2_000;
const DEFAULTS = { conversations: 1_000_000, messagesEach: 10, teams: 8, channels: 5, seed: 1 };

export function growthPlan(over: Partial<GrowthPlan> = {}): GrowthPlan {
  const conversations = over.conversations ?? DEFAULTS.conversations;
  const agents = Math.min(1_000, Math.max(5, Math.round(conversations / CONVERSATIONS_PER_AGENT)));
  return { ...DEFAULTS, agents, until: new Date(), ...over, conversations };
}

/** People, teams and numbers, known before the first thread. */
export interface Population {
  agents: { id: string; name: string; teamIds: string[] }[];
  teamIds: string[];
  channelIds: string[];
}

const YEARS_MS = 2 * 365 * 86_400_000;
const AGENT_NAMES = 'Ana Ben Chen Dina Eli Fay Gus Hana Ivo Jo Kai Lea Mo Nia Oz Pia Quin Ria Sol Tess'.split(' ');

export function population(plan: GrowthPlan): Population {
  const random = new Random(plan.seed, 'population');
  const at = plan.until.getTime() - YEARS_MS;
  const many = (count: number) => Array.from({ length: count }, () => uuidAt(random, at));
  const teamIds = many(plan.teams);
  return {
    teamIds,
    channelIds: many(plan.channels),
    agents: many(plan.agents).map((id, index) => ({
      id,
      name: `${AGENT_NAMES[index % AGENT_NAMES.length] ?? ''} ${String(index + 1)}`,
      teamIds: random.shuffled(teamIds).slice(0, 1 + random.below(2)),
    })),
  };
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
/** Sixteen bits as four digits. */
export const hex16 = (value: number): string => `${HEX[(value >>> 8) & 255] ?? ''}${HEX[value & 255] ?? ''}`;

/** A UUIDv7 of that millisecond, by chance that the seed decides. */
export function uuidAt(random: Random, atMs: number): string {
  const time = Math.floor(atMs).toString(16).padStart(12, '0');
  const [first, second] = [random.below(0x1_0000_0000), random.below(0x1_0000_0000)];
  const tail = `${hex16(second >>> 16)}${hex16(second)}${hex16(random.below(65_536))}`;
  return (
    `${time.slice(0, 8)}-${time.slice(8)}-7${hex16(first >>> 16).slice(1)}-` +
    `${(((first >>> 14) & 3) + 8).toString(16)}${hex16(first).slice(1)}-${tail}`
  );
}

/** The index of a team, a number or an owner: a few have most of the work. */
export const pickSkewed = <T>(random: Random, items: readonly T[]): T => {
  const item = items[skewed(random, items.length)];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
};
