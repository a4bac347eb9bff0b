import { execFile } from 'node:child_process';
import { chown, mkdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Scene } from './fault.ts';
import { waitFor } from '../topology/wait-for.ts';
import type { Rig } from './rig.ts';

const run = promisify(execFile);
const ROOM_BYTES = 24 * 2 ** 20;
const UNAVAILABLE = 503;
const WORDS = 1_500;

export interface TinyDisk {
  fill(): Promise<void>;
  free(): Promise<void>;
}

/** Incompressible, so that it takes the room it says: more than any half-free page has. */
export const noise = (): object => ({ noise: Array.from({ length: WORDS }, () => crypto.randomUUID()).join('') });

/**
 * A real full disk: what the door writes lies on a file system with 24 MB to spare (tmpfs), a ballast file takes those,
 * and PostgreSQL gets ENOSPC from the kernel (53100). Its log stays on the large disk: a full log is a crash, which is
 * another fault. Needs the right to mount; without it the part is left out and 0 is returned.
 */
export async function withTinyDisk({ rig, knock }: Scene, use: (disk: TinyDisk) => Promise<void>): Promise<0 | 1> {
  const [table] = await rig.sql<{ bytes: number }>(
    `select pg_total_relation_size('webhook_deliveries')::float8 as bytes`,
  );
  const mount = path.join(rig.topology.folder, 'tiny-disk');
  await mkdir(mount);
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${String(table!.bytes + ROOM_BYTES)},mode=755`, 'tmpfs', mount]);
  } catch {
    return 0;
  }
  const space = path.join(mount, 'space');
  const ballast = path.join(mount, 'ballast');
  try {
    await mkdir(space);
    const { uid, gid } = await stat(path.join(rig.topology.folder, 'postgres', 'base'));
    await chown(space, uid, gid);
    await rig.sql(`create tablespace tiny location '${space}'`);
    await moveDeliveries(rig, 'tiny');
    await use({
      fill: async () => {
        await run('sh', ['-c', `cat /dev/zero > "${ballast}" 2>/dev/null || true`]);
        await waitFor(async () => (await knock(undefined, noise())).status === UNAVAILABLE, 'a full disk');
      },
      free: () => rm(ballast),
    });
    return 1;
  } finally {
    await rm(ballast, { force: true });
    await moveDeliveries(rig, 'pg_default');
    await rig.sql('drop tablespace if exists tiny');
    await run('umount', [mount]);
  }
}

/** Tables are moved under a lock that nobody should wait behind for long: so it is tried again instead. */
async function moveDeliveries(rig: Rig, tablespace: string): Promise<void> {
  const indexes = await rig.sql<{ name: string }>(
    `select indexrelid::regclass::text as name from pg_index where indrelid = 'webhook_deliveries'::regclass`,
  );
  const moves = [`alter table webhook_deliveries set tablespace ${tablespace}`].concat(
    indexes.map(({ name }) => `alter index ${name} set tablespace ${tablespace}`),
  );
  for (const move of moves)
    await waitFor(
      () =>
        rig.sql(`set lock_timeout = '2s'; ${move}`).then(
          () => true,
          () => false,
        ),
      move,
    );
}
