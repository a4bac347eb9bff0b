import { Inject, Injectable } from '@nestjs/common';
import { SecretBox } from '../../common/secret-box.js';
import { ENVIRONMENT, type Environment } from '../../config/environment.js';
import { Database } from '../../database/database.js';
import { makeVapidKeys, type VapidKeys } from './push-crypto.js';
import { PushDevicesRepository } from './push-devices.repository.js';

const PLACE = 'push_keys.private_key';

/** The key pair that push services know this installation by: made once, kept sealed, the same on every instance. */
@Injectable()
export class PushKeys {
  private readonly secrets: SecretBox;
  private known: VapidKeys | null = null;

  constructor(
    private readonly database: Database,
    private readonly repository: PushDevicesRepository,
    @Inject(ENVIRONMENT) environment: Environment,
  ) {
    this.secrets = new SecretBox(environment.encryptionKeys);
  }

  /** Made at the first call, whoever makes it. */
  async get(): Promise<VapidKeys> {
    if (this.known) return this.known;
    const { pool } = this.database;
    const kept = (await this.repository.keys(pool)) ?? (await this.make());
    this.known = { publicKey: kept.publicKey, privateJwk: this.secrets.open(kept.privateKeySealed, PLACE) };
    return this.known;
  }

  private async make() {
    const { publicKey, privateJwk } = makeVapidKeys();
    const made = { publicKey, privateKeySealed: this.secrets.seal(privateJwk, PLACE) };
    return this.repository.keepKeys(this.database.pool, made);
  }
}
