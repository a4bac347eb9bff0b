import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { z } from '@parley/contract';
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Agent, request, type Dispatcher } from 'undici';
import { ChannelsService } from '../channels/channels.service.js';
import { GraphReader, type GraphReading } from '../channels/graph-reader.js';
import { metaError } from '../channels/meta-errors.js';
import { NotFoundError } from '../common/domain.error.js';
import { ENVIRONMENT, type Environment } from '../config/environment.js';
import { FetchFailure } from './fetch-failure.js';
import { MediaHosts } from './media-hosts.js';

/** Meta: customers' files have at most 100 MB (131052 otherwise). */
export const MAX_INBOUND_BYTES = 100 * 1_024 * 1_024;
const CONNECT_TIMEOUT_MS = 4_000;
/** Without a single byte for this long a download is given up. */
const SILENCE_MS = 15_000;
/** "Unsupported get request": the object does not exist any more (Graph API, handling errors). */
const INVALID_PARAMETER = 100;

const resolvedSchema = z.object({
  url: z.string(),
  sha256: z.string().optional().catch(undefined),
  file_size: z.coerce.number().optional().catch(undefined),
});

/** What to fetch, and what its webhook said of it. */
export interface WantedFile {
  channelId: string;
  graphId: string;
  announcedSha256: string | null;
}

export interface Downloaded {
  size: number;
  /** In hex. */
  sha256: string;
}

/** Meta's files: the id is resolved to an address that lives five minutes, the bytes come from another host. */
@Injectable()
export class MediaSource implements OnApplicationShutdown {
  private readonly agent = new Agent({ connect: { timeout: CONNECT_TIMEOUT_MS } });
  private readonly hosts: MediaHosts;

  constructor(
    private readonly channels: ChannelsService,
    private readonly graph: GraphReader,
    @Inject(ENVIRONMENT) { whatsapp }: Environment,
  ) {
    this.hosts = new MediaHosts(whatsapp.mediaHosts, whatsapp.graphUrl);
  }

  /**
   * Writes the bytes to `path`; they are those that Meta announced, or it throws.
   * @throws FetchFailure
   */
  async download(file: WantedFile, path: string, signal: AbortSignal): Promise<Downloaded> {
    const { token, appSecret, phoneNumberId } = await this.credentials(file.channelId);
    const query = { phone_number_id: phoneNumberId };
    const reading = await this.graph.get(encodeURIComponent(file.graphId), { token, appSecret, query });
    const { url, sha256, file_size: size } = resolvedOf(reading);
    if (size !== undefined && size > MAX_INBOUND_BYTES) throw tooLarge();
    const address = this.hosts.allowed(url);
    // The address itself may not be told: its query opens the file.
    if (!address) throw new FetchFailure('wrong_host', `Meta named a host that is not allowed: ${hostOf(url)}`, true);
    const downloaded = await this.bytes(address, token, path, signal);
    const announced = [sha256, file.announcedSha256].flatMap((hash) => hexOf(hash) ?? []);
    if (announced.length > 0 && !announced.includes(downloaded.sha256)) {
      throw new FetchFailure('hash', 'the bytes are not those that were announced');
    }
    return downloaded;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.agent.destroy();
  }

  private async credentials(channelId: string) {
    try {
      const { accessToken, appSecret, phoneNumberId } = await this.channels.credentials(channelId);
      if (accessToken !== null) return { token: accessToken, appSecret, phoneNumberId };
    } catch (error) {
      if (error instanceof NotFoundError) throw new FetchFailure('token', 'the number is no longer connected', true);
      throw new FetchFailure('token', `the access token could not be read: ${String(error)}`);
    }
    throw new FetchFailure('token', 'this number has no access token');
  }

  private async bytes(url: URL, token: string, path: string, signal: AbortSignal): Promise<Downloaded> {
    let answer: Dispatcher.ResponseData;
    try {
      // undici follows no redirect: the token goes to this host alone.
      answer = await request(url, {
        dispatcher: this.agent,
        headers: { authorization: `Bearer ${token}` },
        headersTimeout: SILENCE_MS,
        bodyTimeout: SILENCE_MS,
        signal,
      });
    } catch (error) {
      throw new FetchFailure('unreachable', describe(error));
    }
    const { statusCode, headers, body } = answer;
    const isTooLarge = Number(headers['content-length'] ?? 0) > MAX_INBOUND_BYTES;
    if (statusCode !== 200 || isTooLarge) {
      body.on('error', () => undefined).destroy();
      throw isTooLarge ? tooLarge() : failureOf(statusCode);
    }
    const hash = createHash('sha256');
    let size = 0;
    const meter = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        size += chunk.length;
        if (size > MAX_INBOUND_BYTES) return done(tooLarge());
        hash.update(chunk);
        done(null, chunk);
      },
    });
    try {
      await pipeline(body, meter, createWriteStream(path));
    } catch (error) {
      if (error instanceof FetchFailure) throw error;
      const isOurs = ['ENOSPC', 'EACCES', 'EROFS', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '');
      throw new FetchFailure(isOurs ? 'store' : 'unreachable', describe(error));
    }
    return { size, sha256: hash.digest('hex') };
  }
}

function resolvedOf(reading: GraphReading): z.infer<typeof resolvedSchema> {
  if (reading.kind === 'unreachable') throw new FetchFailure('unreachable', reading.detail);
  if (reading.kind === 'refused') {
    const { code, message } = reading;
    if (code === INVALID_PARAMETER) throw new FetchFailure('gone', `Meta: ${message}`, true);
    const failure = metaError(code).class === 'stop_number' ? 'token' : 'unreachable';
    throw new FetchFailure(failure, `Meta's code ${code}: ${message}`);
  }
  const resolved = resolvedSchema.safeParse(reading.body);
  if (!resolved.success) throw new FetchFailure('unreachable', 'Meta named no address');
  return resolved.data;
}

function failureOf(status: number): FetchFailure {
  if (status >= 300 && status <= 399)
    return new FetchFailure('wrong_host', `HTTP ${status}: redirects are not followed`);
  if (status === 401 || status === 403) return new FetchFailure('token', `HTTP ${status} for the bytes`);
  // 404 is an address that has run out: the next try asks for a new one.
  return new FetchFailure('unreachable', `HTTP ${status} for the bytes`);
}

const tooLarge = () => new FetchFailure('too_large', `larger than ${MAX_INBOUND_BYTES} bytes`, true);

const hostOf = (address: string): string => (URL.canParse(address) ? new URL(address).host : 'no address at all');

/** Base64 in message webhooks, hex elsewhere; anything else says nothing. */
export function hexOf(hash: string | null | undefined): string | null {
  if (!hash) return null;
  if (/^[0-9a-f]{64}$/i.test(hash)) return hash.toLowerCase();
  return /^[A-Za-z0-9+/_-]{43}=?$/.test(hash) ? Buffer.from(hash, 'base64').toString('hex') : null;
}

function describe(error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return [code, message].filter((part) => typeof part === 'string' && part !== '').join(': ');
}
