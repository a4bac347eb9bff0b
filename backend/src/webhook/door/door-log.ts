import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import type { DoorAttempt, DoorAttemptKind } from '@parley/contract';
import { newId } from '../../common/ids.js';
import { Database } from '../../database/database.js';
import { HintsService } from '../../hints/hints.service.js';
import { DoorAttemptsRepository, type NewAttempt } from './door-attempts.repository.js';

/** What gathers in this time is written at once. */
const GATHER_MS = 300;
/** Kinds and addresses told apart in one gathering; what is beyond is counted with the last. */
const MAX_AT_ONCE = 10;
/** Enough for a delivery to have been worked through. */
const TELL_DELIVERIES_EVERY_MS = 1_500;
const LISTED = 30;
/** Where an unsigned body says whom it is for; a hint for the admin's eye, never trusted. */
const CLAIMED_NUMBER = /"phone_number_id"\s*:\s*"(\d{1,40})"/;
const LOOKED_AT_BYTES = 4_096;

/**
 * Remembers handshakes and bad signatures, so that the set-up page can say what Meta has just tried. Anybody can knock:
 * attempts are gathered, counted, bounded, and never hold up the door's answer.
 */
@Injectable()
export class DoorLog implements BeforeApplicationShutdown {
  private readonly logger = new Logger(DoorLog.name);
  private readonly gathered = new Map<string, NewAttempt>();
  private timer: NodeJS.Timeout | null = null;
  private writing: Promise<void> = Promise.resolve();
  private telling: NodeJS.Timeout | null = null;

  constructor(
    private readonly database: Database,
    private readonly repository: DoorAttemptsRepository,
    private readonly hints: HintsService,
  ) {}

  /** A handshake, or a body that no secret has signed. `body` is looked at for the number that it claims to be for. */
  note(kind: DoorAttemptKind, address: string, body: Buffer | null = null): void {
    const head = body?.subarray(0, LOOKED_AT_BYTES).toString('latin1') ?? '';
    const phoneNumberId = CLAIMED_NUMBER.exec(head)?.[1] ?? null;
    const key = [kind, address, phoneNumberId].join(' ');
    const known =
      this.gathered.get(key) ?? (this.gathered.size >= MAX_AT_ONCE ? [...this.gathered.values()].at(-1) : null);
    if (known) known.count += 1;
    else this.gathered.set(key, { id: newId(), kind, address, phoneNumberId, count: 1 });
    this.timer ??= setTimeout(() => this.write(), GATHER_MS);
  }

  /** A good delivery: told at once, and once more when it has been worked through, to whoever waits for the first. */
  noteDelivery(): void {
    if (this.telling) return;
    this.tellDelivery();
    this.telling = setTimeout(() => {
      this.telling = null;
      this.tellDelivery();
    }, TELL_DELIVERIES_EVERY_MS);
  }

  newest(): Promise<DoorAttempt[]> {
    return this.repository.newest(this.database.pool, LISTED);
  }

  lastHandshakeAt(): Promise<Date | null> {
    return this.repository.lastOf(this.database.pool, 'handshake');
  }

  async beforeApplicationShutdown(): Promise<void> {
    if (this.telling) clearTimeout(this.telling);
    if (this.timer) this.write();
    await this.writing;
  }

  private tellDelivery(): void {
    this.hints.publish('setup', { reason: 'delivery' });
  }

  private write(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    const attempts = [...this.gathered.values()];
    this.gathered.clear();
    if (attempts.length === 0) return;
    this.writing = this.writing
      .then(() =>
        this.database.transaction(async (tx) => this.repository.add(tx, attempts, await this.database.now(tx))),
      )
      .then(
        () => this.hints.publish('setup', { reason: 'door' }),
        (error: unknown) => this.logger.warn(`attempts at the door are not remembered: ${String(error)}`),
      );
  }
}
