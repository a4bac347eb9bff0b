import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { Conversation, PushPayload } from '@parley/contract';
import { createHash } from 'node:crypto';
import { Kicked } from '../../common/kicked.js';
import { Periodic } from '../../common/periodic.js';
import { ENVIRONMENT, type Environment } from '../../config/environment.js';
import { ConversationsReader } from '../../conversations/conversations.reader.js';
import { Database } from '../../database/database.js';
import { PushClient, type PushOutcome } from './push.client.js';
import { sealForBrowser, vapidHeader } from './push-crypto.js';
import { PushDevicesRepository, type PushDeviceRow } from './push-devices.repository.js';
import { PushKeys } from './push-keys.js';
import { PushWaker } from './push.waker.js';
import { PushesRepository, type DuePush } from './pushes.repository.js';

const SWEEP_EVERY_MS = 5_000;
const BATCH = 100;
const AT_ONCE = 8;
const MAX_ATTEMPTS = 5;
/** A push that comes later than this is of no use. */
const TTL_SECONDS = 4 * 3_600;
const IDLE_DAYS = 14;

/** Takes due pushes under a lease and hands them to push services; a sweep finds what no wake-up named. */
@Injectable()
export class PushSender implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(PushSender.name);
  private readonly sending = new Kicked(
    () => this.sendDue(),
    (error) => this.logger.warn(`pushes wait: ${String(error)}`),
  );
  private readonly sweeps = new Periodic(
    SWEEP_EVERY_MS,
    () => this.sweep(),
    (error) => this.logger.warn(`pushes wait: ${String(error)}`),
  );
  /** Who answers for what we send (RFC 8292): a push service may want to write to somebody. */
  private readonly subject: string;

  constructor(
    private readonly database: Database,
    private readonly pushes: PushesRepository,
    private readonly devices: PushDevicesRepository,
    private readonly conversations: ConversationsReader,
    private readonly keys: PushKeys,
    private readonly client: PushClient,
    waker: PushWaker,
    @Inject(ENVIRONMENT) { publicUrl, admin }: Environment,
  ) {
    this.subject = publicUrl?.startsWith('https:') ? publicUrl : `mailto:${admin?.email ?? 'parley@localhost.invalid'}`;
    waker.listen(() => this.sending.kick());
  }

  onApplicationBootstrap(): void {
    this.sweeps.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([this.sweeps.stop(), this.sending.stop()]);
  }

  /** One look at everything; also what tests call when they have moved the clock. */
  async sweep(): Promise<void> {
    await this.devices.removeSignedOut(this.database.pool, IDLE_DAYS);
    this.sending.kick();
    await this.sending.idle();
  }

  /** Says that it works, at once and whatever the hour. */
  async sendTest(device: PushDeviceRow): Promise<PushOutcome> {
    const payload = { kind: 'test' as const, tag: 'test', path: '/settings/profile', title: 'Parley', count: 1 };
    const outcome = await this.send(device, { ...payload, by: null, text: null }, 'test');
    await this.settle(device.id, outcome);
    return outcome;
  }

  private async sendDue(): Promise<void> {
    for (;;) {
      const due = await this.database.transaction((tx) => this.pushes.lease(tx, BATCH));
      const about = await this.conversations.conversations(due.map(({ conversationId }) => conversationId));
      for (let start = 0; start < due.length; start += AT_ONCE) {
        await Promise.all(
          due.slice(start, start + AT_ONCE).map((push) => this.take(push, about.get(push.conversationId))),
        );
      }
      if (due.length < BATCH || this.sending.isStopped) return;
    }
  }

  private async take(push: DuePush, conversation: Conversation | undefined): Promise<void> {
    const { pool } = this.database;
    if (!conversation) return this.pushes.drop(pool, push);
    const outcome = await this.send(push, payloadOf(push, conversation), `${push.kind} ${push.conversationId}`);
    await this.settle(push.deviceId, outcome);
    if (outcome.kind === 'sent') return this.pushes.markSent(pool, push);
    // A browser that is gone took its pushes along.
    if (outcome.kind === 'gone') return;
    if (outcome.isFinal || push.attempts >= MAX_ATTEMPTS) return this.pushes.drop(pool, push);
    await this.pushes.postpone(pool, push, outcome.retryAfterSeconds ?? 5 * 4 ** push.attempts);
  }

  private async settle(deviceId: string, outcome: PushOutcome): Promise<void> {
    const { pool } = this.database;
    if (outcome.kind === 'gone') return this.devices.removeAll(pool, [deviceId]);
    await this.devices.note(pool, [{ deviceId, failure: outcome.kind === 'sent' ? null : outcome.failure }]);
  }

  private async send(
    device: Pick<PushDeviceRow, 'endpoint' | 'p256dh' | 'auth'>,
    payload: PushPayload,
    topic: string,
  ): Promise<PushOutcome> {
    try {
      const now = await this.database.now();
      const body = sealForBrowser(Buffer.from(JSON.stringify(payload)), device);
      const headers = {
        authorization: vapidHeader(device.endpoint, this.subject, await this.keys.get(), now.getTime() / 1_000),
        'content-encoding': 'aes128gcm',
        'content-type': 'application/octet-stream',
        ttl: String(TTL_SECONDS),
        urgency: payload.kind === 'queue' ? 'normal' : 'high',
        // While it could not be delivered, a later one takes its place.
        topic: createHash('sha256').update(topic).digest('base64url').slice(0, 32),
      };
      return await this.client.post(device.endpoint, headers, body);
    } catch (error) {
      const failure = `it could not be sealed: ${error instanceof Error ? error.message : 'unknown'}`;
      return { kind: 'failed', failure, isFinal: true, retryAfterSeconds: null };
    }
  }
}

function payloadOf(push: DuePush, { contact }: Conversation): PushPayload {
  const { kind, conversationId, messageId, count, actorName, text, callPermission } = push;
  const path = `/inbox/all/${conversationId}`;
  return {
    kind,
    tag: `${kind} ${conversationId}`,
    path: messageId !== null && kind !== 'message' ? `${path}?to=${messageId}` : path,
    title: contact.name,
    count,
    by: actorName,
    text: (!callPermission && text) || null,
    ...(callPermission && { callPermission }),
  };
}
