import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Periodic } from '../common/periodic.js';
import { Database } from '../database/database.js';
import { NewsRepository } from './news.repository.js';
import { NotificationsFollower } from './notifications.follower.js';
import { NotificationsRepository } from './notifications.repository.js';

const WINDOWS_EVERY_MS = 20_000;
const FORGET_EVERY_MS = 3_600_000;

/** What no event says: that a window is about to close, and that what was told is long past. Every instance does it. */
@Injectable()
export class NotificationsSweeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(NotificationsSweeper.name);
  private readonly windows = new Periodic(
    WINDOWS_EVERY_MS,
    () => this.tellOfWindows(),
    (error) => this.logger.warn(`closing windows could not be told: ${String(error)}`),
  );
  private readonly forgetting = new Periodic(
    FORGET_EVERY_MS,
    () => this.forget(),
    (error) => this.logger.warn(`old notifications could not be deleted: ${String(error)}`),
  );

  constructor(
    private readonly database: Database,
    private readonly news: NewsRepository,
    private readonly notifications: NotificationsRepository,
    private readonly follower: NotificationsFollower,
  ) {}

  onApplicationBootstrap(): void {
    this.windows.start();
    this.forgetting.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([this.windows.stop(), this.forgetting.stop()]);
  }

  /** Tells owners of windows that close within the hour; returns how many this call told of. */
  async tellOfWindows(): Promise<number> {
    return this.database.transaction(async (tx) => {
      const closing = await this.news.closingWindows(tx);
      await this.follower.tell(tx, closing);
      return closing.length;
    });
  }

  /** Deletes what nobody looks for any more; returns how many went. */
  async forget(): Promise<number> {
    return this.notifications.forget(this.database.pool);
  }
}
