import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
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
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> | null = null;
  private isAskedAgain = false;
  private isStopped = false;

  constructor(
    private readonly database: Database,
    private readonly log: LogConsumer,
    private readonly turns: BotTurnsRepository,
    private readonly bot: BotService,
  ) {}

  onApplicationBootstrap(): void {
    this.log.follow(CONSUMER, (tx, events) => this.note(tx, events));
    this.schedule();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    if (this.timer) clearTimeout(this.timer);
    await this.running;
  }

  /** Takes every turn that is due; returns at once. */
  kick(): void {
    if (this.isStopped) return;
    if (this.running) {
      this.isAskedAgain = true;
      return;
    }
    this.running = this.run()
      .catch((error: unknown) => this.logger.warn(`the bot pauses: ${String(error)}`))
      .finally(() => {
        this.running = null;
        if (this.isAskedAgain) {
          this.isAskedAgain = false;
          this.kick();
        }
      });
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

  private async run(): Promise<void> {
    for (;;) {
      const due = await this.turns.due(this.database.pool, BATCH);
      for (let start = 0; start < due.length && !this.isStopped; start += AT_ONCE) {
        await Promise.all(due.slice(start, start + AT_ONCE).map((turn) => this.take(turn)));
      }
      if (due.length < BATCH || this.isStopped) return;
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

  private schedule(): void {
    if (this.isStopped) return;
    this.timer = setTimeout(() => {
      this.kick();
      this.schedule();
    }, SWEEP_EVERY_MS);
  }
}
