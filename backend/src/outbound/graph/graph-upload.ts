import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { request, type Dispatcher } from 'undici';
import type { CallResult } from './graph-call.js';

export interface GraphUpload {
  url: string;
  token: string;
  mimeType: string;
  fileName: string;
  size: number;
  bytes: Readable;
}

const SILENCE_MS = 20_000;
/** 100 MB over a slow line. */
const UPLOAD_TIMEOUT_MS = 5 * 60_000;

/**
 * `POST /{phone}/media` as a stream (Meta: media, upload): the file part names its MIME type. An upload has no effect
 * that anybody sees, so whatever goes wrong with it may be tried again.
 */
export async function uploadToGraph(dispatcher: Dispatcher, upload: GraphUpload): Promise<CallResult> {
  const boundary = `parley-${randomBytes(12).toString('hex')}`;
  const field = (name: string, value: string) =>
    `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const head = Buffer.from(
    `${field('messaging_product', 'whatsapp')}${field('type', upload.mimeType)}--${boundary}\r\n` +
      `content-disposition: form-data; name="file"; filename="${quotable(upload.fileName)}"\r\n` +
      `content-type: ${upload.mimeType}\r\n\r\n`,
  );
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  try {
    const answer = await request(upload.url, {
      dispatcher,
      method: 'POST',
      headers: {
        authorization: `Bearer ${upload.token}`,
        accept: 'application/json',
        'content-type': `multipart/form-data; boundary=${boundary}`,
        'content-length': String(head.length + upload.size + tail.length),
      },
      body: Readable.from(parts(head, upload.bytes, tail), { objectMode: false }),
      headersTimeout: SILENCE_MS,
      bodyTimeout: SILENCE_MS,
      signal: AbortSignal.timeout(UPLOAD_TIMEOUT_MS),
    });
    return { kind: 'answered', httpStatus: answer.statusCode, body: await answer.body.text() };
  } catch (error) {
    return { kind: 'not_connected', detail: `the file could not be uploaded: ${String(error)}` };
  } finally {
    upload.bytes.destroy();
  }
}

async function* parts(head: Buffer, bytes: Readable, tail: Buffer): AsyncGenerator<Buffer> {
  yield head;
  for await (const chunk of bytes) yield chunk as Buffer;
  yield tail;
}

const quotable = (name: string): string => name.replaceAll(/[\r\n]/g, ' ').replaceAll('"', '%22');
