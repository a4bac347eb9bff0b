import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Kicked } from '../common/kicked.js';
import { Periodic } from '../common/periodic.js';
import { Database, sqlStateOf, type Tx } from '../database/database.js';
import { LogConsumer } from '../log/log-consumer.js';
import type { LogRow } from '../log/log-stream.repository.js';
import { BotTurnsRepository } from './bot-turns.repository.js';
import { BotService } from './bot.service.js';

const CONSUMER = 'bot';
const BATCH = 32;
const AT_ONCE = 8;
const SWEEP_EVERY_MS = 1_000;

/** Follows the log with a position of its own, turns what it reads into turns, and has them taken. */
@Injectable()
export class BotWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(BotWorker.name);
  private readonly taking = new Kicked(
    () => this.takeDue(),
    (error) => this.logger.warn(`the bot pauses: ${String(error)}`),
  );
  private readonly sweeps = new Periodic(
    SWEEP_EVERY_MS,
    () => Promise.resolve(this.kick()),
    (error) => this.logger.warn(`the bot pauses: ${String(error)}`),
  );

  constructor(
    private readonly database: Database,
    private readonly log: LogConsumer,
    private readonly turns: BotTurnsRepository,
    private readonly bot: BotService,
  ) {}

  onApplicationBootstrap(): void {
    this.log.follow(CONSUMER, (tx, events) => this.note(tx, events));
    this.sweeps.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([this.sweeps.stop(), this.taking.stop()]);
  }

  /** Takes every turn that is due; returns at once. */
  kick(): void {
    this.taking.kick();
  }

  /** Work rows only: this runs in the transaction that moves the consumer's position. */
  async note(tx: Tx, events: readonly LogRow[]): Promise<void> {
    const refs = events.flatMap(({ type, conversationId, messageId }) =>
      type === 'message.created' && conversationId && messageId ? [{ conversationId, messageId }] : [],
    );
    if (refs.length === 0) return;
    const added = await this.turns.insert(tx, refs);
    if (added > 0) this.database.afterCommit(tx, () => this.kick());
  }

  private async takeDue(): Promise<void> {
    for (;;) {
      const due = await this.turns.due(this.database.pool, BATCH);
      for (let start = 0; start < due.length && !this.taking.isStopped; start += AT_ONCE) {
        await Promise.all(due.slice(start, start + AT_ONCE).map((turn) => this.take(turn)));
      }
      if (due.length < BATCH || this.taking.isStopped) return;
    }
  }

  private async take({ conversationId, channelId }: { conversationId: string; channelId: string }): Promise<void> {
    try {
      await this.bot.takeTurns(conversationId, channelId);
    } catch (error) {
      this.logger.error(`the bot's turn in ${conversationId} failed (${sqlStateOf(error) ?? 'no SQLSTATE'})`, error);
      await this.bot.noteFailure(conversationId);
    }
  }
}
