import { Injectable } from '@nestjs/common';
import { ResumableUpload } from '../../channels/resumable-upload.js';
import type { AuthenticatedAgent } from '../../common/access/authenticated-agent.js';
import { SendableFiles } from '../../media/sendable-files.js';
import { TemplateInvalidError, TemplateRefusedError, TemplateUnsureError } from '../templates.errors.js';
import { refusalOf } from './template-refusal.js';

/** What Meta takes for a sample (resumable upload API). */
const TYPES: ReadonlySet<string> = new Set(['image/jpeg', 'image/png', 'video/mp4', 'application/pdf']);

/** A file that was uploaded here: what it is for, and where the request names it. */
interface Sample {
  fileId: string;
  kind: 'image' | 'video' | 'document';
  path: string;
}

/** Gives Meta the sample of a header; the handle stands in the template. */
@Injectable()
export class TemplateSamples {
  constructor(
    private readonly uploads: ResumableUpload,
    private readonly files: SendableFiles,
  ) {}

  /** @throws NotFoundError media.not_found, TemplateInvalidError, TemplateRefusedError, TemplateUnsureError */
  async upload(agent: AuthenticatedAgent, token: string, { fileId, kind, path }: Sample): Promise<string> {
    const file = await this.files.sample(agent, fileId, [kind]);
    if (!TYPES.has(file.mimeType)) {
      file.bytes.destroy();
      throw new TemplateInvalidError([{ path, message: 'must be a JPEG, PNG, MP4 or PDF' }]);
    }
    const given = await this.uploads.upload(token, file);
    // A sample that was not taken changes nothing: it may be asked for again.
    if (given.kind === 'refused') throw refusalOf(given);
    if (given.kind === 'unreachable') throw new TemplateUnsureError(given.detail);
    if (given.kind === 'uploaded') return given.handle;
    throw new TemplateRefusedError({
      reason: 'sample',
      metaCode: 0,
      metaSubcode: null,
      metaMessage: 'The answer to the upload cannot be read.',
    });
  }
}
