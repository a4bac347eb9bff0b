import type { FastifyHelmetOptions } from '@fastify/helmet';

/**
 * Hashes of the style elements that reka-ui 2.11 inserts (ScrollArea, Select, Combobox); a browser test listens for
 * violations, so an update that changes them is noticed.
 */
const REKA_STYLES = [
  "'sha256-6kJHBrMeYPjuL963zk84BmND3Z4cszEoZMFiRK2nkPY='",
  "'sha256-60LHlRjW/B3CtzIoE/Lf1/NEDvko9efWMFaGVhHu/cs='",
  "'sha256-0sLsI2a+NIcumVvBF9zD/ArGqlZR2xfnxsALPmK7nj8='",
];

/** `upgrade-insecure-requests` is left out on purpose: it breaks plain HTTP on an address of the local network. */
const consolePolicy = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'", ...REKA_STYLES],
    imgSrc: ["'self'", 'data:', 'blob:'],
    mediaSrc: ["'self'", 'blob:'],
    connectSrc: ["'self'"],
    fontSrc: ["'self'"],
    manifestSrc: ["'self'"],
    workerSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
  },
};

/** Swagger's page has inline styles, no inline script. */
export const docsPolicy = {
  useDefaults: false,
  directives: { ...consolePolicy.directives, styleSrc: ["'self'", "'unsafe-inline'"] },
};

/** HSTS only where the outside is https: on plain HTTP browsers ignore it anyway. */
export const securityHeaders = (isHttps: boolean): FastifyHelmetOptions => ({
  contentSecurityPolicy: consolePolicy,
  hsts: isHttps,
  frameguard: { action: 'deny' },
  referrerPolicy: { policy: 'same-origin' },
});
