import type { CookieSerializeOptions } from '@fastify/cookie';
import type { FastifyRequest } from 'fastify';

const NAME = 'parley_media';
const PATH = '/api/media';
const MAX_AGE_SECONDS = 30 * 24 * 3_600;

/**
 * `<img>` and `<audio>` send no bearer. This cookie opens files and nothing else, for reading alone, and dies with its
 * session: the token in it only names the session, which is looked up at each use.
 */
export class MediaCookie {
  readonly name: string;
  readonly options: CookieSerializeOptions;

  constructor(publicUrl: string | null) {
    const secure = publicUrl?.startsWith('https:') ?? false;
    // `__Secure-`, not `__Host-`: the latter demands Path=/.
    this.name = secure ? `__Secure-${NAME}` : NAME;
    this.options = { path: PATH, httpOnly: true, sameSite: 'strict', secure };
  }

  get lasting(): CookieSerializeOptions {
    return { ...this.options, maxAge: MAX_AGE_SECONDS };
  }

  /** Its token, on a request to read a file. */
  read(request: FastifyRequest): string | null {
    const isReading = request.method === 'GET' || request.method === 'HEAD';
    if (!isReading || !request.url.startsWith(`${PATH}/`)) return null;
    return request.cookies[this.name] ?? null;
  }
}
