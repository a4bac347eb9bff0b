import { describe, expect, it } from 'vitest';
import { isAllowedOrigin } from './origin.js';

describe('the origin of a handshake', () => {
  it.each([
    ['a program', undefined, 'inbox.example', null, true],
    ['our own page', 'https://inbox.example', 'inbox.example', null, true],
    ['our own page on a port', 'http://localhost:3000', 'localhost:3000', null, true],
    ['our own page behind a proxy', 'https://inbox.example', '10.0.0.5:3000', 'https://inbox.example/', true],
    ['another page', 'https://evil.example', 'inbox.example', 'https://inbox.example', false],
    ['another port', 'http://localhost:4000', 'localhost:3000', null, false],
    ['our name as a prefix', 'https://inbox.example.evil.example', 'inbox.example', 'https://inbox.example', false],
    ['a sandboxed page', 'null', 'inbox.example', null, false],
  ])('%s', (_name, origin, host, publicUrl, isAllowed) => {
    expect(isAllowedOrigin({ ...(origin !== undefined && { origin }), host }, publicUrl)).toBe(isAllowed);
  });
});
