import { describe, expect, it } from 'vitest';
import { wayOf } from './ways.js';

const ORIGIN = 'https://inbox.example.com';
const ask = (path: string, over: { method?: string; mode?: RequestMode } = {}) =>
  wayOf({ method: 'GET', mode: 'cors', url: new URL(path, ORIGIN).href, ...over }, ORIGIN);

describe('the service worker', () => {
  it.each([
    '/api/conversations',
    '/api',
    '/api/webhooks/whatsapp',
    '/api/media/1',
    '/socket.io/?EIO=4',
    '/metrics',
    '/control/sent',
    '/sw.js',
    '/anything',
    'https://elsewhere.example.com/assets/a.js',
  ])('keeps out of %s', (path) => expect(ask(path)).toBe('pass'));

  it('keeps out of the server’s own pages, and of whatever changes something', () => {
    expect(ask('/api/docs', { mode: 'navigate' })).toBe('pass');
    expect(ask('/assets/a.js', { method: 'POST' })).toBe('pass');
  });

  it('knows pages, what they are made of, and the few files beside them', () => {
    expect(ask('/inbox/all/1', { mode: 'navigate' })).toBe('page');
    expect(ask('/controls', { mode: 'navigate' })).toBe('page');
    expect(ask('/assets/index-1a2b.js')).toBe('asset');
    expect(ask('/manifest.webmanifest')).toBe('file');
    expect(ask('/icons/icon-192.png')).toBe('file');
  });
});
