import { Injectable } from '@nestjs/common';
import { query, type Tx } from '../../database/database.js';

export interface SealedKeys {
  publicKey: string;
  privateKeySealed: string;
}

export interface PushDeviceRow {
  id: string;
  endpoint: string;
  p256dh: string;
  auth: string;
  sessionId: string;
  userAgent: string | null;
  createdAt: Date;
  pushedAt: Date | null;
  failure: string | null;
}

export type NewPushDevice = Pick<PushDeviceRow, 'id' | 'endpoint' | 'p256dh' | 'auth' | 'sessionId' | 'userAgent'> & {
  agentId: string;
};

/** An agent with more browsers than this has forgotten the oldest. */
const DEVICES_MAX = 20;
const COLUMNS = `id, endpoint, p256dh, auth, session_id as "sessionId", user_agent as "userAgent",
  created_at as "createdAt", pushed_at as "pushedAt", failure`;

/** Browsers that take pushes, and the installation's keys. */
@Injectable()
export class PushDevicesRepository {
  async keys(tx: Tx): Promise<SealedKeys | null> {
    const [row] = await query<SealedKeys>(
      tx,
      'select public_key as "publicKey", private_key_sealed as "privateKeySealed" from push_keys',
    );
    return row ?? null;
  }

  /** Keeps the pair if there is none yet; the one that holds from now on. */
  async keepKeys(tx: Tx, made: SealedKeys): Promise<SealedKeys> {
    await query(tx, 'insert into push_keys (public_key, private_key_sealed) values ($1, $2) on conflict do nothing', [
      made.publicKey,
      made.privateKeySealed,
    ]);
    return (await this.keys(tx)) ?? made;
  }

  async ofAgent(tx: Tx, agentId: string): Promise<PushDeviceRow[]> {
    return query<PushDeviceRow>(
      tx,
      `select ${COLUMNS} from push_devices where agent_id = $1 order by created_at desc, id desc`,
      [agentId],
    );
  }

  async find(tx: Tx, agentId: string, id: string): Promise<PushDeviceRow | null> {
    const [row] = await query<PushDeviceRow>(
      tx,
      `select ${COLUMNS} from push_devices where agent_id = $1 and id = $2`,
      [agentId, id],
    );
    return row ?? null;
  }

  /** The browser's own address names it: whoever uses it now has it, with the session that they are signed in by. */
  async keep(tx: Tx, device: NewPushDevice): Promise<PushDeviceRow> {
    await query(
      tx,
      `delete from push_devices where id in (
         select id from push_devices where agent_id = $1 and endpoint <> $2 order by created_at desc offset $3)`,
      [device.agentId, device.endpoint, DEVICES_MAX - 1],
    );
    const [row] = await query<PushDeviceRow>(
      tx,
      `insert into push_devices as d (id, agent_id, session_id, endpoint, p256dh, auth, user_agent, created_at)
       values ($1, $2, $3, $4, $5, $6, $7, app_now())
       on conflict (endpoint) do update
         set agent_id = excluded.agent_id, session_id = excluded.session_id, p256dh = excluded.p256dh,
             auth = excluded.auth, user_agent = excluded.user_agent, failure = null,
             created_at = case when d.agent_id = excluded.agent_id then d.created_at else excluded.created_at end
       returning ${COLUMNS}`,
      [device.id, device.agentId, device.sessionId, device.endpoint, device.p256dh, device.auth, device.userAgent],
    );
    if (!row) throw new Error('the device was not kept');
    return row;
  }

  async remove(tx: Tx, agentId: string, id: string): Promise<boolean> {
    const rows = await query(tx, 'delete from push_devices where agent_id = $1 and id = $2 returning id', [
      agentId,
      id,
    ]);
    return rows.length > 0;
  }

  /** What a push service said of some: taken, or why not. */
  async note(tx: Tx, outcomes: readonly { deviceId: string; failure: string | null }[]): Promise<void> {
    if (outcomes.length === 0) return;
    await query(
      tx,
      `update push_devices d
       set failure = said.failure, pushed_at = case when said.failure is null then app_now() else d.pushed_at end
       from unnest($1::uuid[], $2::text[]) as said (id, failure) where d.id = said.id`,
      [outcomes.map(({ deviceId }) => deviceId), outcomes.map(({ failure }) => failure)],
    );
  }

  async removeAll(tx: Tx, ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await query(tx, 'delete from push_devices where id = any($1::uuid[])', [ids]);
  }

  /** Those whose session ran out by itself; ended ones took theirs along. */
  async removeSignedOut(tx: Tx, idleDays: number): Promise<number> {
    const rows = await query(
      tx,
      `delete from push_devices d using sessions s
       where s.id = d.session_id and (s.revoked_at is not null or s.expires_at <= app_now()
         or s.last_used_at <= app_now() - make_interval(days => $1))
       returning d.id`,
      [idleDays],
    );
    return rows.length;
  }
}
