import { Inject, Injectable } from '@nestjs/common';
import { FILE_LIMITS, type FileKind, type UploadedFile, type UploadQuery } from '@parley/contract';
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { AuthenticatedAgent } from '../common/access/authenticated-agent.js';
import { DomainError } from '../common/domain.error.js';
import { newId } from '../common/ids.js';
import { Database } from '../database/database.js';
import { fileFacts } from './files/file-facts.js';
import { MediaFilesRepository } from './media-files.repository.js';
import type { Downloaded } from './media-source.js';
import { MEDIA_STORE, type MediaStore } from './store/media-store.js';
import { assertSendable, fileTooLarge } from './upload-rules.js';

/** Nobody uploads for longer than this. */
const UPLOAD_TIMEOUT_MS = 10 * 60_000;

/** Takes files that agents are about to send. What Meta would refuse is refused here, before it is kept. */
@Injectable()
export class UploadsService {
  constructor(
    private readonly database: Database,
    private readonly files: MediaFilesRepository,
    @Inject(MEDIA_STORE) private readonly store: MediaStore,
  ) {}

  /** @throws DomainError media.too_large, media.unsupported, request.invalid when the body ended early */
  async take(
    agent: AuthenticatedAgent,
    query: UploadQuery,
    body: Readable,
    announcedBytes: number,
  ): Promise<UploadedFile> {
    const { kind, waveform } = query;
    const fileName = query.fileName ?? null;
    if (announcedBytes > FILE_LIMITS[kind].maxBytes) {
      body.resume();
      throw fileTooLarge(kind);
    }
    const id = newId();
    const path = join(await this.store.incomingFolder(), id);
    try {
      const received = await receive(kind, body, path);
      const facts = await fileFacts(path, null, fileName);
      assertSendable(kind, received.size, facts);
      await this.store.put(id, { path, ...received, mimeType: facts.mimeType });
      const loudness = waveform?.split(',').map((value) => Math.min(100, Number(value))) ?? null;
      await this.files.insertUpload(this.database.pool, {
        id,
        kind,
        uploadedById: agent.id,
        fileName,
        facts: { ...received, ...facts },
        waveform: kind === 'voice' ? loudness : null,
      });
      const { mimeType, width, height, durationMs } = facts;
      return { id, kind, fileName, mimeType, size: received.size, width, height, durationMs };
    } finally {
      await rm(path, { force: true });
    }
  }
}

async function receive(kind: FileKind, body: Readable, path: string): Promise<Downloaded> {
  const hash = createHash('sha256');
  let size = 0;
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      if (size > FILE_LIMITS[kind].maxBytes) return done(fileTooLarge(kind));
      hash.update(chunk);
      done(null, chunk);
    },
  });
  try {
    await pipeline(body, meter, createWriteStream(path), { signal: AbortSignal.timeout(UPLOAD_TIMEOUT_MS) });
  } catch (error) {
    if (error instanceof DomainError) throw error;
    if (['ENOSPC', 'EACCES', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    throw new DomainError('request.invalid', 400, 'The file did not arrive whole.');
  }
  return { size, sha256: hash.digest('hex') };
}
