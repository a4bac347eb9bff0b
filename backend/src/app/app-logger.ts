import { ConsoleLogger } from '@nestjs/common';
import type { Environment } from '../config/environment.js';

/** What is told of an error: a failed query carries its parameters (customers' words, hashes), which no log may keep. */
export const stackOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);

const withoutParts = (value: unknown): unknown => (value instanceof Error ? stackOf(value) : value);

/** Lines for people, JSON in production; of errors the stack alone. */
export class AppLogger extends ConsoleLogger {
  constructor(environment: Pick<Environment, 'production'>) {
    super({
      json: environment.production,
      colors: process.stdout.isTTY,
      logLevels: ['error', 'warn', 'log'],
    });
  }

  override error(message: unknown, ...rest: unknown[]): void {
    super.error(withoutParts(message), ...rest.map(withoutParts));
  }

  override warn(message: unknown, ...rest: unknown[]): void {
    super.warn(withoutParts(message), ...rest.map(withoutParts));
  }

  override fatal(message: unknown, ...rest: unknown[]): void {
    super.fatal(withoutParts(message), ...rest.map(withoutParts));
  }
}
