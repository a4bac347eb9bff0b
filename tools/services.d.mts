/** A server on loopback that ends when the process that started it ends. */
export interface Service {
  url: string;
  port: number;
  /** Resolves when the server has ended, whoever ended it. */
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  stop(): Promise<unknown>;
}

/** A PostgreSQL from the packaged binaries; `durable: false` for tests: quick, lost in a crash. */
export function startPostgres(options: { dataDir: string; port?: number; durable: boolean }): Promise<Service>;

/** A Redis from the PATH (or Debian's package, as root). */
export function startRedis(options: {
  dir: string;
  port?: number;
  password?: string;
  durable: boolean;
}): Promise<Service & { password: string; pid: number }>;

/** The path of an nginx, after installing Debian's as root if there was none; null where it cannot be had. */
export function provideNginx(): Promise<string | null>;

/** An nginx with this configuration (`events { … }` and `http { … }`), listening on `port`. */
export function startNginx(options: { dir: string; port: number; config: string }): Promise<Service>;

/** A port of the loopback interface that nobody uses now. */
export function freePort(): Promise<number>;
export function isPortFree(port: number): Promise<boolean>;
export function nextFreePort(first: number): Promise<number>;

/** The path of a Chromium, or null. */
export function findChromium(): string | null;
/** As `findChromium`, and installs Debian's as root. */
export function provideChromium(): Promise<string>;
