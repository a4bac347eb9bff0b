import { ConsoleLogger } from '@nestjs/common';
import { scrub } from '../common/scrub.js';
import { currentTrace } from '../common/trace.js';
import type { Environment } from '../config/environment.js';

/** What is told of an error: a failed query carries its parameters (customers' words, hashes), which no log may keep. */
export const stackOf = (error: unknown): string =>
  scrub(error instanceof Error ? (error.stack ?? error.message) : String(error));

const withoutParts = (value: unknown): unknown => {
  if (value instanceof Error) return stackOf(value);
  return typeof value === 'string' ? scrub(value) : value;
};

/**
 * Lines for people, JSON in production, each with the ids of what it is about (request, delivery, thread, message); of
 * errors the stack alone, of every text only what a log may keep.
 */
export class AppLogger extends ConsoleLogger {
  constructor(environment: Pick<Environment, 'production'>) {
    super({
      json: environment.production,
      colors: process.stdout.isTTY,
      logLevels: ['error', 'warn', 'log'],
    });
  }

  override log(message: unknown, ...rest: unknown[]): void {
    super.log(withoutParts(message), ...rest.map(withoutParts));
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

  protected override getJsonLogObject(...given: Parameters<ConsoleLogger['getJsonLogObject']>) {
    return { ...super.getJsonLogObject(...given), ...currentTrace() };
  }
}
