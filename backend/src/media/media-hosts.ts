/** Where bytes may be fetched from with a token, e.g. `lookaside.fbsbx.com`, `127.0.0.1:4005`, `*.example.org`. */
export class MediaHosts {
  private readonly allowsPlainHttp: boolean;

  constructor(
    private readonly patterns: readonly string[],
    graphUrl: string,
  ) {
    this.allowsPlainHttp = graphUrl.startsWith('http:');
  }

  /** The address, when a token may go there; null for everything else, however it is written. */
  allowed(address: unknown): URL | null {
    if (typeof address !== 'string' || !URL.canParse(address)) return null;
    const url = new URL(address);
    const isSecure = url.protocol === 'https:' || (url.protocol === 'http:' && this.allowsPlainHttp);
    if (!isSecure || url.username !== '' || url.password !== '') return null;
    return this.patterns.some((pattern) => matches(url, pattern.toLowerCase())) ? url : null;
  }
}

/** A pattern without a port means the scheme's own; `:*` any. */
function matches(url: URL, pattern: string): boolean {
  const [, name = '', port = ''] = /^(.*?)(?::(\d+|\*))?$/.exec(pattern) ?? [];
  if (port !== '*' && url.port !== port) return false;
  return name.startsWith('*.') ? url.hostname.endsWith(name.slice(1)) : url.hostname === name;
}
