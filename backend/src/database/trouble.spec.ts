import { describe, expect, it } from 'vitest';
import { isConnectionLost, postgresStateOf } from './trouble.js';

describe('a lost connection', () => {
  it.each([
    'connect ECONNREFUSED 10.0.0.5:5432',
    'read ECONNRESET',
    'write EPIPE',
    'getaddrinfo ENOTFOUND postgres',
    'getaddrinfo EAI_AGAIN postgres',
    'connect EHOSTUNREACH 10.0.0.5:5432',
    'Connection terminated unexpectedly',
    'Connection terminated due to connection timeout',
    'timeout exceeded when trying to connect',
    'Client has encountered a connection error and is not queryable',
    'Client was closed and is not queryable',
    'Query read timeout',
    'Query runner already released. Cannot run queries anymore.',
    'Database connection provided by a query runner was already released, cannot continue to use its querying methods anymore.',
  ])('is told by «%s»', (message) => {
    expect(isConnectionLost(new Error(message))).toBe(true);
  });

  it('is told by the code alone, where TypeORM has wrapped it', () => {
    expect(isConnectionLost(Object.assign(new Error('write failed'), { driverError: { code: 'EPIPE' } }))).toBe(true);
  });

  it('is not what PostgreSQL says itself, whatever its text holds', () => {
    const error = Object.assign(new Error('invalid input: "read ECONNRESET"'), { code: '22P02' });
    expect(isConnectionLost(error)).toBe(false);
    expect(postgresStateOf(error)).toBe('22P02');
  });

  it('is not an error of our own', () => {
    expect(isConnectionLost(new TypeError('x is not a function'))).toBe(false);
  });
});
