import { AwsV4Signer } from 'aws4fetch';
import { createReadStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { Agent, request, type Dispatcher } from 'undici';
import type { ByteRange, IncomingFile, MediaStore } from './media-store.js';

export interface S3Settings {
  endpoint: string;
  region: string;
  bucket: string;
  accessKeyId: string;
  secretAccessKey: string;
  /** The bucket in the path (MinIO and most others), or in the host name. */
  pathStyle: boolean;
  /** Before every key, e.g. `parley/`. */
  prefix: string;
}

const EMPTY_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const CONNECT_TIMEOUT_MS = 5_000;
const ANSWER_TIMEOUT_MS = 30_000;

/** Files in a bucket of anything that speaks S3. Requests are signed (Signature Version 4), the payload's hash included. */
export class S3Store implements MediaStore {
  private readonly agent = new Agent({ connect: { timeout: CONNECT_TIMEOUT_MS } });

  constructor(
    private readonly settings: S3Settings,
    private readonly localFolder: string,
  ) {}

  async incomingFolder(): Promise<string> {
    const folder = join(this.localFolder, 'incoming');
    await mkdir(folder, { recursive: true });
    return folder;
  }

  async put(id: string, { path, size, sha256, mimeType }: IncomingFile): Promise<void> {
    const headers = { 'content-type': mimeType, 'content-length': String(size) };
    const answer = await this.call('PUT', id, headers, sha256, createReadStream(path));
    await answer.body.dump();
    if (answer.statusCode !== 200) throw new Error(`S3 answered ${answer.statusCode} to a write`);
  }

  async read(id: string, range: ByteRange | null): Promise<Readable | null> {
    const headers: Record<string, string> = range ? { range: `bytes=${range.first}-${range.last}` } : {};
    const answer = await this.call('GET', id, headers, EMPTY_SHA256);
    if (answer.statusCode === (range ? 206 : 200)) return answer.body;
    await answer.body.dump();
    if (answer.statusCode === 404) return null;
    throw new Error(`S3 answered ${answer.statusCode} to a read`);
  }

  async remove(id: string): Promise<void> {
    const answer = await this.call('DELETE', id, {}, EMPTY_SHA256);
    await answer.body.dump();
    if (![200, 204, 404].includes(answer.statusCode)) throw new Error(`S3 answered ${answer.statusCode} to a deletion`);
  }

  close(): Promise<void> {
    return this.agent.destroy();
  }

  private async call(
    method: 'GET' | 'PUT' | 'DELETE',
    id: string,
    headers: Record<string, string>,
    sha256: string,
    body?: Readable,
  ): Promise<Dispatcher.ResponseData> {
    const { accessKeyId, secretAccessKey, region } = this.settings;
    const { 'content-length': contentLength, ...signedHeaders } = headers;
    const signer = new AwsV4Signer({
      method,
      url: this.urlOf(id),
      headers: { ...signedHeaders, 'x-amz-content-sha256': sha256 },
      accessKeyId,
      secretAccessKey,
      region,
      service: 's3',
    });
    const signed = await signer.sign();
    const { host: _host, ...sent } = Object.fromEntries(signed.headers);
    return request(signed.url, {
      method,
      dispatcher: this.agent,
      headers: { ...sent, ...(contentLength !== undefined && { 'content-length': contentLength }) },
      headersTimeout: ANSWER_TIMEOUT_MS,
      bodyTimeout: ANSWER_TIMEOUT_MS,
      ...(body && { body }),
    });
  }

  private urlOf(id: string): string {
    const { endpoint, bucket, pathStyle, prefix } = this.settings;
    const url = new URL(endpoint);
    if (!pathStyle) url.hostname = `${bucket}.${url.hostname}`;
    const base = url.pathname.replace(/\/+$/, '');
    url.pathname = `${base}${pathStyle ? `/${bucket}` : ''}/${prefix}${id}`;
    return url.href;
  }
}
