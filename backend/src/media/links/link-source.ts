import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { request, type Dispatcher } from 'undici';
import { EgressGuard, EgressRefusedError } from '../../common/egress/egress-guard.js';
import { ENVIRONMENT, type Environment } from '../../config/environment.js';
import type { Downloaded } from '../media-source.js';
import { LinkFailure } from './link-failure.js';

/** The whole fetch, redirects included: somebody waits for the answer, and it stays far below a proxy's patience. */
const FETCH_TIMEOUT_MS = 20_000;
const MAX_REDIRECTS = 3;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** What our own disk says, which is no fault of the other server. */
const DISK_CODES = new Set(['ENOSPC', 'EACCES', 'EROFS', 'ENOENT']);

/** What a link led to: the bytes on our disk, and what was said of them. */
interface LinkedBytes extends Downloaded {
  /** As the other server says; only the bytes themselves are believed. */
  announcedType: string | null;
}

/** Files on other people's servers, by addresses that others name: every request goes through the egress guard. */
@Injectable()
export class LinkSource implements OnApplicationShutdown {
  private readonly guard: EgressGuard;

  constructor(@Inject(ENVIRONMENT) environment: Environment) {
    this.guard = new EgressGuard(environment);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.guard.destroy();
  }

  /**
   * Writes the bytes to `path`. No credentials, no cookies, at most three redirects, each judged anew.
   * @throws LinkFailure, and what the disk throws
   */
  async download(link: string, path: string, maxBytes: number, stopping?: AbortSignal): Promise<LinkedBytes> {
    const timeout = AbortSignal.timeout(FETCH_TIMEOUT_MS);
    const signal = stopping ? AbortSignal.any([timeout, stopping]) : timeout;
    try {
      const { headers, body } = await this.open(link, signal);
      const announcedType = headerOf(headers['content-type']);
      if (Number(headerOf(headers['content-length']) ?? 0) > maxBytes) {
        drop(body);
        throw tooLarge(maxBytes);
      }
      return { announcedType, ...(await received(body, path, maxBytes, signal)) };
    } catch (error) {
      if (error instanceof LinkFailure || DISK_CODES.has(codeOf(error))) throw error;
      if (timeout.aborted) throw new LinkFailure('timed_out', `no whole file within ${FETCH_TIMEOUT_MS / 1_000} s`);
      throw new LinkFailure(isRefusal(error) ? 'refused' : 'unreachable', describe(error));
    }
  }

  private async open(link: string, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    let address = link;
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
      if (!this.guard.mayReach(address)) throw new LinkFailure('refused', 'an address that must not be asked');
      const answer = await request(address, {
        dispatcher: this.guard.agent,
        // As it is: a packed answer would be judged, and sent on, as something else.
        headers: { accept: '*/*', 'accept-encoding': 'identity', 'user-agent': 'Parley' },
        signal,
      });
      if (answer.statusCode === 200) return answer;
      drop(answer.body);
      const location = headerOf(answer.headers['location']);
      if (!REDIRECTS.has(answer.statusCode) || location === null) throw failureOf(answer.statusCode);
      if (!URL.canParse(location, address)) throw new LinkFailure('unreachable', 'a redirect to no address');
      address = new URL(location, address).href;
    }
    throw new LinkFailure('unreachable', `more than ${MAX_REDIRECTS} redirects`);
  }
}

async function received(
  body: Dispatcher.ResponseData['body'],
  path: string,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Downloaded> {
  const hash = createHash('sha256');
  let size = 0;
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      if (size > maxBytes) return done(tooLarge(maxBytes));
      hash.update(chunk);
      done(null, chunk);
    },
  });
  await pipeline(body, meter, createWriteStream(path), { signal });
  return { size, sha256: hash.digest('hex') };
}

const drop = (body: Dispatcher.ResponseData['body']): void => void body.on('error', () => undefined).destroy();

function failureOf(status: number): LinkFailure {
  const isMissing = status === 404 || status === 410;
  return new LinkFailure(isMissing ? 'not_found' : 'unreachable', `the other server answered ${status}`);
}

const tooLarge = (maxBytes: number) => new LinkFailure('too_large', `larger than ${maxBytes} bytes`);

/** Of several of a kind none is believed. */
const headerOf = (value: string | string[] | undefined): string | null => (typeof value === 'string' ? value : null);

const isRefusal = (error: unknown): boolean =>
  error instanceof EgressRefusedError || (error instanceof Error && error.cause instanceof EgressRefusedError);

function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : '';
}

/** Without the address: its query may open the file. */
const describe = (error: unknown): string => codeOf(error) || (error instanceof Error ? error.name : 'no answer');
