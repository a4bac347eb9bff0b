import { Injectable } from '@nestjs/common';
import type { AddPushDevice, PushDevice, PushSetup, PushTest } from '@parley/contract';
import type { AuthenticatedAgent } from '../../common/access/authenticated-agent.js';
import { DomainError, NotFoundError } from '../../common/domain.error.js';
import { newId } from '../../common/ids.js';
import { Database } from '../../database/database.js';
import { PushClient } from './push.client.js';
import { PushDevicesRepository, type PushDeviceRow } from './push-devices.repository.js';
import { PushKeys } from './push-keys.js';
import { PushSender } from './push.sender.js';

/** An agent's browsers that take pushes. */
@Injectable()
export class PushService {
  constructor(
    private readonly database: Database,
    private readonly devices: PushDevicesRepository,
    private readonly keys: PushKeys,
    private readonly client: PushClient,
    private readonly sender: PushSender,
  ) {}

  async setup(agent: AuthenticatedAgent): Promise<PushSetup> {
    const [{ publicKey }, devices] = await Promise.all([
      this.keys.get(),
      this.devices.ofAgent(this.database.pool, agent.id),
    ]);
    return { publicKey, devices: devices.map((device) => toDevice(device, agent)) };
  }

  /**
   * Takes a browser in, for as long as the session lasts that it is signed in by; the same one again is no second one.
   * @throws DomainError push_device.refused for an address that no push service has
   */
  async add(agent: AuthenticatedAgent, request: AddPushDevice, userAgent: string | null): Promise<PushDevice> {
    const { endpoint, keys } = request;
    if (!this.client.mayReach(endpoint)) {
      throw new DomainError('push_device.refused', 422, 'This is not the address of a push service.');
    }
    const kept = await this.database.transaction((tx) =>
      this.devices.keep(tx, {
        id: newId(),
        agentId: agent.id,
        sessionId: agent.sessionId,
        endpoint,
        p256dh: keys.p256dh,
        auth: keys.auth,
        userAgent,
      }),
    );
    return toDevice(kept, agent);
  }

  /** @throws NotFoundError push_device.not_found */
  async remove(agent: AuthenticatedAgent, id: string): Promise<void> {
    if (!(await this.devices.remove(this.database.pool, agent.id, id))) throw new NotFoundError('push_device');
  }

  /**
   * Pushes something at once and says what became of it.
   * @throws NotFoundError push_device.not_found
   */
  async test(agent: AuthenticatedAgent, id: string): Promise<PushTest> {
    const device = await this.devices.find(this.database.pool, agent.id, id);
    if (!device) throw new NotFoundError('push_device');
    const outcome = await this.sender.sendTest(device);
    return { outcome: outcome.kind, failure: outcome.kind === 'failed' ? outcome.failure : null };
  }
}

const toDevice = (row: PushDeviceRow, { sessionId }: AuthenticatedAgent): PushDevice => ({
  id: row.id,
  userAgent: row.userAgent,
  createdAt: row.createdAt.toISOString(),
  pushedAt: row.pushedAt?.toISOString() ?? null,
  failure: row.failure,
  current: row.sessionId === sessionId,
});
