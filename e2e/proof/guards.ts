import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build, inRepository } from '../topology/program.ts';
import { type Fault, prove } from './fault.ts';
import { statusStorm } from './faults/deliveries.ts';
import { unrulyGraph } from './faults/graph.ts';
import { brokenNetwork } from './faults/network.ts';
import { claimRaces } from './faults/people.ts';
import { brokenPostgres } from './faults/stores.ts';
import type { Violation } from './ledger.ts';
import { Rig } from './rig.ts';

/** `find` (blanks as they come) must occur once in the file, below backend/dist. */
interface Patch {
  file: string;
  find: string;
  replace: string;
}

/** One guard of the product, how a copy of its build loses it, and what the rig must then find. */
export interface Guard {
  name: string;
  patches: Patch[];
  /** What the database loses. */
  sql: string | null;
  fault: Fault;
  finds: Violation['kind'];
}

const LEASES = 'outbound/sending/leases.repository.js';
const OWNERSHIP = 'conversations/ownership/ownership.repository.js';

export const GUARDS: readonly Guard[] = [
  {
    name: 'dedup key',
    patches: [
      {
        file: 'conversations/inbound/inbound.service.js',
        find: 'withoutDuplicates(items, known, results) {',
        replace: 'withoutDuplicates(items, known, results) { return [...items];',
      },
    ],
    sql: 'alter table message_keys drop constraint message_keys_pkey',
    fault: statusStorm,
    finds: 'doubled',
  },
  {
    name: 'store before answer',
    patches: [
      {
        file: 'webhook/door/webhook-door.js',
        find: 'await this.intake.take(body);',
        replace: 'answer(response, 200); this.intake.take(body).catch(() => undefined); return;',
      },
    ],
    sql: null,
    fault: brokenPostgres,
    finds: 'lost',
  },
  {
    name: 'log horizon',
    patches: [
      {
        file: 'log/log-stream.repository.js',
        find: `> ($1::xid8, $2::bigint) and xid < b."horizonXid"`,
        replace: '> ($1::xid8, $2::bigint)',
      },
    ],
    sql: null,
    fault: brokenNetwork,
    finds: 'missed',
  },
  {
    name: 'version fence',
    patches: [
      {
        file: 'conversations/ownership/ownership.service.js',
        find: 'expectedVersion !== undefined && expectedVersion !== row.version',
        replace: 'false',
      },
    ],
    sql: null,
    fault: claimRaces,
    finds: 'owned twice',
  },
  {
    name: 'first claim wins',
    patches: [
      { file: OWNERSHIP, find: 'and f.assignee_id is null and ($2', replace: 'and ($2' },
      { file: OWNERSHIP, find: 'and c.assignee_id is null and c.merged_into_id', replace: 'and c.merged_into_id' },
    ],
    sql: null,
    fault: claimRaces,
    finds: 'owned twice',
  },
  {
    name: 'lease before the call',
    patches: [
      { file: LEASES, find: `set status = 'sending', attempts`, replace: `set status = 'queued', attempts` },
      {
        file: LEASES,
        find: `set lease_id = $3, lease_until = app_now() + $4 * interval '1 millisecond'`,
        replace: 'set lease_id = case when $3::uuid is null and $4::int is null then $3::uuid end, lease_until = null',
      },
    ],
    sql: null,
    fault: unrulyGraph,
    finds: 'sent twice',
  },
];

export interface GuardFinding {
  name: string;
  fault: string;
  finds: string;
  count: number;
  example: string | null;
  tookSeconds: number;
}

const SCREENS = 3;
/** What a missing guard loses never comes to rest: no need to wait for it as long. */
const PATIENCE_MS = 15_000;

/** Takes the guard away from a copy of the build, does the fault that it is for, and sees whether the rig fails. */
export async function proveGuard({ name, patches, sql, fault, finds }: Guard, seed: number): Promise<GuardFinding> {
  const folder = await mkdtemp(path.join(tmpdir(), 'parley-guard-'));
  try {
    const main = await weakenedBuild(folder, patches);
    const rig = await Rig.start({ seed, screens: SCREENS, hurriesClock: true, patienceMs: PATIENCE_MS, main });
    try {
      if (sql !== null) await rig.sql(sql);
      const { violations, tookSeconds } = await prove(rig, fault, 'short');
      const found = violations.filter(({ kind }) => kind === finds);
      return { name, fault: fault.id, finds, count: found.length, example: found[0]?.detail ?? null, tookSeconds };
    } finally {
      await rig.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A copy of backend/dist where it finds its packages, with the patches: production code has no such switches. */
async function weakenedBuild(folder: string, patches: readonly Patch[]): Promise<string> {
  await build();
  const dist = path.join(folder, 'backend', 'dist');
  await cp(inRepository('backend', 'dist'), dist, { recursive: true });
  await symlink(inRepository('node_modules'), path.join(folder, 'node_modules'));
  await symlink(inRepository('backend', 'package.json'), path.join(folder, 'backend', 'package.json'));
  await mkdir(path.join(folder, 'console'));
  await symlink(inRepository('console', 'dist'), path.join(folder, 'console', 'dist'));
  for (const { file, find, replace } of patches) {
    const source = await readFile(path.join(dist, file), 'utf8');
    const pattern = find.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/ /g, '\\s+');
    if (source.split(new RegExp(pattern)).length !== 2)
      throw new Error(`${file} does not have exactly one «${find}»: mend the patch of this guard`);
    await writeFile(
      path.join(dist, file),
      source.replace(new RegExp(pattern), () => replace),
    );
  }
  return path.join(dist, 'main.js');
}
