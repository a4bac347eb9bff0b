import { Inject, Injectable } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { SecretBox } from '../common/secret-box.js';
import { ENVIRONMENT, type Environment } from '../config/environment.js';
import { Database } from '../database/database.js';
import { WorkspaceRepository } from './workspace.repository.js';

const TOKEN_BYTES = 24;
const PLACE = 'workspace.verify_token';

/** The token of Meta's handshake: the environment's, else one that this installation made for itself and keeps sealed. */
@Injectable()
export class VerifyToken {
  private readonly secrets: SecretBox;
  private known: string | null;

  constructor(
    private readonly database: Database,
    private readonly repository: WorkspaceRepository,
    @Inject(ENVIRONMENT) environment: Environment,
  ) {
    this.secrets = new SecretBox(environment.encryptionKeys);
    this.known = environment.whatsapp.webhookToken;
  }

  /** Made at the first call, the same from then on and on every instance. */
  async get(): Promise<string> {
    if (this.known !== null) return this.known;
    const kept = await this.repository.verifyTokenSealed(this.database.pool);
    const fresh = () => this.secrets.seal(randomBytes(TOKEN_BYTES).toString('base64url'), PLACE);
    const sealed = kept ?? (await this.repository.keepVerifyToken(this.database.pool, fresh()));
    this.known = this.secrets.open(sealed, PLACE);
    return this.known;
  }
}
