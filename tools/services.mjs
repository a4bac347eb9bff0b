// The services that Parley stands on, for whoever needs them: `npm start`, the tests, the benchmarks.
export { findChromium, provideChromium } from './services/chromium.mjs';
export { provideNginx, startNginx } from './services/nginx.mjs';
export { freePort, isPortFree, nextFreePort } from './services/ports.mjs';
export { startPostgres } from './services/postgres.mjs';
export { startRedis } from './services/redis.mjs';
