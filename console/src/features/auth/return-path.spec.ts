import { expect, it } from 'vitest';
import { safeReturnPath } from './return-path.js';

it.each([
  ['/inbox/mine/1?x=2', '/inbox/mine/1?x=2'],
  ['//evil.example', '/'],
  ['/\\evil.example', '/'],
  ['https://evil.example', '/'],
  ['javascript:alert(1)', '/'],
  ['/sign-in?next=/x', '/'],
  [undefined, '/'],
  [['/a', '/b'], '/'],
])('returns from %j to %j', (candidate, path) => {
  expect(safeReturnPath(candidate)).toBe(path);
});
