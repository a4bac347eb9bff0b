import { Injectable } from '@nestjs/common';
import type { FileFailure } from '@parley/contract';
import { FILE_LIMITS } from '@parley/contract';
import { FetchFailure } from './fetch-failure.js';
import { fileFacts } from './files/file-facts.js';
import { LinkFailure } from './links/link-failure.js';
import { LinkSource } from './links/link-source.js';
import type { StoredFacts } from './media-files.repository.js';

const { maxBytes: MAX_BYTES } = FILE_LIMITS.image;
const PICTURES: ReadonlySet<string> = new Set(['image/jpeg', 'image/png', 'image/webp']);
const FAILURES: Readonly<Record<LinkFailure['reason'], [FileFailure, isFinal: boolean]>> = {
  refused: ['wrong_host', true],
  not_found: ['gone', true],
  too_large: ['too_large', true],
  timed_out: ['unreachable', false],
  unreachable: ['unreachable', false],
};

/** Pictures of advertisements. Whoever pays for one writes its address, so it is asked as any stranger's is. */
@Injectable()
export class AdPictures {
  constructor(private readonly source: LinkSource) {}

  /**
   * Writes the bytes to `path`; they are a picture by their own content, of at most 5 MB.
   * @throws FetchFailure
   */
  async download(url: string, path: string, signal: AbortSignal): Promise<StoredFacts> {
    try {
      const { size, sha256 } = await this.source.download(url, path, MAX_BYTES, signal);
      const facts = await fileFacts(path, null, null);
      if (!PICTURES.has(facts.mimeType)) throw new FetchFailure('hash', `no picture: ${facts.mimeType}`, true);
      return { ...facts, size, sha256 };
    } catch (error) {
      if (!(error instanceof LinkFailure)) throw error;
      const [failure, isFinal] = FAILURES[error.reason];
      throw new FetchFailure(failure, error.message, isFinal);
    }
  }
}
